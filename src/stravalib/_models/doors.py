"""Show a class at the public path that users import it from."""

from __future__ import annotations

from inspect import get_annotations
from typing import Any


def behind(door: str, *classes: type[Any]) -> None:
    """Set the module of finished classes, and their annotations to what they mean.

    Pickles then name the public path, and a subclass, or ``typing.get_type_hints``,
    need not look names up in the private room.
    """
    for cls in classes:
        fields = getattr(cls, "__pydantic_fields__", {})
        own = get_annotations(cls)
        cls.__annotations__ = {
            name: fields[name].annotation if name in fields else hint
            for name, hint in own.items()
        }
        cls.__module__ = door
        cls.__name__ = cls.__name__.lstrip("_")
        cls.__qualname__ = cls.__name__

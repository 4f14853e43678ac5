"""The order of fields: records built together have them as they came; dumps do not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from pydantic import BaseModel

from stravalib._models.fields import fields_of

_F = TypeVar("_F", bound=Callable[..., Any])


def in_order(method: _F) -> _F:
    """Let a method of pydantic see the fields in the order of their class."""

    @wraps(method)
    def ordered(self: BaseModel, *args: Any, **kwargs: Any) -> Any:
        put_in_order(self)
        return method(self, *args, **kwargs)

    return cast("_F", ordered)


def put_in_order(entity: BaseModel) -> None:
    """Put the fields of a record, and of those inside it, in their class's order."""
    values = entity.__dict__
    table = fields_of(type(entity))
    for name in table.nested:
        value = values.get(name)
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, BaseModel):
                put_in_order(item)
    if tuple(values) != tuple(table.by_name):
        ordered = {name: values[name] for name in table.by_name if name in values}
        object.__setattr__(entity, "__dict__", ordered)

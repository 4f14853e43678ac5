"""Modules that are imported when they are first used.

`exc` stands on requests, whose import is most of what a script would wait for; with it
put off, ``Client(...)`` costs a fraction of ``import requests``. Use it so::

    if TYPE_CHECKING:
        from stravalib import exc
    else:
        exc = lazy("stravalib.exc")
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class LazyModule:
    """Stands for a module until an attribute of it is asked for."""

    def __init__(self, name: str) -> None:
        self.__dict__["__name__"] = name

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(import_module(self.__dict__["__name__"]), attribute)
        self.__dict__[attribute] = value
        return value

    def __repr__(self) -> str:
        return f"<lazy module {self.__dict__['__name__']!r}>"


def lazy(name: str) -> Any:
    """Return a stand-in for a module."""
    return LazyModule(name)

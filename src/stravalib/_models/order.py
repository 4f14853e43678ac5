"""The order of fields: records built together have them as they came; dumps do not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, TypeVar, cast

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


class _Order(NamedTuple):
    """How the fields of one class stand."""

    names: list[str]
    nested: tuple[str, ...]
    empty: dict[str, None]  # every field


class _Orders(dict[type[Any], _Order | None]):
    """The order of each class; None for what is no record."""

    def __missing__(self, kind: type[Any]) -> _Order | None:
        found = None
        if issubclass(kind, BaseModel):
            table = fields_of(kind)
            names = list(table.by_name)
            found = _Order(names, table.nested, dict.fromkeys(names))
        self[kind] = found
        return found


_orders = _Orders()
_set_dict = BaseModel.__dict__["__dict__"].__set__
_DEEP = 4  # so deep Strava nests records; in deeper ones there may be a circle


def put_in_order(entity: BaseModel) -> None:
    """Put the fields of a record, and of those inside it, in their class's order."""
    level: list[Any] = [entity]
    depth = 0
    seen: set[int] = set()
    while level:
        depth += 1
        if depth > _DEEP:
            new = {id(one): one for one in level if id(one) not in seen}
            seen.update(new)
            level = list(new.values())
        inside: list[Any] = []
        for one in level:
            order = _orders[type(one)]
            if order is None:
                continue
            names, nested, empty = order
            values = one.__dict__
            for name in nested:
                value = values.get(name)
                if value is not None:
                    if type(value) is list:
                        inside += value
                    else:
                        inside.append(value)
            if list(values) != names:
                ordered: dict[str, Any] = empty | values
                if len(ordered) > len(values):  # what drifted has no value
                    ordered = {
                        name: ordered[name] for name in ordered if name in values
                    }
                _set_dict(one, ordered)
        level = inside

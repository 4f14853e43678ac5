"""Make models of decoded JSON: one, or the rows of a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from stravalib._models.base import Entity, bind
from stravalib._models.columns import build_one, build_rows
from stravalib._models.drift import report_row

_E = TypeVar("_E", bound=BaseModel)


def build(entity: type[_E], raw: Any, client: Any = None, *, own: bool = False) -> _E:
    """Make a model of one decoded JSON object.

    With ``own`` nobody else holds the object; the model may take parts of it over.

    Raises
    ------
    pydantic.ValidationError
        Not an object.
    """
    if type(raw) is dict:
        found: _E = build_one(entity, raw, client, own=own)
        return found
    found = entity.model_validate(raw)
    if client is not None:
        bind(found, client)
    return found


def is_entity(kind: object) -> bool:
    """Tell whether a class makes records that know what they were made of."""
    return isinstance(kind, type) and issubclass(kind, Entity)


def build_list(
    entity: type[_E], rows: Iterable[Any], client: Any = None, *, own: bool = False
) -> list[_E]:
    """Make models of the rows of a page; a row that is no object is left out.

    With ``own`` nobody else holds the rows, and the models may take them over.
    """
    records = rows if type(rows) is list else list(rows)
    if not {dict}.issuperset(map(type, records)):
        for position, row in enumerate(records):
            if not isinstance(row, Mapping):
                report_row(entity, position, len(records), row)
        records = [dict(row) for row in records if isinstance(row, Mapping)]
    return build_rows(entity, records, client, own=own)

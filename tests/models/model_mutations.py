"""Every way in which one field of a record can go wrong."""

from __future__ import annotations

import copy
import json
import warnings
from typing import TYPE_CHECKING, Any

from stravalib._models.base import Entity
from stravalib._models.build import build_list

if TYPE_CHECKING:
    from collections.abc import Iterator

ABSENT = object()


def mutations(value: Any) -> Iterator[Any]:
    """Yield what may stand where a value stood."""
    yield None
    yield ABSENT
    yield ""
    yield 2**53 + 1
    yield "NeverHeardOf"
    yield {}
    yield []
    yield [None]
    yield {"strange": 1}
    yield True
    yield "12"
    yield float(2**60)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        yield value + 0.5
        yield str(value)
        yield int(value)
        yield float(value)


def mutated(record: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the record with each of its fields, at any depth, in each bad state."""
    for path, value in fields(record, ()):
        for other in mutations(value):
            changed = copy.copy(record)
            at: Any = changed
            for step in path[:-1]:
                at[step] = copy.copy(at[step])
                at = at[step]
            if other is ABSENT:
                del at[path[-1]]
            else:
                at[path[-1]] = other
            yield f"{'.'.join(map(str, path))} = {other!r}", changed


def fields(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield the paths of all fields; of a list, those of its first item."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*path, key), item
            yield from fields(item, (*path, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        yield from fields(value[0], (*path, 0))


def check(kind: type[Entity], record: dict[str, Any]) -> Entity:
    """Read a record and write it back; nothing may be lost, warn or raise."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = kind.model_validate(record)
        assert found.raw == record
        text = found.model_dump_json()
        assert kind.model_validate_json(text) == found
        assert_kept(record, json.loads(text), found)
    return found


def check_page(kind: type[Entity], records: list[dict[str, Any]]) -> None:
    """Read records as pages; each is what it is alone."""
    page = build_list(kind, records)
    taken = build_list(kind, [copy.deepcopy(record) for record in records], own=True)
    for record, built, owning in zip(records, page, taken, strict=True):
        alone = kind.model_validate(record)
        assert built == owning == alone
        assert built.raw == owning.raw == record
        assert types_of(built) == types_of(owning) == types_of(alone)


def types_of(value: Any) -> Any:
    """Return the types of everything that a model holds."""
    if isinstance(value, Entity):
        return {
            "": type(value),
            **{name: types_of(item) for name, item in value.__dict__.items()},
        }
    if isinstance(value, list):
        return [types_of(item) for item in value]
    return type(value)


def assert_kept(record: Any, dump: Any, found: Any) -> None:
    """Every value of the record stands in the dump, but for how times are spelled."""
    if isinstance(record, dict):
        for key, value in record.items():
            if key == "athlete_type" or key.startswith("pr_"):
                continue  # read under another name or as another kind
            name = key.replace("hub.", "hub_")
            assert name in dump or key in dump, key
            assert_kept(value, dump.get(key, dump.get(name)), found)
    elif isinstance(record, list):
        assert isinstance(dump, list)
        for one, two in zip(record, dump, strict=True):
            assert_kept(one, two, found)
    elif isinstance(dump, str) and record != dump:
        assert ("T" in dump and ":" in dump) or dump.count("-") == 2, (record, dump)
    else:
        assert record == dump

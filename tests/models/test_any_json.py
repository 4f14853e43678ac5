"""Whatever JSON object arrives, it becomes a model, and nothing of it is lost."""

from __future__ import annotations

import json
import warnings
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, create_model

from stravalib import model, strava_model
from stravalib._models.base import Entity
from stravalib._models.build import build, build_list
from stravalib._models.fields import fields_of


def every_model() -> list[type[Entity]]:
    found = {}
    for door in (model, strava_model):
        for name in door.__all__:
            item = getattr(door, name)
            if isinstance(item, type) and issubclass(item, Entity):
                found[f"{item.__module__}.{item.__name__}"] = item
    return [found[name] for name in sorted(found)]


MODELS = every_model()
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(
        [
            "2026-05-01T07:30:00Z",
            "2026-05-01T07:30:00+05:30",
            "2026-05-01",
            "12",
            "1.5",
            "true",
            "Run",
            "PT5S",
            "(GMT+05:30) Asia/Kolkata",
            "runner",
            2**53 + 1,
            [],
            {},
            [1.5, 2.5],
            "",
        ]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def records(draw: st.DrawFn) -> tuple[type[Entity], dict[str, Any]]:
    kind = draw(st.sampled_from(MODELS))
    table = fields_of(kind)
    keys = sorted({*table.by_key, *table.by_name})
    nested = {
        name: fields_of(kind).by_name[name] for name in sorted(fields_of(kind).nested)
    }
    names = st.sampled_from(keys) if keys else st.text(max_size=3)
    unknown = st.text(max_size=6).filter(lambda key: key != "bound_client")
    record = draw(st.dictionaries(names | unknown, json_values, max_size=8))
    for name in nested:
        if draw(st.booleans()):
            record[name] = draw(
                st.just({"id": 7, "name": 5, "strange": [None]})
                | st.just([{"id": "x"}, {"name": "y", "map": 3}])
                | json_values
            )
    return kind, record


def same(left: Any, right: Any) -> bool:
    """Compare as JSON does: 1 is not true, and order of keys is nothing."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(
            same(left[key], right[key]) for key in left
        )
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return (type(left) is type(right) and left == right) or (
        isinstance(left, (int, float))
        and isinstance(right, (int, float))
        and left == right
    )


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(records())
def test_any_object_becomes_a_model(sample: tuple[type[Entity], Any]) -> None:
    kind, record = sample
    before = json.loads(json.dumps(record))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = kind.model_validate(record)
        text = found.model_dump_json()
        again = kind.model_validate_json(text)
        found.model_dump()
        found.model_dump(mode="json", by_alias=True, exclude_unset=True)
        repr(found)
        for name in kind.model_fields:
            getattr(found, name)
    assert record == before, "the input was changed"
    assert same(found.raw, record)
    assert again == found
    assert kind.model_validate_json(json.dumps(record)) == found
    assert kind(**{k: v for k, v in record.items() if k != "self"}).drift.keys() >= (
        found.drift.keys() - {"self"}
    )


@settings(max_examples=100, deadline=None)
@given(st.lists(records(), min_size=1, max_size=6), st.data())
def test_a_page_is_what_its_rows_are(samples: list[Any], data: st.DataObject) -> None:
    kind = samples[0][0]
    rows = [record for _, record in samples] * 3
    page = build_list(kind, rows)
    assert [item.raw for item in page] == [kind.model_validate(row).raw for row in rows]
    assert page == [kind.model_validate(row) for row in rows]
    assert build(kind, rows[0]) == page[0]
    assert build_list(kind, [deepcopy(row) for row in rows], own=True) == page
    assert build(kind, deepcopy(rows[0]), own=True) == page[0]


@settings(max_examples=60, deadline=None)
@given(records())
def test_inside_a_foreign_model(sample: tuple[type[Entity], Any]) -> None:
    kind, record = sample
    holder = create_model("Holder", item=(kind, ...), items=(list[kind], ...))  # type: ignore[valid-type]  # made for the test
    found: BaseModel = holder.model_validate({"item": record, "items": [record]})
    assert found.item == kind.model_validate(record)  # type: ignore[attr-defined]
    again = TypeAdapter(holder).validate_json(found.model_dump_json())
    assert again == found


@pytest.mark.parametrize("kind", MODELS, ids=lambda kind: kind.__name__)
def test_every_model_has_a_schema(kind: type[Entity]) -> None:
    for mode in ("validation", "serialization"):
        schema = kind.model_json_schema(mode=mode)  # type: ignore[arg-type]
        json.dumps(schema)
        text = json.dumps(schema.get("properties", {}))
        assert "exclusiveMaximum" not in text
    assert kind.__doc__
    assert kind.__module__ in ("stravalib.model", "stravalib.strava_model")

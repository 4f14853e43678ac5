"""Records that come together are built together, and are what one alone would be."""

from __future__ import annotations

import json
import sys
from collections import OrderedDict
from typing import Any
from unittest import mock

import pytest
from model_samples import summary_activity

from stravalib import Client, model
from stravalib._models.build import build_list
from stravalib.protocol import ApiV3
from stravalib.strava_model import PolylineMap


def activity(number: int, **values: Any) -> dict[str, Any]:
    return {
        "resource_state": 2,
        "athlete": {"id": 7, "resource_state": 1},
        "name": f"Runde {number}",
        "distance": 1000.5 + number,
        "id": number,
        "sport_type": "Run",
        "start_date": "2026-05-01T06:00:00Z",
        "timezone": "(GMT+01:00) Europe/Vienna",
        "map": {"id": f"a{number}", "summary_polyline": "abc", "resource_state": 2},
        "device_name": json.loads('"Uhr 1"'),
        "visibility": json.loads('"everyone"'),
        "start_latlng": [47.1, 11.2],
        **values,
    }


def page(count: int = 6, **values: Any) -> list[dict[str, Any]]:
    return [activity(number, **values) for number in range(count)]


def test_a_dump_has_the_order_of_the_class_however_a_record_was_built() -> None:
    built = build_list(model.SummaryActivity, page())
    alone = [model.SummaryActivity.model_validate(row) for row in page()]
    for one, other in zip(built, alone, strict=True):
        assert list(one.model_dump()) == list(type(one).model_fields)
        assert one.model_dump_json() == other.model_dump_json()
        assert [name for name, _ in one] == [name for name, _ in other]
        assert one == other


def test_the_order_of_a_dump_holds_inside_of_records_too() -> None:
    row = {
        "id": 1,
        "laps": [
            {"distance": 5.0, "name": "Lap", "activity": {"resource_state": 1, "id": 3}}
            for _ in range(5)
        ],
    }
    (built,) = build_list(model.DetailedActivity, [row])
    assert built.laps is not None
    lap = built.model_dump()["laps"][0]
    assert list(lap) == list(type(built.laps[0]).model_fields)
    assert list(lap["activity"]) == list(model.MetaActivity.model_fields)


def test_a_dump_has_the_order_of_the_class_where_fields_drifted() -> None:
    rows = page()
    rows[2]["name"] = rows[2]["distance"] = {}
    rows[2]["novelty"] = 1
    built = build_list(model.SummaryActivity, rows)[2]
    alone = model.SummaryActivity.model_validate(rows[2])
    names = [name for name in model.SummaryActivity.model_fields if name in vars(alone)]
    for _ in range(2):
        assert list(built.model_dump()) == list(alone.model_dump())
        assert list(vars(built)) == names
    assert built == alone
    assert built.raw == rows[2]


def test_a_circle_is_dumped() -> None:
    activity = model.DetailedActivity.model_validate(
        {"id": 1, "laps": [{"id": number} for number in range(30)]}
    )
    assert activity.laps is not None
    for lap in activity.laps:
        lap.activity = activity
    # As pydantic does: the part is dumped as the field's class, which has no laps.
    assert activity.model_dump()["laps"][29]["activity"]["id"] == 1
    assert json.loads(activity.model_dump_json())["laps"][29]["activity"]["id"] == 1


def test_what_a_user_put_into_a_field_is_dumped(recwarn: Any) -> None:
    activity = model.DetailedActivity.model_validate({"id": 1, "laps": [{"id": 2}]})
    for odd in ("text", 5, (1, 2), [5, None, "x"], {"a": 1}):
        activity.laps = odd  # type: ignore[assignment]
        activity.athlete = odd  # type: ignore[assignment]
        assert activity.model_dump(warnings=False)["laps"] == odd


@pytest.mark.parametrize("count", [6, 60])
def test_rows_are_not_changed_and_not_shared(count: int) -> None:
    rows = page(count)
    before = json.dumps(rows)
    built = build_list(model.SummaryActivity, rows)
    assert built[0].athlete is not None
    assert built[0].start_latlng is not None
    built[0].name = "Anders"
    built[0].athlete.id = 8
    built[0].start_latlng.root.append(0.0)  # type: ignore[attr-defined]
    assert json.dumps(rows) == before
    assert built[1].athlete is not None
    assert built[1].athlete.id == 7


def _damage(record: dict[str, Any], where: str) -> None:
    inner = record["laps"][1] if where == "lap" else record
    inner["athlete"] = 5


@pytest.mark.parametrize("where", ["lap", "activity"])
def test_records_that_are_nobody_elses_are_taken_over(where: str) -> None:
    lap = {"id": 3, "name": "Lap", "distance": 5.0, "activity": {"id": 1}}
    rows = [activity(n, laps=[dict(lap), dict(lap)]) for n in range(6)]
    _damage(rows[4], where)  # found only after the others' laps were looked at
    before = json.dumps(rows)
    copied = build_list(model.DetailedActivity, rows)
    assert json.dumps(rows) == before
    taken = build_list(model.DetailedActivity, rows, own=True)
    assert taken == copied
    assert [one.raw for one in taken] == json.loads(before)


def test_nothing_is_copied_that_is_nobody_elses() -> None:
    rows = [summary_activity(number) for number in range(6)]
    taken = build_list(model.SummaryActivity, rows, own=True)
    assert vars(taken[5]) is rows[5]
    assert taken[5].raw == summary_activity(5)


@pytest.mark.parametrize("fields", [21, 42, 58])
def test_what_repeats_in_a_long_page_is_one_object(fields: int) -> None:
    def texts_of_its_own(row: dict[str, Any]) -> dict[str, Any]:
        part = dict(list(row.items())[:fields])
        part["athlete"]["id"] = int("7001")
        # As the decoder makes them where two keys belong in one place of its table.
        return {
            "".join(list(key)) if key in ("name", "map") else key: value
            for key, value in part.items()
        }

    rows = [texts_of_its_own(summary_activity(n)) for n in range(60)]
    sent = json.loads(json.dumps(rows))
    assert len({id(key) for row in rows for key in row}) > fields + 50
    one, *others = build_list(model.SummaryActivity, rows, own=True)
    assert [row.raw for row in (one, *others)] == sent
    kept = {id(key) for activity in others for key in vars(activity)}
    assert len(kept) <= len(model.SummaryActivity.model_fields) + 1
    assert one.athlete is not None
    if sys.version_info < (3, 13):  # since then each has a dictionary all the same
        assert all(other.athlete.id is one.athlete.id for other in others)


def test_what_a_double_answers_stays_as_it_was() -> None:
    rows = [summary_activity(number) for number in range(6)]
    before = json.dumps(rows)
    client = Client("T")
    with mock.patch.object(client.protocol, "get", return_value=rows):
        for _ in range(2):
            assert len(list(client.get_activities(limit=6))) == 6
    with mock.patch.object(type(client.protocol), "_request", return_value=rows):
        assert len(list(client.get_activities(limit=6))) == 6
    results = client.get_activities(limit=6)
    results.result_fetcher = lambda page, per_page: rows
    assert [one.raw for one in results] == [one.raw for one in results] == rows
    client.protocol = mock.Mock(**{"get.return_value": rows})
    assert len(list(client.get_activities(limit=6))) == 6
    assert json.dumps(rows) == before


def test_what_a_double_of_a_write_answers_stays_as_it_was() -> None:
    laps = [{"id": n, "name": f"Lap {n}", "distance": 5.0} for n in range(5)]
    answer = {"id": 1, "laps": laps}
    before = json.dumps(answer)

    class Mine(ApiV3):
        def put(self, *args: Any, **keywords: Any) -> Any:
            return answer

    client = Client("T")
    with mock.patch.object(client.protocol, "put", return_value=answer):
        assert client.update_activity(1, name="x").raw == answer
    client.protocol = Mine("T")
    assert client.update_activity(1, name="x").raw == answer
    assert json.dumps(answer) == before


def test_small_records_in_any_order_beside_an_odd_one() -> None:
    total = {"count": 5, "distance": 2.5, "moving_time": 60}
    turned = dict(reversed(total.items()))
    rows = [total, total, turned, total, {**total, "count": "odd"}]
    rows = [dict(row) for row in rows]
    for own in (False, True):
        built = build_list(model.ActivityTotals, [dict(row) for row in rows], own=own)
        assert [one.raw for one in built] == rows
        assert (built[2].count, built[2].moving_time) == (5, 60)


def test_labels_that_repeat_are_one_object() -> None:
    one, two, *_ = build_list(model.SummaryActivity, page(60))
    assert one.device_name is two.device_name
    assert one.visibility is two.visibility


@pytest.mark.parametrize("value", [7, 1.5, True, ["a"], {"a": 1}])
def test_what_is_no_label_is_told_as_drift(value: Any) -> None:
    rows = page()
    rows[3]["device_name"] = value
    built = build_list(model.SummaryActivity, rows)
    assert built[3].device_name is None
    assert built[3].drift == {"device_name": value}
    assert built[3].raw == rows[3]
    assert [one.device_name for one in built].count("Uhr 1") == 5


def test_small_records_share_the_names_of_their_fields() -> None:
    rows = [{"id": number, "resource_state": 1} for number in range(50)]
    athletes = build_list(model.MetaAthlete, rows)
    # A dictionary of its own takes 184 bytes for so few.
    most = 120 if sys.version_info < (3, 13) else 185
    assert sys.getsizeof(athletes[-1].__dict__) < most
    assert athletes == [model.MetaAthlete.model_validate(row) for row in rows]
    assert [athlete.raw for athlete in athletes] == rows


def test_small_records_of_several_shapes() -> None:
    rows = [
        {"id": "a1", "summary_polyline": "x"},
        {"summary_polyline": "y", "id": "a2"},
        {"id": "a3", "polyline": "z"},
        {"id": "a4", "summary_polyline": 5},
        {"id": "a5", "novelty": True},
        {"id": "a6"},
    ]
    built = build_list(PolylineMap, rows)
    assert [one.raw for one in built] == rows
    assert [one.id for one in built] == ["a1", "a2", "a3", "a4", "a5", "a6"]
    assert built[3].drift == {"summary_polyline": 5}
    assert built[4].model_extra == {"novelty": True}


@pytest.mark.parametrize(
    "position", [[], None, "47.1,11.2", "ab", [1, 2], [1.0], [1.0, 2.0, 3.0], {"a": 1}]
)
def test_odd_positions_cost_nobody_else_theirs(position: Any) -> None:
    rows = page()
    rows[2]["start_latlng"] = position
    built = build_list(model.SummaryActivity, rows)
    assert built[2] == model.SummaryActivity.model_validate(rows[2])
    assert built[2].raw == rows[2]
    assert all(
        one.start_latlng is not None and one.start_latlng.root == [47.1, 11.2]
        for one in built[:2] + built[3:]
    )


def test_rows_may_be_mappings_of_another_kind() -> None:
    rows = [OrderedDict(row) for row in page()]
    assert build_list(model.SummaryActivity, rows) == build_list(
        model.SummaryActivity, page()
    )

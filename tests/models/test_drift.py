"""What was not meant: which attribute it makes, where it is listed, what is dumped."""

from __future__ import annotations

import datetime as dt
import json
import logging
import warnings
from typing import Any

import pytest
from model_mutations import check, check_page, mutated
from model_samples import SAMPLES, summary_activity
from pydantic import TypeAdapter, ValidationError

from stravalib import model, strava_model
from stravalib._models import drift
from stravalib._models.build import build, build_list

KINDS = pytest.mark.parametrize("name", sorted(SAMPLES))


def kind(name: str) -> Any:
    return getattr(model, name, None) or getattr(strava_model, name)


@KINDS
def test_samples_are_read_without_drift(name: str) -> None:
    for record in SAMPLES[name]:
        found = check(kind(name), record)
        assert found.drift == {}
        assert not found.model_extra, "a field of the samples is not declared"


@KINDS
def test_every_mutation_of_a_field(name: str) -> None:
    for record in SAMPLES[name]:
        if name == "DetailedActivity":  # short lists: it is read a thousand times
            record = {**record, "segment_efforts": record["segment_efforts"][:1]}
            record["splits_metric"] = record["splits_metric"][:1]
            record["laps"] = record["splits_standard"] = []
        changed = []
        for what, other in mutated(record):
            try:
                check(kind(name), other)
            except Exception as error:
                raise AssertionError(f"{name}: {what}") from error
            changed.append(other)
        check_page(kind(name), changed[::7] + [record] * 5)


@pytest.mark.parametrize(
    ("field", "sent", "value", "drifts"),
    [
        ("id", 474287.0, 474287, False),
        ("id", 155.5, 155.5, False),
        ("id", 10**30, 10**30, False),
        ("id", 2**53 + 1, 2**53 + 1, False),
        ("id", "123", 123, True),
        ("id", "12x", None, True),
        ("id", True, 1, True),
        ("id", [], None, True),
        ("id", {}, None, True),
        ("distance", 5, 5.0, False),
        ("distance", 2**53 + 1, 2**53 + 1, False),
        ("distance", 2**54, float(2**54), False),
        ("distance", "5.5", 5.5, True),
        ("distance", "far", None, True),
        ("average_watts", 7, 7.0, False),
        ("moving_time", 55.0, 55, False),
        ("moving_time", 55.5, 55.5, False),
        ("moving_time", "55", 55, True),
        ("name", 5, None, True),
        ("name", "", "", False),
        ("commute", 1, True, True),
        ("commute", "yes", True, True),
        ("commute", "perhaps", None, True),
        ("commute", [], None, True),
        ("start_latlng", [], None, False),
        ("start_latlng", [1.5], None, True),
        ("start_latlng", "1.5, 2.5", [1.5, 2.5], True),
        ("start_latlng", {"lat": 1}, None, True),
        ("athlete", [], None, True),
        ("athlete", "me", None, True),
        ("map", None, None, False),
        ("sport_type", "Foo", "Foo", False),
        ("sport_type", 3, None, True),
        ("timezone", "", "", False),
        ("timezone", 5, None, True),
        ("start_date", "", None, True),
        ("start_date", "soon", None, True),
        ("start_date", "2026-13-01T00:00:00Z", None, True),
        ("start_date", 0, dt.datetime(1970, 1, 1, tzinfo=dt.UTC), True),
        ("start_date", "2026-05-01", dt.datetime(2026, 5, 1), False),
    ],
)
def test_one_field(field: str, sent: Any, value: Any, drifts: bool) -> None:
    record = {"id": 1, field: sent}
    for found in (
        model.SummaryActivity.model_validate(record),
        model.SummaryActivity.model_validate_json(json.dumps(record)),
        model.SummaryActivity(**record),
        TypeAdapter(model.SummaryActivity).validate_python(record),
        build(model.SummaryActivity, record),
        build_list(model.SummaryActivity, [record] * 5)[4],
    ):
        got = getattr(found, field)
        if isinstance(got, model.LatLon):
            got = got.root
        assert got == value
        assert type(got) is type(value) or isinstance(value, (int, float, str, bool))
        assert (field in found.drift) is drifts
        assert found.raw == record
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            if drifts:
                assert found.drift[field] == sent
                assert found.model_dump()[field] == sent
                assert found.model_dump(mode="json")[field] == sent
                assert json.loads(found.model_dump_json())[field] == sent
                assert found.model_dump(exclude_none=True)[field] == sent
                assert field not in found.model_dump(exclude={field})
                assert found.model_dump(include={field}) == {field: sent}
                assert field not in (found.model_extra or {})


def test_numbers_keep_their_class() -> None:
    found = model.SummaryActivity.model_validate(
        {"distance": 5, "moving_time": 7.0, "average_speed": 3, "timezone": "x"}
    )
    assert type(found.distance) is model.Distance
    assert type(found.moving_time) is model.Duration
    assert type(found.average_speed) is model.Velocity
    assert type(found.timezone) is model.Timezone
    assert type(found.raw["distance"]) is float
    json.dumps(found.raw)


def test_a_bad_item_makes_a_list_drift(caplog: pytest.LogCaptureFixture) -> None:
    drift.reported.clear()
    found = model.DetailedActivity.model_validate({"laps": [{"id": 1}, 5]})
    assert "laps: expected a list of fitting items, received a list" in caplog.text
    assert found.laps is None
    assert found.drift == {"laps": [{"id": 1}, 5]}


def test_an_error_costs_the_field_where_it_is() -> None:
    record = {"id": 1, "athlete": {"id": "x", "resource_state": 2}}
    found = model.SummaryActivity.model_validate(record)
    assert found.drift == {}
    assert found.athlete is not None
    assert found.athlete.drift == {"id": "x"}
    assert found.athlete.resource_state == 2


def test_plain_words_are_kept() -> None:
    found = model.SummaryAthlete.model_validate({"sex": "X"})
    assert found.sex == "X"
    assert found.drift == {}


def test_codes() -> None:
    def read(value: Any) -> Any:
        return model.DetailedAthlete.model_validate({"athlete_type": value})

    assert read(0).athlete_type == "cyclist"
    assert read(1).model_dump(exclude_unset=True) == {"athlete_type": "runner"}
    assert read(1).raw == {"athlete_type": 1}
    assert read("runner").athlete_type == "runner"
    assert read("runner").raw == {"athlete_type": "runner"}
    assert read(2).athlete_type is None
    assert read(2).drift == {"athlete_type": 2}


@pytest.mark.parametrize(
    ("cls", "sent"),
    [
        (model.ClubEvent, {"created_at": ""}),
        (model.ActivityPhoto, {"type": "InstagramPhoto"}),
        (model.DetailedAthlete, {"agreed_to_terms": True}),
        (model.DetailedAthlete, {"agreed_to_terms": False}),
        (model.SummaryActivity, {"start_latlng": [], "end_latlng": []}),
    ],
)
def test_known_oddities_are_silent(
    cls: Any, sent: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Reference sections 9 and 11."""
    drift.reported.clear()
    record = {"id": 1, **sent}
    with caplog.at_level(logging.DEBUG, "stravalib.drift"):
        for found in (
            cls.model_validate(record),
            cls.model_validate_json(json.dumps(record)),
            build(cls, record),
            build_list(cls, [record] * 5)[4],
        ):
            for name in sent:
                assert getattr(found, name) is None
            assert found.drift == {}
            assert found.raw == record
            assert found.model_dump(exclude_unset=True) == record
            assert json.loads(found.model_dump_json(exclude_unset=True)) == record
    assert not caplog.records


@pytest.mark.parametrize(
    ("cls", "sent"),
    [
        (model.ClubEvent, {"created_at": "soon"}),
        (model.ClubEvent, {"created_at": []}),
        (model.ActivityPhoto, {"type": "1x"}),
        (model.ActivityPhoto, {"type": ""}),
        (model.DetailedAthlete, {"agreed_to_terms": 1}),
    ],
)
def test_other_oddities_are_told(cls: Any, sent: dict[str, Any]) -> None:
    assert cls.model_validate(sent).drift == sent


def test_lists_keep_items_in_another_spelling() -> None:
    sent = {"upcoming_occurrences": ["2026-05-03T01:30:00+02:00", "2026-05-04 00:00"]}
    found = model.ClubEvent.model_validate(sent)
    assert found.drift == {}
    assert found.raw == sent
    assert found.upcoming_occurrences is not None
    assert found.upcoming_occurrences[0].isoformat() == "2026-05-03T01:30:00+02:00"
    large = {"distance_buckets": [1.5, 2**53 + 1]}
    zone = model.ActivityZone.model_validate(large)
    assert zone.distance_buckets == [1.5, 2**53 + 1]
    assert zone.raw == large
    assert zone.drift == {}


def test_unknown_fields_are_kept() -> None:
    record = {"id": 1, "brand_new": {"a": [1, None]}, "zones": 3, "raw": 4}
    found = model.SummaryActivity.model_validate(record)
    assert found.model_extra == {"brand_new": {"a": [1, None]}, "zones": 3, "raw": 4}
    assert found.raw == record
    assert json.loads(found.model_dump_json(exclude_unset=True)) == record


def test_strict_raises_as_pydantic_does() -> None:
    strict: list[tuple[Any, Any]] = [
        (model.SummaryActivity, {"id": 155.5}),
        (model.SummaryActivity, {"id": "1"}),
        (model.SummaryActivity, {"name": 5}),
        (model.SummaryActivity, {"athlete": {"id": "1"}}),
        (model.SummaryAthlete, {"sex": "X"}),
        (model.DetailedActivity, {"laps": [5]}),
    ]
    for cls, record in strict:
        with pytest.raises(ValidationError):
            cls.model_validate(record, strict=True)
        with pytest.raises(ValidationError):
            cls.model_validate_json(json.dumps(record), strict=True)
        with pytest.raises(ValidationError):
            TypeAdapter(list[cls]).validate_python([record], strict=True)
    good = model.SummaryActivity.model_validate({"id": 1, "name": "x"}, strict=True)
    assert good.id == 1


@pytest.mark.parametrize("value", [5, "x", [], None, [{"id": 1}]])
def test_only_objects_are_records(value: Any) -> None:
    with pytest.raises(ValidationError):
        model.SummaryActivity.model_validate(value)
    with pytest.raises(ValidationError):
        model.SummaryActivity.model_validate_json(json.dumps(value))


def test_a_bad_row_never_costs_its_page(caplog: pytest.LogCaptureFixture) -> None:
    drift.reported.clear()
    rows = [summary_activity(1), None, "x", summary_activity(2), [], {"id": []}]
    with caplog.at_level(logging.DEBUG, "stravalib.drift"):
        page = build_list(model.SummaryActivity, rows)
    assert [item.name for item in page] == [rows[0]["name"], rows[3]["name"], None]
    loud = [row for row in caplog.records if row.levelno >= logging.WARNING]
    first, second = [row.getMessage() for row in loud]
    assert first.startswith("SummaryActivity: row 2 of 6 is null, not an object; ")
    assert first.endswith("it is left out and kept nowhere")
    assert second.startswith("SummaryActivity.id: expected a whole number")
    assert page[2].drift == {"id": []}


def test_drift_is_logged_once_and_never_its_value(
    caplog: pytest.LogCaptureFixture,
) -> None:
    drift.reported.clear()
    with caplog.at_level(logging.DEBUG, "stravalib.drift"):
        for _ in range(3):
            model.SummaryAthlete.model_validate({"city": {"secret": "S3CRET"}})
        model.SummaryAthlete.model_validate({"state": 5})
    loud = [row for row in caplog.records if row.levelno > logging.DEBUG]
    assert [row.args[:2] for row in loud if isinstance(row.args, tuple)] == [
        ("SummaryAthlete", "city"),
        ("SummaryAthlete", "state"),
    ]
    assert all("S3CRET" not in row.getMessage() for row in loud)


def test_assignment_ends_drift() -> None:
    found = model.SummaryActivity.model_validate(
        {"name": 5, "start_date": "2026-05-01"}
    )
    found.name = "Right"
    found.start_date = None
    assert found.drift == {}
    assert found.model_dump(exclude_unset=True) == {"name": "Right", "start_date": None}
    assert found.raw == {"name": "Right", "start_date": None}
    other = model.SummaryActivity.model_validate({"name": 5})
    assert other.model_copy(update={"name": "New"}).drift == {}
    assert other.drift == {"name": 5}


class Mine(model.SummaryActivity):
    """A user's own class."""

    stars: int = 3
    need: int


def test_a_users_fields_follow_pydantic() -> None:
    found = Mine.model_validate({"name": 5, "need": 1})
    assert (found.name, found.drift, found.stars) == (None, {"name": 5}, 3)
    with pytest.raises(ValidationError):
        Mine.model_validate({"need": "x"})
    with pytest.raises(ValidationError):
        Mine.model_validate({"name": 5})
    rows = build_list(Mine, [{"need": 1, "distance": 2}] * 5)
    assert rows[0].distance == model.Distance(2)
    assert rows[0] == Mine(need=1, distance=model.Distance(2))

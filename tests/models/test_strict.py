"""`strict=True`: what pydantic takes is taken, the rest raises; nothing is lost."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from model_samples import SAMPLES
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from stravalib import model, strava_model
from stravalib._models import drift

UTC = dt.UTC


class Plain(BaseModel):
    """What pydantic does without this library."""

    moment: dt.datetime | None = None
    day: dt.date | None = None
    span: dt.timedelta | None = None


# field of Plain, field and class of this library
FIELDS: dict[str, tuple[str, Any]] = {
    "moment": ("start_date", model.DetailedActivity),
    "day": ("pr_date", model.AthleteSegmentStats),
    "span": ("pr_time", model.Segment),
}
TEXTS = {
    "moment": [
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:00+00:00",
        "2026-01-01T00:00:00.5+02:00",
        "2026-01-01 00:00",
        "2026-01-01T07:30:00",
        "2026-05-01T21:46:21.854786016Z",
        "2026-01-01",
        "2026-13-01T00:00:00Z",
        "soon",
        "",
        True,
        1.5,
        [],
        {},
        None,
    ],
    "day": ["2018-06-22", "2018-06-31", "2018-06-22T01:00:00Z", "", 5, 1.5, None],
    "span": ["PT55S", "00:05:00", "P1DT1.5S", "soon", "", "5", 1.5, True, [], None],
}


@pytest.mark.parametrize(
    ("kind", "sent"), [(kind, text) for kind, texts in TEXTS.items() for text in texts]
)
def test_json_is_taken_as_pydantic_takes_it(kind: str, sent: Any) -> None:
    name, cls = FIELDS[kind]
    text = json.dumps({name: sent})
    try:
        plain = Plain.model_validate_json(json.dumps({kind: sent}), strict=True)
    except ValidationError as refused:
        (expected,) = refused.errors(include_url=False)
        with pytest.raises(ValidationError) as caught:
            cls.model_validate_json(text, strict=True)
        (found,) = caught.value.errors(include_url=False)
        assert (found["type"], found["msg"]) == (expected["type"], expected["msg"])
        assert found["loc"] == (name,)
        return
    for model_read in (
        cls.model_validate_json(text, strict=True),
        TypeAdapter(list[cls]).validate_json(f"[{text}]", strict=True)[0],
    ):
        assert getattr(model_read, name) == getattr(plain, kind)
        assert model_read == cls.model_validate_json(text)
        assert model_read.raw == {name: sent}
        assert model_read.drift == {}


@pytest.mark.parametrize("kind", sorted(FIELDS))
def test_values_of_python_are_taken_as_pydantic_takes_them(kind: str) -> None:
    name, cls = FIELDS[kind]
    reader = TypeAdapter(cls)
    values = (
        dt.datetime(2026, 1, 1, 7, tzinfo=UTC),
        dt.datetime(2026, 1, 1, 7),
        dt.date(2026, 1, 1),
        dt.timedelta(seconds=5),
        "2026-01-01T00:00:00Z",
        "2026-01-01",
        "PT5S",
        5,
        1.5,
        [],
    )
    for value in values:
        plain = outcome(TypeAdapter(Plain), kind, value)
        assert outcome(reader, name, value) == plain


def outcome(reader: TypeAdapter[Any], name: str, value: Any) -> Any:
    """Return what a field holds after a strict reading, or the kinds of errors."""
    try:
        return getattr(reader.validate_python({name: value}, strict=True), name)
    except ValidationError as error:
        return [detail["type"] for detail in error.errors()]


def test_wall_clocks_have_no_zone() -> None:
    cls = model.DetailedActivity
    for text in ("2026-01-01T07:30:00Z", "2026-01-01T07:30:00"):
        sent = {"start_date_local": text}
        found = cls.model_validate_json(json.dumps(sent), strict=True)
        assert found.start_date_local == dt.datetime(2026, 1, 1, 7, 30)
        assert found.raw == sent
    aware = dt.datetime(2026, 1, 1, 7, 30, tzinfo=UTC)
    given = cls.model_validate({"start_date_local": aware}, strict=True)
    assert given.start_date_local == aware.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("cls", "sent", "value"),
    [
        (model.DetailedActivity, {"start_latlng": [46, 7.5]}, None),
        (model.DetailedActivity, {"start_latlng": []}, None),
        (model.DetailedActivity, {"sport_type": "Foo"}, "Foo"),
        (model.DetailedActivity, {"timezone": "(GMT+01:00) Europe/Berlin"}, None),
        (model.DetailedActivity, {"distance": 5, "moving_time": 5}, None),
        (model.SubscriptionUpdate, {"event_time": 1777622400}, None),
        (model.SubscriptionUpdate, {"event_time": "2026-05-01T08:00:00Z"}, None),
        (model.Segment, {"pr_time": 55}, dt.timedelta(seconds=55)),
        (model.DetailedAthlete, {"athlete_type": 1}, "runner"),
        (model.DetailedAthlete, {"athlete_type": "runner"}, "runner"),
        (model.ClubEvent, {"created_at": ""}, None),
        (model.ClubEvent, {"upcoming_occurrences": ["2026-05-03T01:30:00Z"]}, None),
        (
            model.ClubEvent,
            {"upcoming_occurrences": ["2026-05-03T01:30:00+02:00"]},
            None,
        ),
    ],
)
def test_what_strava_sends_is_taken(cls: Any, sent: dict[str, Any], value: Any) -> None:
    found = cls.model_validate_json(json.dumps(sent), strict=True)
    assert found == cls.model_validate(sent)
    assert found.raw == sent
    assert found.drift == {}
    (name,) = list(sent)[:1] if len(sent) == 1 else [None]
    if value is not None and name:
        assert getattr(found, name) == value


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_dumps_are_read_again(name: str) -> None:
    cls = getattr(model, name, None) or getattr(strava_model, name)
    for record in SAMPLES[name]:
        found = cls.model_validate(record)
        dumped = found.model_dump_json(exclude_unset=True)
        try:
            again = cls.model_validate_json(dumped, strict=True)
        except ValidationError as error:
            kinds = {detail["type"] for detail in error.errors()}
        else:
            kinds = set()
            assert again == found
        assert kinds <= {"int_type"}  # a fraction where a whole number is meant


@pytest.mark.parametrize(
    ("cls", "sent"),
    [
        (model.Xoms, {"kom": 5}),
        (strava_model.Zones, {"heart_rate": {"custom_zones": 5}}),
        (strava_model.Zones, {"heart_rate": 5}),
        (model.AthleteStats, {"recent_ride_totals": {"count": 1.0}}),
        (model.AthleteStats, {"biggest_ride_distance": "far"}),
        (model.DetailedActivity, {"start_latlng": "1,2"}),
        (model.DetailedActivity, {"start_date": "2026-01-01 00:00", "name": 5}),
        (model.SubscriptionUpdate, {"event_time": -5}),
        (model.ClubEvent, {"upcoming_occurrences": ["soon"]}),
        (model.ClubEvent, {"upcoming_occurrences": [5]}),
    ],
)
def test_the_rest_raises(
    cls: Any, sent: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Also where a model has no whole number of its own, that would tell."""
    drift.reported.clear()
    for read in (
        lambda: cls.model_validate_json(json.dumps(sent), strict=True),
        lambda: cls.model_validate(sent, strict=True),
    ):
        with pytest.raises(ValidationError) as caught:
            read()
        assert "spell" not in str(caught.value)
    assert not caplog.records


def test_a_strict_class_of_a_user() -> None:
    class Mine(model.DetailedActivity):
        model_config = ConfigDict(strict=True)

    sent = '{"start_date": "2026-01-01T00:00:00+02:00", "id": 1}'
    assert Mine.model_validate_json(sent).raw == json.loads(sent)
    with pytest.raises(ValidationError):
        Mine.model_validate_json('{"id": 1.5}')

"""`start_local`: aware, in the activity's own zone, half hours and summer included."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from stravalib import model

H = dt.timedelta(hours=1)


def activity(**fields: Any) -> model.SummaryActivity:
    return model.SummaryActivity.model_validate(fields)


@pytest.mark.parametrize(
    ("start", "local", "zone", "seconds", "hours", "named"),
    [
        (
            "2026-07-01T12:00:00Z",
            "2026-07-01T08:00:00Z",
            "(GMT-05:00) America/New_York",
            -14400.0,
            -4,
            True,
        ),
        (
            "2026-01-01T12:00:00Z",
            "2026-01-01T07:00:00Z",
            "(GMT-05:00) America/New_York",
            -18000.0,
            -5,
            True,
        ),
        (
            "2026-05-01T02:00:10Z",
            "2026-05-01T07:30:10Z",
            "(GMT+05:30) Asia/Kolkata",
            19800.0,
            5.5,
            True,
        ),
        (
            "2026-05-01T02:00:10Z",
            "2026-05-01T07:45:10Z",
            "(GMT+05:45) Asia/Kathmandu",
            20700.0,
            5.75,
            True,
        ),
        (
            "2026-05-01T12:00:00Z",
            "2026-05-01T09:30:00Z",
            "(GMT-03:30) America/St_Johns",
            -9000.0,
            -2.5,
            True,
        ),
        (
            "2026-05-01T12:00:00Z",
            "2026-05-01T07:00:00Z",
            "(GMT-05:00) EST",
            -18000.0,
            -5,
            True,
        ),
        (
            "2026-05-01T12:00:00Z",
            "2026-05-01T07:00:00Z",
            "(GMT-05:00) Etc/GMT+5",
            -18000.0,
            -5,
            True,
        ),
        # The zone of the name and what Strava computed differ: the computed one counts.
        (
            "2026-05-01T12:00:00Z",
            "2026-05-01T17:00:00Z",
            "(GMT+08:00) America/New_York",
            18000.0,
            5,
            False,
        ),
        # A zone that nobody has.
        (
            "2026-05-01T12:00:00Z",
            "2026-05-01T14:00:00Z",
            "(GMT+01:00) Middle/Earth",
            7200.0,
            2,
            False,
        ),
        ("2026-05-01T12:00:00Z", "2026-05-01T14:00:00Z", None, None, 2, False),
        ("2026-05-01T12:00:00Z", None, None, 7200, 2, False),
        ("2026-05-01T12:00:00Z", None, "(GMT+01:00) Middle/Earth", None, 1, False),
        ("2026-05-01T12:00:00Z", None, "(GMT-05:00) America/New_York", None, -4, True),
        (None, "2026-05-01T12:00:00Z", "(GMT-05:00) America/New_York", None, -4, True),
        (None, "2026-05-01T12:00:00Z", None, 3600.0, 1, False),
    ],
)
def test_offsets(
    start: Any, local: Any, zone: Any, seconds: Any, hours: float, named: bool
) -> None:
    found = activity(
        start_date=start, start_date_local=local, timezone=zone, utc_offset=seconds
    ).start_local
    assert found is not None
    assert found.utcoffset() == hours * H
    assert isinstance(found.tzinfo, ZoneInfo) is named
    if start:
        assert found == dt.datetime.fromisoformat(start)
    if local:
        assert found.replace(tzinfo=None) == dt.datetime.fromisoformat(local[:-1])


@pytest.mark.parametrize(
    "zone",
    [
        "(GMT-05:00) Cuba",
        "(GMT-05:00) Brazil/Acre",
        "(GMT-10:00) Pacific/Johnston",
        "(GMT+08:00) Antarctica/Casey",
        "(GMT+00:00) Africa/Abidjan",
        "",
        "(GMT)",
        "x",
    ],
)
def test_odd_zones_never_change_the_moment(zone: str) -> None:
    for hours in (-12, -5, -4, 0, 5.5, 8, 11, 14):
        start = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
        clock = (start + hours * H).replace(tzinfo=None)
        found = activity(
            start_date=f"{start:%Y-%m-%dT%H:%M:%SZ}",
            start_date_local=f"{clock:%Y-%m-%dT%H:%M:%SZ}",
            timezone=zone,
            utc_offset=hours * 3600,
        ).start_local
        assert found == start
        assert found is not None
        assert found.replace(tzinfo=None) == clock


def test_the_hour_that_comes_twice() -> None:
    for start, hours in (("2026-11-01T05:30:00Z", -4), ("2026-11-01T06:30:00Z", -5)):
        both = activity(
            start_date=start,
            start_date_local="2026-11-01T01:30:00Z",
            timezone="(GMT-05:00) America/New_York",
        ).start_local
        clock_only = activity(
            start_date_local="2026-11-01T01:30:00Z",
            utc_offset=hours * 3600.0,
            timezone="(GMT-05:00) America/New_York",
        ).start_local
        for found in (both, clock_only):
            assert found is not None
            assert isinstance(found.tzinfo, ZoneInfo)
            assert found.fold == (hours == -5)
            assert found.utcoffset() == hours * H
            assert found.astimezone(dt.UTC) == dt.datetime.fromisoformat(start)


def test_nothing_known() -> None:
    assert activity().start_local is None
    assert activity(start_date="2026-05-01T12:00:00Z").start_local is None
    assert activity(start_date_local="2026-05-01T12:00:00Z").start_local is None
    assert activity(start_date="x", start_date_local=5, timezone=[]).start_local is None
    far = activity(
        start_date="2026-05-01T12:00:00Z", start_date_local="2026-05-09T12:00:00Z"
    )
    assert far.start_local is None


@pytest.mark.parametrize(
    ("start", "local", "zone", "seconds"),
    [
        ("0001-01-01T00:00:00Z", None, "(GMT-08:00) America/Los_Angeles", None),
        ("9999-12-31T23:59:59Z", None, "(GMT+09:00) Asia/Tokyo", None),
        ("9999-12-31T23:59:59Z", None, None, 36000),
        ("0001-01-01T00:00:00Z", None, None, -1),
        ("0001-01-01T00:00:00+05:00", "0001-01-01T00:00:00Z", None, None),
        ("2026-05-01T12:00:00Z", None, "(GMT+24:00) Nowhere/X", None),
        ("2026-05-01T12:00:00Z", None, "(GMT-24:00) Nowhere/X", None),
        ("2026-05-01T12:00:00Z", None, "(GMT+99:30) Nowhere/X", None),
        ("2026-05-01T12:00:00Z", None, "(GMT+23:99) Nowhere/X", None),
        ("2026-05-01T12:00:00Z", None, f"(GMT+{'9' * 5000}:00) Nowhere/X", None),
        ("2026-05-01T12:00:00Z", None, f"(GMT+01:{'9' * 5000}) Nowhere/X", None),
        ("2026-05-01T12:00:00Z", None, None, 86399.9999999),
        ("2026-05-01T12:00:00Z", None, None, float("inf")),
        ("2026-05-01T12:00:00Z", None, None, float("nan")),
        ("2026-05-01T12:00:00Z", None, None, 10**400),
    ],
)
def test_what_no_calendar_has_is_none(
    start: Any, local: Any, zone: Any, seconds: Any
) -> None:
    found = model.DetailedActivity.model_validate(
        {
            "start_date": start,
            "start_date_local": local,
            "timezone": zone,
            "utc_offset": seconds,
        }
    )
    assert found.start_local is None
    assert "<figure" in found._repr_html_()


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("(GMT+23:59) X", 23 * 60 + 59),
        ("(GMT-23:59) X", -(23 * 60 + 59)),
        ("(GMT+24:00) X", None),
        ("(GMT-24:00) X", None),
        ("(GMT+100:00) X", None),
        ("(GMT+05:30) X", 330),
        ("(GMT 05:30) X", None),
        ("(GMT+05.30) X", None),
    ],
)
def test_standard_offset(text: str, minutes: int | None) -> None:
    expected = None if minutes is None else dt.timedelta(minutes=minutes)
    assert model.Timezone(text).standard_offset == expected


def test_old_attributes_are_as_they_were() -> None:
    record = {"start_date_local": "2026-05-01T07:30:10Z"}
    clock = dt.datetime(2026, 5, 1, 7, 30, 10)
    assert activity(**record).start_date_local == clock.replace(tzinfo=dt.UTC)
    for kind in (model.DetailedActivity, model.Lap, model.SegmentEffort):
        assert kind.model_validate(record).start_date_local == clock
        assert kind.model_validate(record).raw == record


def test_laps_and_efforts() -> None:
    record = {
        "start_date": "2026-05-01T02:00:10Z",
        "start_date_local": "2026-05-01T07:30:10Z",
    }
    for kind in (model.Lap, model.SegmentEffort, model.BestEffort):
        found = kind.model_validate(record).start_local
        assert found is not None
        assert found.utcoffset() == 5.5 * H

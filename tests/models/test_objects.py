"""Clients, copies, pickles, equality and repr of models."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from model_samples import (
    SAMPLES,
    detailed_activity,
    manual_activity,
    summary_activity,
)

from stravalib import AsyncClient, exc, model, strava_model
from stravalib._models.base import Entity
from stravalib._models.build import build, build_list


class Recorder:
    """A client that notes what it is asked."""

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.access_token = "T0KEN"

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("get_"):
            raise AttributeError(name)

        def call(*args: Any, **options: Any) -> str:
            self.calls.append((name, args, options))
            return f"answer of {name}"

        return call


@pytest.mark.parametrize(
    ("kind", "name", "call"),
    [
        (model.DetailedActivity, "comments", ("get_activity_comments", {})),
        (model.SummaryActivity, "kudos", ("get_activity_kudos", {})),
        (model.MetaActivity, "zones", ("get_activity_zones", {})),
        (
            model.SummaryActivity,
            "full_photos",
            ("get_activity_photos", {"only_instagram": False}),
        ),
        (model.DetailedAthlete, "stats", ("get_athlete_stats", {})),
        (model.DetailedClub, "members", ("get_club_members", {})),
        (model.MetaClub, "activities", ("get_club_activities", {})),
        (model.SegmentExplorerResult, "segment", ("get_segment", {})),
    ],
)
def test_lazy_properties(kind: Any, name: str, call: tuple[str, Any]) -> None:
    client = Recorder()
    bound = kind(id=7, bound_client=client)
    assert getattr(bound, name) == f"answer of {call[0]}"
    assert client.calls == [(call[0], (7,), call[1])]
    with pytest.raises(exc.UnboundEntity, match=call[0]):
        getattr(kind(id=7), name)


def test_a_property_cannot_be_awaited() -> None:
    class Waiting:
        async def get_activity_zones(self, activity_id: int) -> None: ...

        def get_activity_kudos(self, activity_id: int) -> None: ...

    bound = model.SummaryActivity(id=7, bound_client=Waiting())
    with pytest.raises(exc.UnboundEntity) as caught:
        _ = bound.zones
    assert "bound to an AsyncClient" in str(caught.value)
    assert "`await client.get_activity_zones(7)`" in str(caught.value)
    real = model.SummaryActivity(id=7, bound_client=AsyncClient("T0KEN"))
    with pytest.raises(exc.UnboundEntity) as caught:
        _ = real.kudos
    assert "`async for item in client.get_activity_kudos(7)`" in str(caught.value)


def test_what_to_do_without_a_client() -> None:
    """The object may be of an AsyncClient, which leaves its objects unbound."""
    with pytest.raises(exc.UnboundEntity) as caught:
        _ = model.SummaryActivity(id=7).zones
    text = str(caught.value)
    assert "an AsyncClient made it, no client did, or it was unpickled" in text
    assert "`client.get_activity_zones(7)`" in text
    assert "`await client.get_activity_zones(7)`" in text
    assert "`.bound_client` to a `stravalib.Client`" in text
    with pytest.raises(exc.UnboundEntity) as caught:
        _ = model.SummaryActivity(id=7).comments
    assert "`async for item in client.get_activity_comments(7)`" in str(caught.value)


@pytest.mark.parametrize("many", [1, 5])
def test_nested_records_are_bound_too(many: int) -> None:
    client = Recorder()
    rows = [detailed_activity() for _ in range(many)]
    for found in build_list(model.DetailedActivity, rows, client):
        assert found.bound_client is client
        assert found.athlete is not None
        assert found.athlete.bound_client is client
        assert found.segment_efforts is not None
        assert found.segment_efforts[3].segment is not None
        assert found.segment_efforts[3].segment.bound_client is client
        assert found.laps is not None
        assert found.laps[0].bound_client is client
    one = build(model.DetailedActivity, rows[0], client)
    assert one.segment_efforts is not None
    assert one.segment_efforts[0].athlete is not None
    assert one.segment_efforts[0].athlete.bound_client is client
    validated = model.DetailedActivity.model_validate(
        {**rows[0], "bound_client": client}
    )
    assert validated.laps is not None
    assert validated.laps[0].bound_client is client


@pytest.mark.parametrize("built", [0, 1, 5])
def test_the_client_stays_out(built: int) -> None:
    client = Recorder()
    if built:
        bound = build_list(model.SummaryActivity, [summary_activity()] * built, client)[
            0
        ]
    else:
        bound = model.SummaryActivity(**summary_activity(), bound_client=client)
    free = model.SummaryActivity.model_validate(summary_activity())
    assert bound.bound_client is client
    assert bound == free
    assert repr(bound) == repr(free)
    assert bound.model_dump() == free.model_dump()
    assert bound.model_dump_json() == free.model_dump_json()
    assert "bound_client" not in bound.raw
    assert "bound_client" not in bound.model_fields_set
    assert b"T0KEN" not in pickle.dumps(bound)
    assert pickle.loads(pickle.dumps(bound)).bound_client is None
    for other in (
        copy.copy(bound),
        copy.deepcopy(bound),
        bound.model_copy(),
        bound.model_copy(deep=True),
    ):
        assert other == bound
        if other is not None:
            assert other.bound_client is not None
    assert copy.copy(bound).bound_client is client


def test_a_field_named_like_the_client_is_no_client() -> None:
    found = model.SummaryActivity.model_validate_json('{"bound_client": "x", "id": 1}')
    assert found.bound_client is None
    assert found.raw == {"bound_client": "x", "id": 1}


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_pickles_and_copies(name: str) -> None:
    kind = getattr(model, name, None) or getattr(strava_model, name)
    for record in SAMPLES[name]:
        odd = {**record, "new_field": [1], "id": ["odd"], "start_date": "2026-05-01"}
        for sent in (record, odd):
            for found in (
                kind.model_validate(sent),
                build_list(kind, [sent] * 5)[2],
            ):
                for other in (
                    pickle.loads(pickle.dumps(found)),
                    copy.copy(found),
                    copy.deepcopy(found),
                ):
                    assert type(other) is kind
                    assert other == found
                    assert other.raw == sent
                    assert other.model_fields_set == found.model_fields_set
                    assert other.drift == found.drift


def test_records_of_a_page_do_not_share_what_can_change() -> None:
    rows = [manual_activity(number) for number in range(6)]
    before = copy.deepcopy(rows)
    page = build_list(model.SummaryActivity, rows)
    first, second = page[:2]
    first.name = "changed"
    first.guessed = 5  # type: ignore[attr-defined]  # an unknown field
    first.average_watts = 3.0
    assert first.athlete is not None
    first.athlete.id = 1
    first.model_fields_set.add("nothing")
    (first.model_extra or {})["more"] = 1
    assert second.name == before[1]["name"]
    assert second.raw == before[1]
    assert second.model_extra == {}
    assert "average_watts" in first.model_fields_set
    assert "average_watts" not in second.model_fields_set
    assert second.athlete is not None
    assert second.athlete.id == 7001
    assert rows == before, "what was given must not change"
    assert first.raw["average_watts"] == 3.0
    assert first.raw["guessed"] == 5


def test_pages_with_several_shapes() -> None:
    rows = [
        {**summary_activity(number), "unknown": number}
        if number % 3
        else manual_activity(number)
        for number in range(40)
    ]
    rows[7]["athlete"] = 5
    rows[8]["map"] = {"id": 9}
    rows[9]["start_latlng"] = [1, 2]
    rows[11]["start_date"] = "2026-05-01T02:00:10.5Z"
    page = build_list(model.SummaryActivity, rows)
    assert page == [model.SummaryActivity.model_validate(row) for row in rows]
    assert [item.raw for item in page] == rows
    assert page[7].drift == {"athlete": 5}
    assert page[8].map is not None
    assert page[8].map.drift == {"id": 9}
    assert page[1].model_extra == {"unknown": 1}


def test_repr_is_short() -> None:
    for name, records in SAMPLES.items():
        kind = getattr(model, name, None) or getattr(strava_model, name)
        for record in records:
            text = repr(kind.model_validate(record))
            assert text.startswith(f"{kind.__name__}(")
            assert len(text) < 400, text
    found = model.SummaryActivity(id=7, name="Loop", sport_type="Ride")
    assert repr(found) == "SummaryActivity(id=7, name='Loop', sport_type='Ride')"
    assert str(found) == "id=7 name='Loop' sport_type='Ride'"
    assert repr(model.SummaryActivity()) == "SummaryActivity()"


@pytest.mark.parametrize(
    ("cls", "record", "text"),
    [
        (
            strava_model.Zones,
            {
                "heart_rate": {
                    "custom_zones": True,
                    "zones": [{"min": 0, "max": 115}] * 5,
                },
                "power": {"zones": [{"min": 0, "max": -1}]},
            },
            (
                "Zones(heart_rate=HeartRateZoneRanges(custom_zones=True, "
                "zones=<5 ZoneRange>), "
                "power=PowerZoneRanges(zones=[ZoneRange(min=0, max=-1)]))"
            ),
        ),
        (
            model.AthleteStats,
            {"all_ride_totals": {"count": 3}, "ytd_run_totals": {"count": 4}},
            (
                "AthleteStats(all_ride_totals=ActivityTotals(count=3), "
                "ytd_run_totals=ActivityTotals(count=4))"
            ),
        ),
        (
            strava_model.StreamSet,
            {"time": {"original_size": 2, "data": [0, 1]}, "watts": {"data": [1] * 9}},
            (
                "StreamSet(time=TimeStream(original_size=2), "
                "watts=PowerStream(data=<9 items>))"
            ),
        ),
        (
            strava_model.ExplorerResponse,
            {"segments": [{"id": number} for number in range(10)]},
            "ExplorerResponse(segments=<10 SegmentExplorerResult>)",
        ),
        (
            model.ClubEvent,
            {"route_id": 1, "terrain": 2, "private": True, "zone": "UTC", "club_id": 5},
            "ClubEvent(club_id=5, route_id=1, private=True, terrain=2, ...)",
        ),
        (model.SummaryActivity, {"id": []}, "SummaryActivity(id=[])"),
        (model.SummaryActivity, {"novelty": 5}, "SummaryActivity(novelty=5)"),
        (
            model.SummaryActivity,
            {"novelty": {"a": "x" * 99}},
            "SummaryActivity(novelty=<1 keys>)",
        ),
        (model.Comment, {"text": "x" * 99}, f"Comment(text='{'x' * 57}...')"),
    ],
)
def test_repr_shows_what_there_is(cls: Any, record: Any, text: str) -> None:
    assert repr(cls.model_validate(record)) == text
    assert repr(build(cls, record)) == text


def entities() -> list[Any]:
    found = []
    waiting = [Entity]
    while waiting:
        cls = waiting.pop()
        waiting += cls.__subclasses__()
        if cls.__module__.startswith("stravalib.") and cls.__pydantic_fields__:
            found.append(cls)
    return found


@pytest.mark.parametrize("cls", entities(), ids=lambda cls: cls.__qualname__)
def test_no_repr_hides_that_there_is_something(cls: Any) -> None:
    samples: tuple[Any, ...] = (
        1,
        "x",
        1.5,
        True,
        "2026-01-01T00:00:00Z",
        [1.0, 2.0],
        {"id": 1, "type": "x", "count": 2},
        [{"id": 1, "max": 2, "type": "x"}] * 9,
        {"zones": [{"min": 1}] * 9, "data": [1] * 9},
        [],
    )
    for name in cls.__pydantic_fields__:
        for value in samples:
            found = cls.model_validate({name: value})
            text = repr(found)
            assert text != f"{cls.__name__}()"
            assert len(text) < 400


def test_one_layer() -> None:
    assert strava_model.SummaryActivity is model.SummaryActivity
    assert strava_model.DetailedSegment is model.Segment
    assert strava_model.ClubActivity is not model.ClubActivity
    assert issubclass(model.ClubActivity, strava_model.ClubActivity)
    assert json.loads(model.Segment(pr_time=55).model_dump_json(exclude_unset=True))
    with pytest.raises(AttributeError, match="Nothing"):
        _ = model.Nothing


def test_verify_token() -> None:
    sent = model.SubscriptionCallback.model_validate(
        {"hub.mode": "subscribe", "hub.verify_token": "V", "hub.challenge": "0f"}
    )
    sent.validate_token("V")
    with pytest.raises(AssertionError, match="verify_token") as caught:
        sent.validate_token()
    assert isinstance(caught.value, exc.StravalibError)
    assert sent.model_dump(by_alias=True)["hub.mode"] == "subscribe"
    assert model.SubscriptionCallback(hub_mode="x").hub_mode == "x"


def test_keys_with_two_names() -> None:
    best = model.AthletePrEffort.model_validate(
        {"pr_elapsed_time": 5, "pr_activity_id": 1}
    )
    assert (best.elapsed_time, best.activity_id, best.pr_elapsed_time) == (5, 1, 5)
    assert best.raw == {"pr_elapsed_time": 5, "pr_activity_id": 1}
    stats = model.AthleteSegmentStats.model_validate(
        {"pr_elapsed_time": 55, "pr_activity_id": 12, "pr_date": "2018-06-22"}
    )
    assert (stats.elapsed_time, stats.activity_id) == (55, 12)
    assert stats.raw["pr_activity_id"] == 12
    again = model.AthleteSegmentStats.model_validate_json(stats.model_dump_json())
    assert again == stats


def test_foreign_union_keeps_quiet() -> None:
    from pydantic import BaseModel

    class Holder(BaseModel):
        item: model.SummaryActivity | model.SummaryAthlete

    held = Holder(item=model.SummaryActivity.model_validate({"id": 1, "distance": 5}))
    assert json.loads(held.model_dump_json(exclude_unset=True)) == {
        "item": {"id": 1, "distance": 5.0}
    }

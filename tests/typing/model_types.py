"""Types of models as a user's checker sees them. Checked, and never called.

Each ``type: ignore`` marks what must be refused: an unnecessary one is an error.
"""

# pyright: reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_type

from stravalib import Client, model, strava_model
from stravalib.client import BatchedResultsIterator

if TYPE_CHECKING:
    from stravalib.streams import StreamSet


def lazy_properties(
    activity: model.DetailedActivity,
    athlete: model.SummaryAthlete,
    club: model.MetaClub,
) -> None:
    assert_type(activity.comments, BatchedResultsIterator[strava_model.Comment] | None)
    assert_type(activity.kudos, BatchedResultsIterator[model.SummaryAthlete] | None)
    assert_type(activity.zones, list[model.ActivityZone] | None)
    assert_type(
        activity.full_photos, BatchedResultsIterator[model.ActivityPhoto] | None
    )
    assert_type(athlete.stats, model.AthleteStats | None)
    assert_type(club.members, BatchedResultsIterator[strava_model.ClubAthlete] | None)
    assert_type(club.activities, BatchedResultsIterator[model.ClubActivity] | None)
    for kudo in activity.kudos or ():
        assert_type(kudo.firstname, str | None)


def positions(activity: model.SummaryActivity) -> None:
    place = activity.start_latlng
    if place is not None:
        assert_type(place, model.LatLon)
        assert_type(place.lat, float)
        assert_type(place[0], float)
        assert_type(len(place), int)
        assert_type(list(place), list[float])
        lat, lon = place
        assert_type(lat, float)
        print(lon)


def what_is_refused(
    client: Client, activity: model.DetailedActivity, athlete: model.SummaryAthlete
) -> None:
    print(activity.distnace)  # type: ignore[attr-defined]
    print(athlete.totally_wrong)  # type: ignore[attr-defined]
    print(client.get_activity(1).sport_typ)  # type: ignore[attr-defined]
    activity.wrong_too = 5  # type: ignore[attr-defined]
    athlete.city = 5  # type: ignore[assignment]
    for comment in activity.comments or ():
        print(comment.texxt)  # type: ignore[attr-defined]
    for lap in activity.laps or ():
        print(lap.spilt)  # type: ignore[attr-defined]
    if activity.start_latlng is not None:
        print(activity.start_latlng.latitude)  # type: ignore[attr-defined]
    if activity.sport_type is not None:
        print(activity.sport_type.nmae)  # type: ignore[attr-defined]
        activity.sport_type.word = "Run"  # type: ignore[attr-defined]


def what_is_allowed(activity: model.DetailedActivity, streams: StreamSet) -> None:
    assert_type(activity.model_extra, dict[str, Any] | None)
    assert_type(activity.bound_client, Any)
    assert_type(streams.resample(1)["watts"], model.Stream)
    activity.name = "Lunch ride"

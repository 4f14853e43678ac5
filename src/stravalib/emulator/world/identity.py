"""Ids for activities that come from files, and the athlete who owns them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from stravalib.emulator.processing.detail import number_of
from stravalib.emulator.processing.parts import stamp
from stravalib.emulator.processing.zones import Body

if TYPE_CHECKING:
    from stravalib.emulator.records import ActivityRecord, Json

LOCAL_ATHLETE_ID = 10_000_001
ID_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)


class Numbers:
    """Hands out activity ids that follow the starts and are never used twice."""

    def __init__(self) -> None:
        self._taken: set[int] = set()

    def reserve(self, number: int) -> None:
        """Keep an id from being handed out."""
        self._taken.add(number)

    def activity(self, start: datetime) -> int:
        """Return a free id, the same for the same starts in the same order."""
        number = max(0, int((start - ID_EPOCH).total_seconds())) * 10 + 1
        while number in self._taken:
            number += 1
        self._taken.add(number)
        return number


def assign(
    record: ActivityRecord,
    *,
    activity_id: int,
    athlete_id: int,
    external_id: str | None = None,
) -> None:
    """Write the ids into an activity and everything inside it."""
    detail = record.detail
    upload_id = activity_id + 1_070_000_000
    detail["id"] = activity_id
    detail["id_str"] = str(activity_id)
    detail["athlete"] = {"id": athlete_id, "resource_state": 1}
    if external_id is not None:
        detail["upload_id"] = upload_id
        detail["upload_id_str"] = str(upload_id)
        detail["external_id"] = external_id
    if isinstance(detail.get("map"), dict):
        detail["map"]["id"] = f"a{activity_id}"
    visibility = detail.get("visibility", "everyone")
    for name in ("laps", "best_efforts", "segment_efforts"):
        for place, item in enumerate(detail.get(name) or ()):
            item["id"] = number_of(name, activity_id, place, digits=11)
            item["activity"] = {
                "id": activity_id,
                "visibility": visibility,
                "resource_state": 1,
            }
            item["athlete"] = {"id": athlete_id, "resource_state": 1}


def local_athlete(athlete_id: int = LOCAL_ATHLETE_ID, **known: object) -> Json:
    """Write the athlete for files that do not tell whose they are."""
    pictures = f"https://pictures.strava.example/athletes/{athlete_id}/1"
    made = stamp(datetime(2015, 1, 1, 12, tzinfo=UTC))
    return {
        "id": athlete_id,
        "id_str": str(athlete_id),
        "username": "local_athlete",
        "resource_state": 3,
        "firstname": "Local",
        "lastname": "Athlete",
        "bio": None,
        "city": None,
        "state": None,
        "country": None,
        "sex": None,
        "premium": True,
        "summit": True,
        "created_at": made,
        "updated_at": made,
        "badge_type_id": 1,
        "weight": 70.0,
        "profile_medium": f"{pictures}/medium.jpg",
        "profile": f"{pictures}/large.jpg",
        "friend": None,
        "follower": None,
        "blocked": False,
        "can_follow": True,
        "follower_count": 0,
        "friend_count": 0,
        "mutual_friend_count": 0,
        "athlete_type": 1,
        "date_preference": "%d/%m/%Y",
        "measurement_preference": "meters",
        "postable_clubs_count": 0,
        "clubs": [],
        "ftp": None,
        "bikes": [],
        "shoes": [],
        **known,
    }


def default_zones() -> Json:
    """Write the zones of an athlete who never set any."""
    return {"heart_rate": {"custom_zones": False, "zones": Body().heart_zones()}}

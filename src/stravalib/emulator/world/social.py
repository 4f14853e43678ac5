"""What others add to an activity: kudos, comments, photos, company."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from stravalib.emulator.processing.detail import number_of
from stravalib.emulator.processing.parts import stamp

if TYPE_CHECKING:
    from stravalib.emulator.records import ActivityRecord, Json
    from stravalib.emulator.world.dice import Dice
    from stravalib.emulator.world.people import Person
    from stravalib.emulator.world.places import Place
    from stravalib.emulator.world.roads import Path

REMARKS = (
    "Well done!", "Strong finish 💪", "Next time with me, please.", "What a view!",
    "Brrr. Respect.", "That hill again…", "Nice one 👏", "See you on Sunday?",
    "Schöne Runde!", "Belle sortie !", "Was that you at the weir?",
    "You forgot to press stop, didn't you?",
)  # fmt: skip
CAPTIONS = ("", "", "From the top", "Cake stop", "Fog below", "The bridge")
SIZES = ((4032, 3024), (3024, 4032), (2048, 1536))


def decorate(
    record: ActivityRecord,
    person: Person,
    place: Place,
    path: Path | None,
    pals: list[Json],
    dice: Dice,
) -> None:
    """Add kudos, comments and photos, and count them in the detail."""
    detail = record.detail
    if detail["visibility"] != "only_me":
        shown = 0.65 if detail["visibility"] == "everyone" else 0.4
        eager = shown * (0.2 + min(0.5, detail["moving_time"] / 20_000))
        eager += 0.15 if detail["pr_count"] else 0.0
        record.kudos = [pal for pal in pals if dice.chance(eager)]
        if record.kudos and dice.chance(0.3):
            _comment(record, dice)
    outdoors = bool(detail["start_latlng"]) and path is not None
    if outdoors and dice.chance(0.12 if detail["moving_time"] < 5400 else 0.4):
        _photos(record, person, path, dice)
    if outdoors and detail["type"] in {"Ride", "Run", "Hike"} and dice.chance(0.12):
        detail["athlete_count"] = dice.whole(2, 6)
    detail["kudos_count"] = len(record.kudos)
    detail["comment_count"] = len(record.comments)
    detail["highlighted_kudosers"] = [
        {
            "destination_url": f"strava://athletes/{pal['id']}",
            "display_name": f"{pal['firstname']} {pal['lastname'][:1]}.",
            "avatar_url": pal["profile_medium"],
            "show_name": True,
        }
        for pal in record.kudos[:2]
    ]
    if not detail["highlighted_kudosers"]:
        del detail["highlighted_kudosers"]


def _ended(detail: Json) -> datetime:
    start = datetime.fromisoformat(detail["start_date"])
    return start + timedelta(seconds=detail["elapsed_time"])


def _comment(record: ActivityRecord, dice: Dice) -> None:
    detail = record.detail
    moment = _ended(detail)
    for number in range(dice.weighted(((1, 60), (2, 25), (3, 10), (7, 5)))):
        moment += timedelta(seconds=dice.whole(90, 14_000))
        record.comments.append(
            {
                "id": number_of("comment", detail["id"], number, digits=10),
                "activity_id": detail["id"],
                "post_id": None,
                "resource_state": 2,
                "text": dice.pick(REMARKS),
                "mentions_metadata": None,
                "created_at": stamp(moment),
                "athlete": dice.pick(record.kudos),
                "cursor": None,
                "reaction_count": dice.pick((0, 0, 0, 1, 2)),
                "has_reacted": False,
            }
        )


def _photos(
    record: ActivityRecord, person: Person, path: Path | None, dice: Dice
) -> None:
    detail = record.detail
    assert path is not None
    count = dice.weighted(((1, 60), (2, 25), (4, 15)))
    start = datetime.fromisoformat(detail["start_date"])
    for number in range(count):
        share = (number + dice.random()) / count
        taken = start + timedelta(seconds=round(share * detail["elapsed_time"]))
        spot = path.positions[int(share * (len(path.positions) - 1))]
        unique = dice.uuid()
        width, height = dice.pick(SIZES)
        small = [round(width * 600 / max(width, height)),
                 round(height * 600 / max(width, height))]  # fmt: skip
        record.photos.append(
            {
                "unique_id": unique,
                "athlete_id": person.athlete_id,
                "activity_id": detail["id"],
                "activity_name": detail["name"],
                "post_id": None,
                "resource_state": 2,
                "caption": dice.pick(CAPTIONS),
                "type": 1,
                "source": 1,
                "status": 3,
                "uploaded_at": stamp(_ended(detail) + timedelta(minutes=9)),
                "created_at": stamp(taken),
                "created_at_local": stamp(
                    taken + timedelta(seconds=detail["utc_offset"])
                ),
                "urls": {"600": _address(unique, small)},
                "sizes": {"600": small, "5000": [width, height]},
                "placeholder_image": None,
                "default_photo": number == 0,
                "cursor": None,
                "location": [round(spot[0], 6), round(spot[1], 6)],
            }
        )
    first = record.photos[0]
    detail["total_photo_count"] = count
    detail["photos"] = {
        "primary": {
            "id": None,
            "unique_id": first["unique_id"],
            "urls": {
                "600": first["urls"]["600"],
                "100": _address(first["unique_id"], [100, 75]),
            },
            "source": 1,
            "media_type": 1,
        },
        "use_primary_photo": True,
        "count": count,
    }


def _address(unique: str, size: list[int]) -> str:
    """Return where a photo would be (nothing is served there)."""
    return f"https://photos.strava.example/{unique}-{size[0]}x{size[1]}.jpg"

"""Load Strava's bulk export ("download your data") as a world.

The rows of activities.csv say what Strava counted, so their totals win over what the
files give. What the export does not tell (efforts, kudos, laps of edited activities) is
not there.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from stravalib.emulator.processing import activity_of, derive, maps
from stravalib.emulator.processing.detail import (
    WHEEL_KINDS,
    Clock,
    Facts,
    detail_of,
    kind_of,
    number_of,
)
from stravalib.emulator.processing.parts import stamp
from stravalib.emulator.processing.tracks import merged
from stravalib.emulator.processing.whereabouts import zone_of_country
from stravalib.emulator.records import (
    ActivityRecord,
    AthleteRecord,
    ClubRecord,
    RejectedUpload,
    RouteRecord,
    UploadOptions,
    World,
)
from stravalib.emulator.world.files import warn
from stravalib.emulator.world.identity import (
    LOCAL_ATHLETE_ID,
    Numbers,
    assign,
    default_zones,
    local_athlete,
)

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    from stravalib.emulator.records import Json
    from stravalib.formats import BulkExport, ExportActivity
    from stravalib.formats.export_records import ExportClub, ExportRoute

log = logging.getLogger("stravalib.emulator")

# Key of the detail -> attribute of the row, and whether it is whole.
TOTALS: Final = (
    ("distance", "distance", False),
    ("moving_time", "moving_time", True),
    ("elapsed_time", "elapsed_time", True),
    ("total_elevation_gain", "elevation_gain", False),
    ("elev_high", "elevation_high", False),
    ("elev_low", "elevation_low", False),
    ("max_speed", "max_speed", False),
    ("average_cadence", "average_cadence", False),
    ("average_heartrate", "average_heartrate", False),
    ("max_heartrate", "max_heartrate", False),
    ("average_watts", "average_watts", False),
    ("weighted_average_watts", "weighted_average_watts", True),
    ("average_temp", "average_temp", True),
    ("calories", "calories", False),
    ("suffer_score", "relative_effort", False),
    ("perceived_exertion", "perceived_exertion", True),
)


def load_export(
    path: str | os.PathLike[str],
    *,
    on_problem: Callable[[str, str], None] | None = None,
) -> World:
    """Make a world of a bulk export, in any language: the ZIP or the unpacked folder.

    The activities are read one by one while the world is; nothing is unpacked to disk.

    Parameters
    ----------
    path
        ``export_<athlete id>.zip``, or the folder it unpacks to.
    on_problem
        Called with a place and what is wrong there; None logs a warning.

    Raises
    ------
    stravalib.formats.FormatError
        When it is no bulk export.
    OSError
        When it cannot be opened.
    """
    from stravalib.formats import open_export

    tell = on_problem or warn
    with open_export(path) as export:
        owner = _owner(export)
        wardrobe = _Wardrobe(export)
        owner.gear = list(wardrobe.gear.values())
        owner.detail["bikes"] = [_summary(g) for g in owner.gear if g["id"][0] == "b"]
        owner.detail["shoes"] = [_summary(g) for g in owner.gear if g["id"][0] == "g"]
        clubs = [_club(club, owner) for club in export.clubs() if club.name]
        owner.routes = [
            route
            for route in (_route(found, owner) for found in export.routes())
            if route is not None
        ]
    owner.activities = _Rows(path, owner, wardrobe, tell)
    return World([owner], clubs=clubs)


class _Rows:
    """The activities of the export; the file is open while they are read."""

    def __init__(
        self,
        path: str | os.PathLike[str],
        owner: AthleteRecord,
        wardrobe: _Wardrobe,
        tell: Callable[[str, str], None],
    ) -> None:
        self._path = path
        self._owner = owner
        self._wardrobe = wardrobe
        self._tell = tell

    def __iter__(self) -> Iterator[ActivityRecord]:
        from stravalib.formats import open_export

        with open_export(self._path) as export:
            numbers = Numbers()
            told = 0
            for row in export.activities():
                record = _activity(export, row, self._owner, self._wardrobe)
                if record is None:
                    self._tell(f"line {row.line}", "the row has no date to start from")
                else:
                    _number(record, row, self._owner, numbers)
                    yield record
                for problem in export.problems[told:]:
                    self._tell(problem.where, problem.message)
                told = len(export.problems)


def _owner(export: BulkExport) -> AthleteRecord:
    profile = export.profile
    number = export.athlete_id or LOCAL_ATHLETE_ID
    detail = local_athlete(number)
    if profile is not None:
        known = {
            "firstname": profile.first_name,
            "lastname": profile.last_name,
            "sex": profile.sex[:1].upper() if profile.sex else None,
            "bio": profile.description,
            "weight": profile.weight,
            "city": profile.city,
            "state": profile.state,
            "country": profile.country,
        }
        detail.update({key: value for key, value in known.items() if value})
    return AthleteRecord(detail, zones=default_zones())


class _Wardrobe:
    """The gear of the export, which names it, under the ids that the rows tell."""

    def __init__(self, export: BulkExport) -> None:
        self.gear: dict[str, Json] = {}
        self._by_name: dict[str, str] = {}
        known = {item.name: item for item in export.gear() if item.name}
        first = {"b": True, "g": True}
        for row in export.activities():
            ident = _gear_id(row)
            if ident is None and row.gear_name in known:
                item = known[row.gear_name]
                letter = "b" if item.kind == "bike" else "g"
                ident = f"{letter}{number_of('gear', row.gear_name, digits=8)}"
            elif ident is None and row.gear_name:
                letter = "b" if kind_of(row.sport or "") in WHEEL_KINDS else "g"
                ident = f"{letter}{number_of('gear', row.gear_name, digits=8)}"
            if ident is None:
                continue
            if row.gear_name:
                self._by_name.setdefault(row.gear_name, ident)
            if ident not in self.gear:
                item_known = known.get(row.gear_name) if row.gear_name else None
                self.gear[ident] = _gear(
                    ident,
                    row.gear_name or ident,
                    item_known.brand if item_known else None,
                    item_known.model if item_known else None,
                    primary=first[ident[0]],
                )
                first[ident[0]] = False
            self.gear[ident]["distance"] += round(row.distance or 0.0)
        for name, item in known.items():
            if name not in self._by_name:
                letter = "b" if item.kind == "bike" else "g"
                ident = f"{letter}{number_of('gear', name, digits=8)}"
                self.gear[ident] = _gear(
                    ident, name, item.brand, item.model, primary=first[letter]
                )
                first[letter] = False
        for item_detail in self.gear.values():
            item_detail["converted_distance"] = round(item_detail["distance"] / 1000, 1)

    def of(self, row: ExportActivity) -> Json | None:
        """Return the gear of a row."""
        ident = _gear_id(row)
        if ident is None and row.gear_name:
            ident = self._by_name.get(row.gear_name)
        return self.gear.get(ident) if ident else None


def _gear_id(row: ExportActivity) -> str | None:
    if row.bike_id:
        return f"b{row.bike_id}"
    return f"g{row.gear_id}" if row.gear_id else None


def _gear(
    ident: str, name: str, brand: str | None, model: str | None, *, primary: bool
) -> Json:
    answer: Json = {
        "id": ident,
        "primary": primary,
        "name": name,
        "nickname": name,
        "resource_state": 3,
        "retired": False,
        "distance": 0,
        "converted_distance": 0.0,
        "brand_name": brand,
        "model_name": model,
        "description": None,
    }
    if ident[0] == "b":
        answer["frame_type"] = 3
    return answer


def _summary(gear: Json) -> Json:
    hidden = {"brand_name", "model_name", "description", "frame_type"}
    shown = {key: value for key, value in gear.items() if key not in hidden}
    return {**shown, "resource_state": 2}


def _activity(
    export: BulkExport, row: ExportActivity, owner: AthleteRecord, wardrobe: _Wardrobe
) -> ActivityRecord | None:
    record = None
    tracks = export.track(row)
    options = UploadOptions(
        name=row.name,
        description=row.description,
        sport_type=row.sport,
        commute=bool(row.commute),
    )
    if tracks:
        try:
            record = activity_of(merged(tracks), athlete=owner, options=options)
        except RejectedUpload as refusal:
            log.info("line %s: %s; the row alone is taken", row.line, refusal.text)
    if record is None:
        record = _from_row(row, owner)
    if record is None:
        return None
    _overwrite(record.detail, row, wardrobe.of(row))
    _media(record, export, row)
    return record


def _from_row(row: ExportActivity, owner: AthleteRecord) -> ActivityRecord | None:
    """Make an activity of a row alone: it was entered by hand, or its file is bad."""
    if row.start is None:
        return None
    start = row.start if row.start.tzinfo else row.start.replace(tzinfo=UTC)
    zone = zone_of_country(owner.detail.get("country")) or "Etc/UTC"
    facts = Facts(
        activity_id=0,
        athlete_id=int(owner.detail["id"]),
        name=row.name or "",
        sport=row.sport or "Workout",
        start=start,
        clock=Clock.at(zone, start),
        description=row.description,
        manual=not row.filename and not row.from_upload,
        commute=bool(row.commute),
    )
    detail, zones, streams = detail_of(facts, {})
    return ActivityRecord(detail, streams, zones=zones)


def _overwrite(detail: Json, row: ExportActivity, gear: Json | None) -> None:
    for key, name, whole in TOTALS:
        value = getattr(row, name)
        if value is not None:
            detail[key] = round(value) if whole else float(value)
    if detail["moving_time"] == 0:
        detail["moving_time"] = detail["elapsed_time"]
    if detail["moving_time"]:
        speed = detail["distance"] / detail["moving_time"]
        detail["average_speed"] = round(speed, 3)
    if "average_heartrate" in detail or "max_heartrate" in detail:
        detail["has_heartrate"] = True
    detail["commute"] = bool(row.commute)
    detail["flagged"] = bool(row.flagged)
    detail["private_note"] = row.private_note or ""
    if row.prefer_perceived_exertion is not None:
        detail["prefer_perceived_exertion"] = row.prefer_perceived_exertion
    if row.competition or row.long_run:
        ride = detail["type"] == "Ride"
        detail["workout_type"] = (11 if ride else 1) if row.competition else 2
        if ride and not row.competition:
            detail["workout_type"] = 10
    detail["gear_id"] = gear["id"] if gear else None
    detail.pop("gear", None)
    if gear:
        detail["gear"] = _summary(gear)


def _media(record: ActivityRecord, export: BulkExport, row: ExportActivity) -> None:
    detail = record.detail
    for number, medium in enumerate(export.media(row)):
        unique = PurePosixPath(medium.filename).stem
        address = f"https://photos.strava.example/{medium.filename}"
        video = medium.filename.lower().endswith((".mp4", ".mov"))
        record.photos.append(
            {
                "unique_id": unique,
                "athlete_id": detail["athlete"]["id"],
                "activity_id": row.id,
                "activity_name": detail["name"],
                "post_id": None,
                "resource_state": 2,
                "caption": medium.caption or "",
                "type": 2 if video else 1,
                "source": 1,
                "status": 3,
                "uploaded_at": detail["start_date"],
                "created_at": detail["start_date"],
                "created_at_local": detail["start_date_local"],
                "urls": {"600": address},
                "sizes": {"600": [600, 450]},
                "placeholder_image": None,
                "default_photo": number == 0,
                "cursor": None,
            }
        )
    count = len(record.photos)
    detail["total_photo_count"] = count
    if count:
        first = record.photos[0]
        detail["photos"] = {
            "primary": {
                "unique_id": first["unique_id"],
                "urls": {"600": first["urls"]["600"], "100": first["urls"]["600"]},
                "source": 1,
                "media_type": first["type"],
            },
            "use_primary_photo": True,
            "count": count,
        }


def _number(
    record: ActivityRecord, row: ExportActivity, owner: AthleteRecord, numbers: Numbers
) -> None:
    start = datetime.fromisoformat(record.detail["start_date"])
    name = PurePosixPath(row.filename or "").name
    assign(
        record,
        activity_id=row.id if row.id is not None else numbers.activity(start),
        athlete_id=int(owner.detail["id"]),
        external_id=name or None,
    )
    stem = name.split(".")[0]
    if stem.isdigit():
        record.detail["upload_id"] = int(stem)
        record.detail["upload_id_str"] = stem
    for photo in record.photos:
        photo["activity_id"] = record.detail["id"]


def _club(club: ExportClub, owner: AthleteRecord) -> ClubRecord:
    ident = number_of("club", club.name, digits=6)
    pictures = f"https://pictures.strava.example/clubs/{ident}"
    detail: Json = {
        "id": ident,
        "resource_state": 3,
        "name": club.name,
        "profile_medium": f"{pictures}/medium.jpg",
        "profile": f"{pictures}/large.jpg",
        "cover_photo": None,
        "cover_photo_small": None,
        "activity_types": [],
        "activity_types_icon": "sports_multi_normal",
        "dimensions": ["distance", "num_activities", "elev_gain", "moving_time"],
        "sport_type": "other",
        "localized_sport_type": club.sport or "Other",
        "city": club.city,
        "state": club.state,
        "country": club.country,
        "private": False,
        "member_count": 1,
        "featured": False,
        "verified": False,
        "url": str(ident),
        "membership": "member",
        "admin": False,
        "owner": False,
        "description": club.description,
        "club_type": "casual_club",
        "post_count": 0,
        "owner_id": None,
        "website": club.website or "",
        "following_count": 0,
    }
    return ClubRecord(detail, [int(owner.detail["id"])])


def _route(found: ExportRoute, owner: AthleteRecord) -> RouteRecord | None:
    latlng: list[list[float]] = []
    heights: list[float | None] = []
    for track in found.tracks:
        points = track.points
        for lat, lon, height in zip(
            points.padded("lat"),
            points.padded("lon"),
            points.padded("altitude"),
            strict=True,
        ):
            if lat is not None and lon is not None:
                latlng.append([lat, lon])
                heights.append(height)
    if len(latlng) < 2:
        return None
    stem = PurePosixPath(found.filename).name.split(".")[0]
    ident = int(stem) if stem.isdigit() else number_of("route", found.filename)
    distances = derive.distance_from_positions(latlng)
    levels = derive.filled(heights) or [0.0] * len(latlng)
    fine, summary = maps.lines(latlng)
    sport = next((track.sport for track in found.tracks if track.sport), "Ride")
    ride = kind_of(sport or "Ride") in WHEEL_KINDS
    made = datetime(2020, 1, 1, 12, tzinfo=UTC)
    athlete = {
        key: owner.detail.get(key)
        for key in ("id", "firstname", "lastname", "city", "state", "country", "sex")
    }
    detail: Json = {
        "athlete": {**athlete, "resource_state": 2},
        "description": None,
        "distance": distances[-1],
        "elevation_gain": derive.climb(levels),
        "id": ident,
        "id_str": str(ident),
        "map": {
            "id": f"r{ident}",
            "polyline": fine,
            "summary_polyline": summary,
            "resource_state": 3,
        },
        "name": found.name or stem,
        "private": False,
        "resource_state": 3,
        "starred": False,
        "sub_type": 1,
        "created_at": stamp(made),
        "updated_at": stamp(made),
        "timestamp": int(made.timestamp()),
        "type": 1 if ride else 2,
        "estimated_moving_time": round(distances[-1] / (6.5 if ride else 2.8)),
        "segments": [],
        "waypoints": [],
    }
    return RouteRecord(
        detail, {"latlng": latlng, "distance": distances, "altitude": levels}
    )

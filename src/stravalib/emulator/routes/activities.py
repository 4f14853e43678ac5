"""Activities: https://developers.strava.com/docs/reference/#api-Activities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stravalib._facts.sports import ACTIVITY_TYPES, SPORT_TYPES, TYPE_OF_SPORT
from stravalib.emulator import cursors
from stravalib.emulator.errors import (
    bad_request,
    internal_only,
    not_found,
    payment_required,
)
from stravalib.emulator.jsonio import loads
from stravalib.emulator.manual import manual_detail
from stravalib.emulator.privacy import trimmed
from stravalib.emulator.records import ActivityRecord, Json, PrivacyZone
from stravalib.emulator.routes.pages import page_of
from stravalib.emulator.routing import (
    PAGE,
    PAGING,
    PER_PAGE,
    Answer,
    Call,
    Param,
    Route,
    answer,
)
from stravalib.emulator.shapes import named_athlete, summary_gear
from stravalib.emulator.uploads import adopt
from stravalib.emulator.zones import read_wall_clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stravalib.emulator.entries import ActivityEntry

READ = ("activity:read", "activity:read_all")
ACTIVITY_ID = Param("id", "integer", "path", required=True, about="An activity's id")
_TYPES = {word.lower(): word for word in ACTIVITY_TYPES}
_THUMBNAIL = 0


def visible_activity(call: Call) -> ActivityEntry:
    """Find the activity in the path, as far as the token may see it."""
    entry = call.state.activities.get(call.args["id"])
    if (
        entry is None
        or entry.athlete_id != call.athlete.id
        or (entry.only_me and not call.allows("activity:read_all"))
    ):
        raise not_found("Activity")
    return entry


def zones_for(call: Call) -> list[PrivacyZone]:
    """Tell the privacy zones that hold for the token."""
    return [] if call.allows("activity:read_all") else call.athlete.privacy_zones


def list_activities(call: Call) -> Answer:
    """List the athlete's activities, the newest first; with ``after`` the oldest.

    Items that the token may not see are taken out after the page is cut, so a page can
    be short or empty before the end.
    """
    before, after = call.args["before"], call.args["after"]
    entries: Sequence[ActivityEntry]
    if before is None and after is None:
        entries = call.state.activities_newest_first(call.athlete.id)
    else:
        entries = call.state.activities_between(call.athlete.id, after, before)
        if after is None:
            entries = entries[::-1]
    page = page_of(call, entries)
    if not call.allows("activity:read_all"):
        page = [entry for entry in page if not entry.only_me]
        zones = call.athlete.privacy_zones
        if zones:
            return answer([trimmed(loads(entry.summary), zones) for entry in page])
    return Answer(
        b"[" + b",".join([entry.summary for entry in page]) + b"]",
        fingerprint=b"page" + b"".join([entry.tag for entry in page]),
    )


def get_activity(call: Call) -> Answer:
    """Show one activity; ``include_all_efforts`` adds the hidden efforts."""
    detail = visible_activity(call).detail
    if not call.args["include_all_efforts"] and detail.get("segment_efforts"):
        efforts = detail["segment_efforts"]
        detail["segment_efforts"] = [e for e in efforts if not e.get("hidden")]
    return answer(trimmed(detail, zones_for(call)))


def create_activity(call: Call) -> Answer:
    """Enter an activity by hand."""
    args = call.args
    sport = args["sport_type"] or _TYPES.get((args["type"] or "").lower())
    if sport not in SPORT_TYPES:
        field = "sport_type" if args["sport_type"] or not args["type"] else "type"
        raise bad_request("Activity", field)
    if not args["name"].strip():
        raise bad_request("Activity", "name")
    try:
        wall = read_wall_clock(args["start_date_local"])
        detail = manual_detail(call.state, call.athlete, args, sport, wall)
    except (ValueError, OverflowError):
        raise bad_request("Activity", "start_date_local") from None
    entry = adopt(call.state, ActivityRecord(detail), call.athlete.id)
    call.server.events.created(entry)
    return answer(entry.detail, 201)


def update_activity(call: Call) -> Answer:
    """Change what may be changed; everything else is silently ignored."""
    entry = visible_activity(call)
    detail = entry.detail
    before = dict(detail)
    _update_texts(call, detail)
    _update_sport(call, detail)
    _update_gear(call, detail)
    for name in ("commute", "trainer", "hide_from_home"):
        # Only a JSON boolean is applied; 1 and 0 of a form are not.
        value = call.fields.get(name)
        if call.json_body and isinstance(value, bool):
            detail[name] = value
    if detail != before:
        entry.detail = detail
        call.state.place(entry, detail)
        call.server.events.updated(entry, before, detail)
    return answer(detail)


def _update_texts(call: Call, detail: Json) -> None:
    for name in ("name", "description"):
        value = call.given(name)
        if value is not None and not isinstance(value, str):
            raise bad_request("Activity", name)
        if value is not None or (name == "description" and name in call.fields):
            detail[name] = value


def _update_sport(call: Call, detail: Json) -> None:
    sport, kind = call.given("sport_type"), call.given("type")
    if sport is not None:
        if sport not in SPORT_TYPES:
            raise bad_request("Activity", "sport_type")
    elif kind is not None:
        sport = _TYPES.get(str(kind).lower())
        if sport is None:
            raise bad_request("Activity", "type")
    if sport is not None:
        detail["sport_type"] = sport
        detail["type"] = TYPE_OF_SPORT.get(sport, sport)


def _update_gear(call: Call, detail: Json) -> None:
    gear_id = call.given("gear_id")
    if gear_id is None:
        return
    if gear_id == "none":
        detail["gear_id"] = None
        detail.pop("gear", None)
        return
    gear = call.athlete.gear.get(str(gear_id))
    if gear is None:
        raise bad_request("Gear", "id")
    detail["gear_id"] = gear["id"]
    detail["gear"] = summary_gear(gear)


def delete_activity(call: Call) -> Answer:
    """Refuse: applications cannot delete since 2017."""
    visible_activity(call)
    raise internal_only()


def list_laps(call: Call) -> Answer:
    """List the laps of an activity."""
    return answer(visible_activity(call).detail.get("laps") or [])


def list_zones(call: Call) -> Answer:
    """List the zones of an activity; for subscribers."""
    entry = visible_activity(call)
    if not call.athlete.subscriber:
        raise payment_required("Activity")
    return answer(entry.get_list("zones"))


def list_comments(call: Call) -> Answer:
    """List comments, oldest first: by cursor, or by page as of old."""
    comments = visible_activity(call).get_list("comments")
    size, after = call.args["page_size"], call.args["after_cursor"]
    if size is None and after is None:
        page = page_of(call, comments)
        return answer([_comment(comment, None) for comment in page])
    if after is not None:
        known = cursors.read(after)
        if known is None:
            raise bad_request("Comment", "after_cursor")
        comments = [item for item in comments if cursors.key(item) > known]
    shown = sorted(comments, key=cursors.key)[: size or 30]
    return answer([_comment(item, cursors.write(item)) for item in shown])


def _comment(comment: Json, cursor: str | None) -> Json:
    athlete = comment.get("athlete") or {}
    return comment | {"athlete": named_athlete(athlete), "cursor": cursor}


def list_kudos(call: Call) -> Answer:
    """List who gave kudos: names only."""
    kudos = visible_activity(call).get_list("kudos")
    return answer([named_athlete(athlete) for athlete in page_of(call, kudos)])


def list_photos(call: Call) -> Answer:
    """List photos; without ``size`` only the smallest of each comes back."""
    photos = visible_activity(call).get_list("photos")
    if not call.args["photo_sources"]:
        photos = [photo for photo in photos if photo.get("source") == 2]
    return answer([_sized(photo, call.args["size"]) for photo in page_of(call, photos)])


def _sized(photo: Json, size: int | None) -> Json:
    urls = photo.get("urls") or {}
    sizes = photo.get("sizes") or {}
    numbers = sorted(int(key) for key in urls if str(key).isdigit())
    if not numbers:
        return photo
    best = numbers[-1]
    if size is None:
        fitting, name = numbers[0], str(_THUMBNAIL)
    else:
        fitting = next((number for number in numbers if number >= size), best)
        name = str(size)
    changed: dict[str, Any] = {"urls": {name: urls[str(fitting)]}}
    full = sizes.get(str(fitting))
    if full:
        changed["sizes"] = {name: _fit(full, size)}
    return photo | changed


def _fit(full: list[int], size: int | None) -> list[int]:
    longest = max(full)
    if size is None or not longest or size >= longest:
        return full
    return [round(side * size / longest) for side in full]


_COMMON = ("activity:write",)
_UPDATABLE = (
    Param("name", "string", "form"),
    Param("description", "string", "form"),
    Param("sport_type", "string", "form"),
    Param("type", "string", "form", about="Deprecated"),
    Param("gear_id", "string", "form", about="'none' takes the gear away"),
    Param("commute", "boolean", "form", lenient=True, about="JSON only"),
    Param("trainer", "boolean", "form", lenient=True, about="JSON only"),
    Param("hide_from_home", "boolean", "form", lenient=True, about="JSON only"),
)

ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/athlete/activities",
        list_activities,
        "List Athlete Activities",
        "Activity",
        "SummaryActivity[]",
        (
            Param("before", "integer", about="Only activities before, epoch seconds"),
            Param("after", "integer", about="Only activities after, epoch seconds"),
            *PAGING,
        ),
        READ,
    ),
    Route(
        "GET",
        "/activities/{id}",
        get_activity,
        "Get Activity",
        "Activity",
        "DetailedActivity",
        (ACTIVITY_ID, Param("include_all_efforts", "boolean", lenient=True)),
        READ,
        statuses=(200, 404),
    ),
    Route(
        "POST",
        "/activities",
        create_activity,
        "Create an Activity",
        "Activity",
        "DetailedActivity",
        (
            Param("name", "string", "form", required=True),
            Param("sport_type", "string", "form"),
            Param("type", "string", "form", about="Deprecated"),
            Param("start_date_local", "string", "form", required=True),
            Param(
                "elapsed_time",
                "integer",
                "form",
                required=True,
                minimum=0,
                maximum=100_000_000,
            ),
            Param("description", "string", "form"),
            Param("distance", "number", "form", minimum=0, maximum=1e9),
            Param("trainer", "boolean", "form", lenient=True),
            Param("commute", "boolean", "form", lenient=True),
        ),
        _COMMON,
        read=False,
        statuses=(201, 400),
    ),
    Route(
        "PUT",
        "/activities/{id}",
        update_activity,
        "Update Activity",
        "Activity",
        "DetailedActivity",
        (ACTIVITY_ID, *_UPDATABLE),
        _COMMON,
        statuses=(200, 400, 404),
    ),
    Route(
        "DELETE",
        "/activities/{id}",
        delete_activity,
        "Delete Activity (removed in 2017)",
        "Activity",
        "Fault",
        (ACTIVITY_ID,),
        statuses=(401, 404),
    ),
    Route(
        "GET",
        "/activities/{id}/laps",
        list_laps,
        "List Activity Laps",
        "Activity",
        "Lap[]",
        (ACTIVITY_ID,),
        READ,
        statuses=(200, 404),
    ),
    Route(
        "GET",
        "/activities/{id}/zones",
        list_zones,
        "Get Activity Zones",
        "Activity",
        "ActivityZone[]",
        (ACTIVITY_ID,),
        READ,
        statuses=(200, 402, 404),
    ),
    Route(
        "GET",
        "/activities/{id}/comments",
        list_comments,
        "List Activity Comments",
        "Comment",
        "Comment[]",
        (
            ACTIVITY_ID,
            Param("page_size", "integer", minimum=1, maximum=200),
            Param("after_cursor", "string"),
            PAGE,
            PER_PAGE,
        ),
        READ,
        statuses=(200, 400, 404),
    ),
    Route(
        "GET",
        "/activities/{id}/kudos",
        list_kudos,
        "List Activity Kudoers",
        "Activity",
        "NamedAthlete[]",
        (ACTIVITY_ID, *PAGING),
        READ,
        statuses=(200, 404),
    ),
    Route(
        "GET",
        "/activities/{id}/photos",
        list_photos,
        "List Activity Photos (undocumented)",
        "Activity",
        "ActivityPhoto[]",
        (
            ACTIVITY_ID,
            Param("size", "integer", minimum=0, maximum=100_000),
            Param("photo_sources", "boolean", lenient=True),
            *PAGING,
        ),
        READ,
        statuses=(200, 404),
    ),
)

"""Clubs: https://developers.strava.com/docs/reference/#api-Clubs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stravalib.emulator.clock import parse_stamp
from stravalib.emulator.errors import internal_only, no_such_path, not_found
from stravalib.emulator.routes.pages import page_of
from stravalib.emulator.routing import PAGING, Answer, Call, Param, Route, answer
from stravalib.emulator.shapes import club_activity, named_athlete

if TYPE_CHECKING:
    from stravalib.emulator.records import ClubRecord, Json

CLUB_ID = Param("id", "integer", "path", required=True, about="A club's id")
_REMOVED = " (removed 2026-09-01)"


def visible_club(call: Call) -> ClubRecord:
    """Find the club in the path; private ones are for members."""
    record = call.state.clubs.get(call.args["id"])
    if record is None:
        raise not_found("Club")
    if record.detail.get("private") and call.athlete.id not in record.member_ids:
        raise not_found("Club")
    return record


def get_club(call: Call) -> Answer:
    """Show a club and one's place in it."""
    record = visible_club(call)
    me = call.athlete.id
    return answer(
        record.detail
        | {
            "resource_state": 3,
            "membership": "member" if me in record.member_ids else None,
            "admin": me in record.admin_ids,
            "owner": record.detail.get("owner_id") == me,
        }
    )


def list_activities(call: Call) -> Answer:
    """List the newest activities of the members, without ids and dates."""
    if not call.state.profile.club_lists:
        raise no_such_path()
    record = visible_club(call)
    wanted = call.args["page"] * call.args["per_page"]
    entries = [
        entry
        for member in record.member_ids
        if member in call.state.athletes
        for entry in call.state.activities_newest_first(member)[:wanted]
        if not entry.only_me
    ]
    entries.sort(key=lambda entry: -entry.start)
    return answer(
        [
            club_activity(entry.detail, call.state.athletes[entry.athlete_id].detail)
            for entry in page_of(call, entries)
        ]
    )


def list_members(call: Call) -> Answer:
    """List the members by name."""
    if not call.state.profile.club_lists:
        raise internal_only()
    record = visible_club(call)
    members = []
    for number in page_of(call, record.member_ids):
        item = _name(call, number)
        if item is not None:
            item |= {
                "membership": "member",
                "admin": number in record.admin_ids,
                "owner": record.detail.get("owner_id") == number,
            }
            members.append(item)
    return answer(members)


def list_admins(call: Call) -> Answer:
    """List the administrators by name."""
    if not call.state.profile.club_lists:
        raise internal_only()
    record = visible_club(call)
    names = [_name(call, number) for number in page_of(call, record.admin_ids)]
    return answer([name for name in names if name is not None])


def _name(call: Call, athlete_id: int) -> Json | None:
    athlete = call.state.athletes.get(athlete_id)
    return None if athlete is None else named_athlete(athlete.detail)


def list_events(call: Call) -> Answer:
    """List the events of a club, all at once."""
    events = visible_club(call).events
    if call.args["upcoming"]:
        events = [
            event
            for event in events
            if any(
                parse_stamp(moment) >= call.now
                for moment in event.get("upcoming_occurrences") or []
            )
        ]
    return answer(events)


def join(call: Call) -> Answer:
    """Join a club; reserved for Strava's own applications since 2026-09-01."""
    if not call.state.profile.club_lists:
        raise internal_only()
    record = visible_club(call)
    if call.athlete.id not in record.member_ids:
        record.member_ids.append(call.athlete.id)
        call.state.put_club(record)
    return answer({"success": True, "active": True, "membership": "member"})


def leave(call: Call) -> Answer:
    """Leave a club; reserved for Strava's own applications since 2026-09-01."""
    if not call.state.profile.club_lists:
        raise internal_only()
    record = visible_club(call)
    if call.athlete.id in record.member_ids:
        record.member_ids.remove(call.athlete.id)
        call.state.put_club(record)
    return answer({"success": True, "active": False, "membership": None})


ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/clubs/{id}",
        get_club,
        "Get Club",
        "Club",
        "DetailedClub",
        (CLUB_ID,),
        statuses=(200, 404),
    ),
    Route(
        "GET",
        "/clubs/{id}/activities",
        list_activities,
        "List Club Activities" + _REMOVED,
        "Club",
        "ClubActivity[]",
        (CLUB_ID, *PAGING),
        statuses=(200, 404),
    ),
    Route(
        "GET",
        "/clubs/{id}/members",
        list_members,
        "List Club Members" + _REMOVED,
        "Club",
        "ClubAthlete[]",
        (CLUB_ID, *PAGING),
        statuses=(200, 401, 404),
    ),
    Route(
        "GET",
        "/clubs/{id}/admins",
        list_admins,
        "List Club Administrators" + _REMOVED,
        "Club",
        "NamedAthlete[]",
        (CLUB_ID, *PAGING),
        statuses=(200, 401, 404),
    ),
    Route(
        "GET",
        "/clubs/{id}/group_events",
        list_events,
        "List Club Events (undocumented)",
        "Club",
        "ClubEvent[]",
        (CLUB_ID, Param("upcoming", "boolean", lenient=True)),
        statuses=(200, 404),
    ),
    Route(
        "POST",
        "/clubs/{id}/join",
        join,
        "Join Club (undocumented)",
        "Club",
        "MembershipApplication",
        (CLUB_ID,),
        statuses=(200, 401, 404),
    ),
    Route(
        "POST",
        "/clubs/{id}/leave",
        leave,
        "Leave Club (undocumented)",
        "Club",
        "MembershipApplication",
        (CLUB_ID,),
        statuses=(200, 401, 404),
    ),
)

"""Activities: https://developers.strava.com/docs/reference/#api-Activities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stravalib.emulator.errors import not_found
from stravalib.emulator.routes.pages import page_of
from stravalib.emulator.routing import PAGING, Answer, Call, Param, Route, answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stravalib.emulator.entries import ActivityEntry

READ = ("activity:read", "activity:read_all")
ACTIVITY_ID = Param("id", "integer", "path", required=True, about="An activity's id")


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
    return Answer(b"[" + b",".join([entry.summary for entry in page]) + b"]")


def get_activity(call: Call) -> Answer:
    """Show one activity of the athlete."""
    return answer(visible_activity(call).detail)


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
    ),
)

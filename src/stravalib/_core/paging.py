"""Which lists end where: one table, one decision.

A page that is shorter than asked for does not prove the end where Strava filters
after fetching (https://developers.strava.com/docs/#pagination); asking on after a
short page where it does prove it would waste quota.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_PER_PAGE = 200
# So many pages in a row without anything new are the end, whatever the server says.
MOST_BARREN_PAGES = 2


class Paging(Enum):
    """How a list goes on after a page."""

    # Items are filtered after fetching: only an empty page is the end.
    UNTIL_EMPTY = "until_empty"
    # Pages are full up to the last one.
    UNTIL_SHORT = "until_short"
    # One request holds everything.
    SINGLE = "single"
    # Each page names the next one.
    CURSOR = "cursor"


POLICIES: dict[str, Paging] = {
    "athlete_activities": Paging.UNTIL_EMPTY,
    "starred_segments": Paging.UNTIL_EMPTY,
    "athlete_starred_segments": Paging.UNTIL_EMPTY,
    "routes": Paging.UNTIL_EMPTY,
    "segment_efforts": Paging.UNTIL_EMPTY,
    "athlete_koms": Paging.UNTIL_SHORT,
    "athlete_clubs": Paging.UNTIL_SHORT,
    "activity_kudos": Paging.UNTIL_SHORT,
    "activity_photos": Paging.UNTIL_SHORT,
    "club_members": Paging.UNTIL_SHORT,
    "club_admins": Paging.UNTIL_SHORT,
    "club_activities": Paging.UNTIL_SHORT,
    "activity_comments": Paging.CURSOR,
    "activity_laps": Paging.SINGLE,
    "activity_zones": Paging.SINGLE,
    "route_streams": Paging.SINGLE,
    "subscriptions": Paging.SINGLE,
    "club_events": Paging.SINGLE,
}


_NAMES = frozenset((int, str))  # what an id is


def normal_limit(limit: int | None) -> int | None:
    """Return the limit; None for "all", which code in the wild writes as 0.

    Raises
    ------
    ValueError
        Where the limit is negative.
    TypeError
        Where it is no whole number.
    """
    if limit is not None and not hasattr(limit, "__index__"):
        raise TypeError(f"limit={limit!r} is not a whole number; None is all results.")
    if limit is not None and limit < 0:
        raise ValueError(
            f"limit={limit!r} is negative; use None (or 0) for all results."
        )
    return limit or None


def is_last(policy: Paging, received: int, per_page: int) -> bool:
    """Tell whether a page of ``received`` rows ends the list."""
    if received == 0 or policy is Paging.SINGLE:
        return True
    if policy is Paging.UNTIL_EMPTY:
        return False
    return received < per_page


def next_cursor(rows: Sequence[Any]) -> str | None:
    """Return the cursor that the next page starts after; None where there is none."""
    last = rows[-1] if rows else None
    cursor = last.get("cursor") if isinstance(last, dict) else None
    # It comes escaped (...%3D%3D) and is escaped again when it is sent.
    return unquote(str(cursor)) if cursor else None


def unseen(rows: Sequence[Any], seen: set[Any]) -> tuple[list[Any], bool]:
    """Rows whose id did not come before, and whether the page brought anything new.

    ``seen`` learns what came. A row without an id is always handed on: two people of
    one name are two.
    """
    try:
        ids = {row["id"] for row in rows}
    except (KeyError, TypeError):  # no id, no object, an id that is no value
        ids = set()
    if (
        len(ids) == len(rows)
        and seen.isdisjoint(ids)
        and _NAMES.issuperset(map(type, ids))
    ):
        seen |= ids
        return rows if type(rows) is list else list(rows), bool(rows)
    fresh = []
    has_news = False
    for row in rows:
        key = row.get("id") if isinstance(row, dict) else None
        is_named = type(key) in _NAMES
        mark = key if is_named else _stable(row)
        if mark not in seen:
            seen.add(mark)
            has_news = True
        elif is_named:
            continue
        fresh.append(row)
    return fresh, has_news


def _stable(row: Any) -> str:
    """Return what stays the same about a row without an id: all but its counts."""
    if isinstance(row, dict):
        row = {k: v for k, v in row.items() if not str(k).endswith("_count")}
    return f"row {row!r}"

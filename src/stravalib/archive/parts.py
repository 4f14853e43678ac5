"""What a sync can fetch: each part, its call, and which edits make it stale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from stravalib.archive.plan import Progress, SyncPlan

Mode = Literal["one", "list", "page", "file"]


class Call(NamedTuple):
    """One method of the client to call (or one file to get), and what it is for."""

    part: str
    kind: str
    key: str
    method: str
    args: tuple[Any, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()
    mode: Mode = "one"


@dataclass(frozen=True, slots=True)
class Part:
    """Something of an activity that one call fetches."""

    name: str
    kind: str
    method: str
    mode: Mode = "one"
    options: tuple[tuple[str, Any], ...] = ()
    # Only where this count in the summary is not zero.
    counted_by: tuple[str, ...] = ()
    recorded: bool = False  # only for activities that were recorded, not typed in

    def wanted(self, summary: dict[str, Any]) -> bool:
        """Tell from the summary whether there can be anything to fetch."""
        if self.recorded and summary.get("manual"):
            return False
        counts = [summary[name] for name in self.counted_by if name in summary]
        return not counts or any(counts)

    def call(self, activity_id: str) -> Call:
        """Return the call for one activity."""
        return Call(
            self.name,
            self.kind,
            activity_id,
            self.method,
            (int(activity_id),),
            self.options,
            self.mode,
        )


ACTIVITY_PARTS: dict[str, Part] = {
    part.name: part
    for part in (
        Part("details", "activity_detail", "get_activity"),
        Part("streams", "activity_streams", "get_activity_streams", recorded=True),
        Part("laps", "activity_laps", "get_activity_laps", "list"),
        Part("zones", "activity_zones", "get_activity_zones", recorded=True),
        Part(
            "comments",
            "activity_comments",
            "get_activity_comments",
            "list",
            counted_by=("comment_count",),
        ),
        Part(
            "kudos",
            "activity_kudos",
            "get_activity_kudos",
            "list",
            counted_by=("kudos_count",),
        ),
        Part(
            "photos",
            "activity_photos",
            "get_activity_photos",
            "list",
            (("size", 2048),),
            counted_by=("total_photo_count", "photo_count"),
        ),
    )
}
# Fetched when missing and at each check: not of one activity.
ACCOUNT_PARTS: tuple[str, ...] = (
    "athlete",
    "stats",
    "gear",
    "clubs",
    "routes",
    "segments",
)
ALL_PARTS: tuple[str, ...] = (*ACTIVITY_PARTS, *ACCOUNT_PARTS)
DEFAULT_PARTS: tuple[str, ...] = ("details", "streams")

# A change of these makes the lists stale that they count, and nothing else.
_COUNTS: dict[str, tuple[str, ...]] = {
    "kudos_count": ("activity_kudos",),
    "comment_count": ("activity_comments",),
    "total_photo_count": ("activity_photos", "activity_detail"),
    "photo_count": ("activity_photos",),
    "has_kudoed": (),
    "athlete_count": (),
}
# A change of these means that the recording is another one (cropped, corrected).
_RECORDING = frozenset(
    {
        "distance",
        "moving_time",
        "elapsed_time",
        "start_date",
        "start_latlng",
        "end_latlng",
        "upload_id",
        "map",
        "sport_type",
        "total_elevation_gain",
    }
)


def stale_kinds(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """Return the kinds of records that an edit has made stale."""
    names = {
        name
        for name in before.keys() | after.keys()
        if before.get(name) != after.get(name)
    }
    kinds: set[str] = set()
    for name in names:
        if name in _COUNTS:
            kinds.update(_COUNTS[name])
            continue
        kinds.add("activity_detail")
        if name in _RECORDING:
            kinds |= {"activity_streams", "activity_laps", "activity_zones"}
    return kinds


def check_parts(what: Any) -> tuple[str, ...]:
    """Return the parts asked for in the order they are fetched.

    Raises
    ------
    ValueError
        A part that there is not.
    """
    wanted = [what] if isinstance(what, str) else list(what)
    if wanted == ["all"]:
        return ALL_PARTS
    unknown = [name for name in wanted if name not in ALL_PARTS]
    if unknown:
        raise ValueError(
            f"unknown parts {unknown}: choose among {', '.join(ALL_PARTS)}, or 'all'"
        )
    return tuple(name for name in ALL_PARTS if name in wanted)


@dataclass(frozen=True, slots=True)
class SyncOptions:
    """What a sync is asked to do; see `Archive.sync`."""

    what: tuple[str, ...] = DEFAULT_PARTS
    check: bool | None = None
    athlete_id: int | None = None
    since: int | None = None
    max_requests: int | None = None
    on_plan: Callable[[SyncPlan], bool | None] | None = None
    progress: Callable[[Progress], None] | None = None

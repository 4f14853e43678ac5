"""One's own Strava data, kept on one's own machine.

`Archive` is a SQLite file with every record as it came in, typed tables and views for
SQL, and packed streams. It is filled by a sync with a client, by importing Strava's
bulk export or by importing FIT, TCX and GPX files; it gives frames and files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stravalib.archive.core import Archive
    from stravalib.archive.errors import (
        AlreadyRunning,
        ArchiveBusy,
        ArchiveError,
        ArchiveFull,
        ArchiveReadOnly,
        ArchiveTooNew,
        MixedSources,
        NotAnArchive,
        NotKept,
    )
    from stravalib.archive.frames import Frame
    from stravalib.archive.importing import ImportResult
    from stravalib.archive.plan import Miss, Progress, SyncPlan, SyncResult
    from stravalib.archive.policy import Decision, Receipt
    from stravalib.archive.reading import StreamSet
    from stravalib.archive.store import Record, Store

_DOORS = {
    "AlreadyRunning": "errors",
    "Archive": "core",
    "ArchiveBusy": "errors",
    "ArchiveError": "errors",
    "ArchiveFull": "errors",
    "ArchiveReadOnly": "errors",
    "ArchiveTooNew": "errors",
    "Decision": "policy",
    "Frame": "frames",
    "ImportResult": "importing",
    "Miss": "plan",
    "MixedSources": "errors",
    "NotAnArchive": "errors",
    "NotKept": "errors",
    "Progress": "plan",
    "Receipt": "policy",
    "Record": "store",
    "Store": "store",
    "StreamSet": "reading",
    "SyncPlan": "plan",
    "SyncResult": "plan",
}

__all__ = [
    "AlreadyRunning",
    "Archive",
    "ArchiveBusy",
    "ArchiveError",
    "ArchiveFull",
    "ArchiveReadOnly",
    "ArchiveTooNew",
    "Decision",
    "Frame",
    "ImportResult",
    "Miss",
    "MixedSources",
    "NotAnArchive",
    "NotKept",
    "Progress",
    "Receipt",
    "Record",
    "Store",
    "StreamSet",
    "SyncPlan",
    "SyncResult",
]


def __getattr__(name: str) -> object:
    if name in _DOORS:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_DOORS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

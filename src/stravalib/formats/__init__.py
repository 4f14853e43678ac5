"""Files of activities: read and write GPX, TCX, FIT, GeoJSON, CSV, bulk exports.

`read` turns the bytes of any supported file into `Track` objects, whatever its name
says; `write` turns a track into bytes. `open_export` reads Strava's bulk export.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stravalib.formats.errors import REASONS, FormatError, Reason
from stravalib.formats.track import (
    PoolLength,
    StrengthSet,
    Track,
    TrackDevice,
    TrackLap,
    TrackPoints,
    TrackTotals,
    Waypoint,
)

if TYPE_CHECKING:
    from stravalib.formats.bulk_export import BulkExport, ExportActivity, open_export
    from stravalib.formats.reader import read, sniff
    from stravalib.formats.streams import from_streams, to_streams
    from stravalib.formats.writer import (
        write,
        write_csv,
        write_fit,
        write_geojson,
        write_gpx,
        write_tcx,
    )

_DOORS = {
    "BulkExport": "bulk_export",
    "ExportActivity": "bulk_export",
    "from_streams": "streams",
    "open_export": "bulk_export",
    "read": "reader",
    "sniff": "reader",
    "to_streams": "streams",
    "write": "writer",
    "write_csv": "writer",
    "write_fit": "writer",
    "write_geojson": "writer",
    "write_gpx": "writer",
    "write_tcx": "writer",
}

__all__ = [
    "REASONS",
    "BulkExport",
    "ExportActivity",
    "FormatError",
    "PoolLength",
    "Reason",
    "StrengthSet",
    "Track",
    "TrackDevice",
    "TrackLap",
    "TrackPoints",
    "TrackTotals",
    "Waypoint",
    "from_streams",
    "open_export",
    "read",
    "sniff",
    "to_streams",
    "write",
    "write_csv",
    "write_fit",
    "write_geojson",
    "write_gpx",
    "write_tcx",
]


def __getattr__(name: str) -> object:
    if name in _DOORS:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_DOORS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

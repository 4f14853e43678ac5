"""Stream types (docs/reference, Streams): name -> unit."""

from __future__ import annotations

STREAM_UNITS: dict[str, str] = {
    "time": "s",
    "distance": "m",
    "latlng": "deg",
    "altitude": "m",
    "velocity_smooth": "m/s",
    "heartrate": "bpm",
    "cadence": "rpm",
    "watts": "W",
    "temp": "degC",
    "moving": "bool",
    "grade_smooth": "%",
}
STREAM_TYPES: tuple[str, ...] = tuple(STREAM_UNITS)

# resolution -> about how many points come back
RESOLUTIONS: dict[str, int] = {"low": 100, "medium": 1000, "high": 10000}

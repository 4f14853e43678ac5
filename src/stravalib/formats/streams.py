"""From a track to Strava's stream sets and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stravalib.formats.track import Column, Track, TrackPoints, moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Sample = float | int | bool | list[float] | None

# stream type -> column; the integer ones are rounded, as Strava has them
_PLAIN = {
    "altitude": "altitude",
    "distance": "distance",
    "velocity_smooth": "speed",
    "heartrate": "heartrate",
    "cadence": "cadence",
    "watts": "watts",
    "temp": "temp",
}
_WHOLE = {"heartrate", "cadence", "watts", "temp"}


def to_streams(track: Track) -> dict[str, list[Sample]]:
    """Return the points as streams: type -> samples, all of one length.

    ``time`` counts whole seconds from the start; points without a time are left out.
    Gaps stay ``None``. Nothing is computed: a track without distances has no
    ``distance`` stream. ``latlng`` is there when any point has a position.
    """
    points = track.points
    keep = [index for index, value in enumerate(points.time) if value is not None]
    if not keep:
        return {}
    times = [points.time[index] or 0.0 for index in keep]
    start = track.start_seconds
    if start is None or start > times[0]:
        start = times[0]
    streams: dict[str, list[Sample]] = {"time": [round(t - start) for t in times]}
    if track.has_positions:
        streams["latlng"] = [
            None if (lat := points.lat[i]) is None or (lon := points.lon[i]) is None
            else [lat, lon]
            for i in keep
        ]  # fmt: skip
    for stream, name in _PLAIN.items():
        column: Column = getattr(points, name)
        if any(value is not None for value in column):
            values = [column[index] for index in keep]
            streams[stream] = (
                [None if value is None else round(value) for value in values]
                if stream in _WHOLE
                else list(values)
            )
    return streams


def from_streams(
    streams: Mapping[str, Sequence[Sample]],
    *,
    start: float | None = None,
    sport: str | None = None,
    name: str | None = None,
    description: str | None = None,
) -> Track:
    """Return a track of streams as Strava sends them.

    Parameters
    ----------
    streams
        Stream type -> samples (the ``data`` of each stream).
    start
        The start in seconds since 1970; without it the points get no times (route).
    sport, name, description
        Of the activity.

    Raises
    ------
    ValueError
        When the streams have different lengths.
    """
    size = max((len(data) for data in streams.values()), default=0)
    for kind, data in streams.items():
        if len(data) not in (0, size):
            raise ValueError(
                f"stream {kind!r} has {len(data)} samples, another has {size}; "
                "ask for all streams in one request, with one resolution"
            )
    offsets = _numbers(streams.get("time") or ())
    if start is None or not offsets:
        time: Column = [None] * size
    else:
        time = [None if value is None else start + value for value in offsets]
    points = TrackPoints(time=time)
    for stream, column in _PLAIN.items():
        setattr(points, column, _numbers(streams.get(stream) or ()))
    for pair in streams.get("latlng") or ():
        known = isinstance(pair, (list, tuple)) and len(pair) == 2
        points.lat.append(float(pair[0]) if known else None)  # type: ignore[index]
        points.lon.append(float(pair[1]) if known else None)  # type: ignore[index]
    points.compact()
    return Track(
        sport=sport,
        name=name,
        description=description,
        kind="route" if start is None else "activity",
        start=None if start is None else moment(start),
        points=points,
    )


def _numbers(data: Sequence[Sample]) -> Column:
    return [float(value) if isinstance(value, (int, float)) else None for value in data]

"""Streams as they are sent: chosen, thinned out, in one of two shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stravalib._facts.streams import RESOLUTIONS, STREAM_TYPES

if TYPE_CHECKING:
    from stravalib.emulator.records import Json, Streams

_MOST = RESOLUTIONS["high"]


def chosen(
    streams: Streams, keys: list[str], series_type: str, resolution: str | None
) -> dict[str, Json]:
    """Pick streams and the series axis, thin them out and describe them.

    Without a resolution everything is sent, and it is called ``high``.
    """
    axis = streams.get(series_type)
    if axis is None:
        series_type = "time" if series_type == "distance" else "distance"
        axis = streams.get(series_type)
    wanted = [name for name in STREAM_TYPES if name in keys and name in streams]
    if not wanted:
        return {}
    if axis is not None and series_type not in wanted:
        wanted.append(series_type)
    size = max(len(streams[name]) for name in wanted)
    places: list[int] | None = None
    if resolution is not None and size > RESOLUTIONS[resolution]:
        places = _places(axis, size, RESOLUTIONS[resolution])
    answer = {}
    for name in wanted:
        data: list[Any] = streams[name]
        if places is not None:
            data = [data[place] for place in places if place < len(data)]
        answer[name] = {
            "data": data,
            "series_type": series_type,
            "original_size": len(streams[name]),
            "resolution": resolution or "high",
        }
    return answer


def _places(axis: list[Any] | None, size: int, count: int) -> list[int]:
    """Choose ``count`` places, evenly along the axis, first and last among them."""
    if axis is None or len(axis) < size or axis[-1] is None or axis[-1] == axis[0]:
        step = (size - 1) / (count - 1)
        return [round(place * step) for place in range(count)]
    first, last = float(axis[0] or 0), float(axis[-1])
    step = (last - first) / (count - 1)
    answer, place = [0], 0
    for number in range(1, count - 1):
        goal = first + number * step
        # Never skip so far that too few samples are left for the rest.
        while place < size - 2 and (axis[place] is None or axis[place] < goal):
            place += 1
        if place > answer[-1]:
            answer.append(place)
    answer.append(size - 1)
    return answer


def as_list(streams: dict[str, Json]) -> list[Json]:
    """Give the array shape."""
    return [{"type": name} | stream for name, stream in streams.items()]

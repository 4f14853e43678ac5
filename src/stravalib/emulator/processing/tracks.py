"""From a track of `stravalib.formats` to streams, laps and what a file states."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from stravalib.emulator.processing import derive
from stravalib.emulator.processing.parts import Lap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stravalib.emulator.records import Streams
    from stravalib.formats import Track

# Streams that are whole numbers, and the columns they come from.
WHOLE = (("heartrate", 250), ("cadence", 300), ("watts", 4000), ("temp", 80))
JOIN_SECONDS = 2 * 3600.0
OVERLAP_SECONDS = 120.0


def merged(tracks: Sequence[Track]) -> Track:
    """Make one track of several: the legs of a multisport file, the tracks of a GPX.

    The sport is that of the longest leg, each leg without laps becomes a lap. Legs of a
    FIT file that lie hours apart are not one activity: then the longest one is taken.
    """
    recorded = [track for track in tracks if track.kind == "activity"]
    legs = [track for track in recorded or tracks if track.has_times]
    legs = legs or [track for track in tracks if track.totals.stated()]
    legs = sorted(legs or list(tracks), key=lambda track: _edge(track, 0))
    longest = max(legs, key=_seconds)
    if len(legs) == 1:
        return longest
    if longest.source != "gpx":
        gaps = (_edge(b, 0) - _edge(a, -1) for a, b in pairwise(legs))
        if any(not -OVERLAP_SECONDS <= gap <= JOIN_SECONDS for gap in gaps):
            return longest
    return _joined(legs, longest)


def _edge(track: Track, which: int) -> float:
    """Return the time of the first (0) or last (-1) point, or what is stated."""
    known = [value for value in track.points.time if value is not None]
    if known:
        return known[which]
    stated = track.end_seconds if which else track.start_seconds
    return stated or 0.0


def _seconds(track: Track) -> float:
    start, end = track.start_seconds, track.end_seconds
    return end - start if start is not None and end is not None else 0.0


def _joined(legs: Sequence[Track], longest: Track) -> Track:
    from stravalib.formats import TrackLap, TrackPoints, TrackTotals
    from stravalib.formats.track import COLUMNS

    points = TrackPoints()
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    laps: list[Any] = []
    far = 0.0
    for leg in legs:
        for name in COLUMNS:
            values = leg.points.padded(name)
            if name == "distance":
                values = [None if v is None else v + far for v in values]
            columns[name] += values
        known = [v for v in columns["distance"] if v is not None]
        far = max(known, default=far)
        laps += leg.laps or [TrackLap(start=leg.start_seconds, name=leg.sport)]
    for name in COLUMNS:
        setattr(points, name, columns[name])
    points.compact()
    totals = TrackTotals()
    for name in ("distance", "timer_time", "calories", "ascent"):
        stated = [getattr(leg.totals, name) for leg in legs]
        if all(value is not None for value in stated):
            setattr(totals, name, sum(stated))
    ends = [leg.end_seconds for leg in legs if leg.end_seconds is not None]
    begin = legs[0].start_seconds
    if begin is not None and ends and longest.source == "fit":
        totals.elapsed_time = max(ends) - begin
    return replace(
        longest,
        start=legs[0].start,
        points=points,
        laps=laps,
        lengths=[],
        totals=totals,
        breaks=[],
        pauses=[],
    )


def start_of(track: Track) -> datetime | None:
    """Return when the track began: what it states, unless a point came before."""
    first = min((t for t in track.points.time if t is not None), default=None)
    stated = track.start_seconds
    if first is not None and (stated is None or not -3600 <= first - stated <= 86_400):
        stated = first
    if stated is None:
        return None
    if first is not None:
        stated = min(stated, first)
    try:
        return datetime.fromtimestamp(int(stated), UTC)
    except (OverflowError, OSError, ValueError):
        return None


def streams_of(track: Track, start: datetime) -> tuple[Streams, list[Lap]]:
    """Return the streams of a track, and its laps as sample indexes.

    Points without a time are left out, those of one second are one sample, time never
    runs backwards and distance never shrinks.
    """
    begin = start.timestamp()
    rows = _rows(track, begin)
    times = [second for second, _ in rows]
    if not times:
        return _lengths(track, begin), []
    groups = [group for _, group in rows]
    streams: Streams = {"time": times}
    _positions(track, groups, streams)
    _numbers(track, groups, streams)
    if "distance" not in streams and track.lengths:
        return _lengths(track, begin) or streams, []
    return streams, _laps(track, begin, times)


def _rows(track: Track, begin: float) -> list[tuple[int, list[int]]]:
    """Group the points by whole seconds since the start, in order of time."""
    clock = track.points.time
    order = [index for index, value in enumerate(clock) if value is not None]
    seconds = [(clock[index] or 0.0) - begin for index in order]
    if any(a > b for a, b in pairwise(seconds)):
        order.sort(key=lambda index: clock[index] or 0.0)
        seconds.sort()
    rows: list[tuple[int, list[int]]] = []
    for index, exact in zip(order, seconds, strict=True):
        second = round(exact)
        if second < 0:
            continue
        if rows and rows[-1][0] == second:
            rows[-1][1].append(index)
        else:
            rows.append((second, [index]))
    return rows


def _column(values: Sequence[Any], groups: Sequence[list[int]]) -> list[Any]:
    """Return the last known value of each group: some devices write in pieces."""
    answer = []
    for group in groups:
        value = values[group[-1]]
        if value is None and len(group) > 1:
            known = [values[index] for index in group if values[index] is not None]
            value = known[-1] if known else None
        answer.append(value)
    return answer


def _between(values: Sequence[float | None], times: Sequence[int]) -> list[float]:
    """Fill gaps in proportion to the time; the ends are held."""
    answer = derive.filled(values)
    known = [index for index, value in enumerate(values) if value is not None]
    for a, b in pairwise(known):
        if b - a > 1:
            low, high = answer[a], values[b]
            assert high is not None
            span = times[b] - times[a]
            for index in range(a + 1, b):
                part = (times[index] - times[a]) / span
                answer[index] = low + (high - low) * part
    return answer


def _positions(track: Track, groups: Sequence[list[int]], streams: Streams) -> None:
    points = track.points
    if any(value is not None for value in points.distance):
        streams["distance"] = _growing(
            _between(_column(points.distance, groups), streams["time"])
        )
    if not track.has_positions:
        return
    lats, lons = points.padded("lat"), points.padded("lon")
    every: list[list[float] | None] = []
    for lat, lon in zip(lats, lons, strict=True):
        every.append(None if lat is None or lon is None else [lat, lon])
    line = _column(every, groups)
    if "distance" not in streams:
        order = [index for group in groups for index in group]
        along = derive.distance_from_positions([every[index] for index in order])
        far: list[float | None] = []
        end = -1
        for group, point in zip(groups, line, strict=True):
            end += len(group)
            far.append(None if point is None else along[end])
        streams["distance"] = [
            round(value, 1) for value in _between(far, streams["time"])
        ]
    times = streams["time"]
    north = _between([None if p is None else p[0] for p in line], times)
    east = _between([None if p is None else p[1] for p in line], times)
    streams["latlng"] = [
        [round(lat, 6), round(lng, 6)] for lat, lng in zip(north, east, strict=True)
    ]


def _growing(values: Sequence[float | None]) -> list[float]:
    """Fill gaps and dips of a distance, and add up what begins again at zero."""
    answer: list[float] = []
    top = base = 0.0
    for value in values:
        if value is not None:
            if base + value < top - 1000 and value < 100:
                base = top  # a counter that was set back
            top = max(top, base + value)
        answer.append(round(top, 1))
    return answer


def _numbers(track: Track, groups: Sequence[list[int]], streams: Streams) -> None:
    points = track.points
    if any(value is not None for value in points.altitude):
        heights = derive.filled(_column(points.altitude, groups))
        if heights:
            streams["altitude"] = [round(float(height), 1) for height in heights]
    for name, top in WHOLE:
        column = getattr(points, name)
        if column:
            cut = [
                None if v is None or not -80 <= v <= top else round(v)
                for v in _column(column, groups)
            ]
            if any(value is not None for value in cut):
                streams[name] = cut if name == "watts" else derive.filled(cut)
    if "distance" not in streams and any(v is not None for v in points.speed):
        total, last = 0.0, streams["time"][0]
        far = []
        speeds = _column(points.speed, groups)
        for second, speed in zip(streams["time"], speeds, strict=True):
            total += max(0.0, speed or 0.0) * min(10, second - last)
            last = second
            far.append(round(total, 1))
        streams["distance"] = far


def _lengths(track: Track, begin: float) -> Streams:
    """Return the streams of a pool swim that has lengths and no points."""
    size = track.pool_length
    if not track.lengths or not size:
        return {}
    times, far, total, now = [0], [0.0], 0.0, 0.0
    for length in track.lengths:
        seconds = length.elapsed_time or length.timer_time or 0.0
        now = (length.start - begin if length.start else now) + seconds
        total += size if length.active else 0.0
        if round(now) > times[-1]:
            times.append(round(now))
            far.append(round(total, 1))
        else:
            far[-1] = round(total, 1)
    return {"time": times, "distance": far}


def _laps(track: Track, begin: float, times: list[int]) -> list[Lap]:
    starts = [lap.start for lap in track.laps if lap.start is not None]
    if len(starts) < 2 or len(starts) > len(times):
        return []
    edges: list[int] = []
    for moment in starts:
        second = moment - begin
        at = next((i for i, t in enumerate(times) if t >= second), len(times) - 1)
        edges.append(max(at, edges[-1] if edges else 0))
    names = [lap.name for lap in track.laps if lap.start is not None]
    ends = [*edges[1:], len(times) - 1]
    return [
        Lap(first, last, name)
        for first, last, name in zip(edges, ends, names, strict=True)
        if last > first
    ]

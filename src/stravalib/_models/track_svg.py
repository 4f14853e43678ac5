"""Draw positions as a small picture, without a map below and without network."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

Place = tuple[float, float]

_MARGIN: Final = 10.0
_MOST_POINTS: Final = 1500
_LINE: Final = "#2b7fd4"  # at least 3.9 : 1 on white and on black


def track_svg(
    points: Iterable[Sequence[float] | None],
    *,
    width: int = 260,
    height: int = 180,
    label: str = "Track",
) -> str:
    """Return an ``<svg>`` of a track; empty text where no position is known.

    North is up. A circle marks the start, a square the end; a missing position
    (None) interrupts the line.

    Parameters
    ----------
    points
        Latitude and longitude, degrees.
    width, height
        Pixels.
    label
        What screen readers say.
    """
    parts = _parts(points)
    if not parts:
        return ""
    lines = _fit(parts, width, height)
    step = 0.6
    thin = [_thin(line, step) for line in lines]
    while sum(map(len, thin)) > _MOST_POINTS:
        step *= 1.5
        thin = [_thin(line, step) for line in lines]
    path = " ".join(_path(line) for line in thin)
    (x0, y0), (x1, y1) = lines[0][0], lines[-1][-1]
    said = escape(f"{label}; the circle is its start, the square its end")
    ring = 'stroke="currentColor" stroke-width="1.5"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{said}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'style="flex:none;max-width:100%;height:auto"><title>{said}</title>'
        f'<path d="{path}" fill="none" stroke="{_LINE}" stroke-width="2.5" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
        f'<rect x="{x1 - 4:.1f}" y="{y1 - 4:.1f}" width="8" height="8" '
        f'fill="currentColor" stroke="{_LINE}" stroke-width="1"/>'
        f'<circle cx="{x0:.1f}" cy="{y0:.1f}" r="4.5" fill="{_LINE}" {ring}/></svg>'
    )


def _parts(points: Iterable[Sequence[float] | None]) -> list[list[Place]]:
    """Return the stretches of known positions, longitudes without a jump."""
    parts: list[list[Place]] = []
    open_part = False
    before: float | None = None
    for point in points:
        if point is None or len(point) != 2 or not _on_earth(point[0], point[1]):
            open_part = False
            continue
        lat, lon = point
        if before is not None:
            lon += 360 * round((before - lon) / 360)  # over the date line
        before = lon
        if not open_part:
            parts.append([])
            open_part = True
        parts[-1].append((lat, lon))
    return parts


def _on_earth(lat: float, lon: float) -> bool:
    return abs(lat) <= 90 and abs(lon) <= 360  # false for not-a-number too


def _fit(parts: list[list[Place]], width: int, height: int) -> list[list[Place]]:
    """Return the stretches in pixels, as large as fits and in the middle."""
    lats = [lat for part in parts for lat, _ in part]
    lons = [lon for part in parts for _, lon in part]
    south, north, west, east = min(lats), max(lats), min(lons), max(lons)
    narrow = max(0.01, math.cos(math.radians((south + north) / 2)))
    wide, tall = (east - west) * narrow, north - south
    scale = min(
        (width - 2 * _MARGIN) / wide if wide else math.inf,
        (height - 2 * _MARGIN) / tall if tall else math.inf,
    )
    if not math.isfinite(scale):
        scale = 0.0  # a single place
    left = (width - wide * scale) / 2
    top = (height - tall * scale) / 2
    return [
        [
            (left + (lon - west) * narrow * scale, top + (north - lat) * scale)
            for lat, lon in part
        ]
        for part in parts
    ]


def _thin(line: list[Place], step: float) -> list[Place]:
    """Leave out points closer than a step to the one before; keep both ends."""
    kept = [line[0]]
    for x, y in line:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= step:
            kept.append((x, y))
    if kept[-1] != line[-1]:
        kept.append(line[-1])
    return kept


def _path(line: list[Place]) -> str:
    if len(line) == 1:
        line = line * 2  # a dot
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line)

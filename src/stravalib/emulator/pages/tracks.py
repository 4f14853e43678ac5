"""Tracks as SVG: no tiles, no network."""

from __future__ import annotations

from math import cos, radians

from stravalib.emulator.pages.layout import text
from stravalib.emulator.polylines import decode

_WIDTH, _HEIGHT, _MARGIN = 320.0, 144.0, 8.0


def track_svg(polyline: str | None, label: str, *, large: bool = False) -> str:
    """Draw a track; words say so where there is none."""
    points = decode(polyline or "")
    if len(points) < 2:
        return '<p class="soft">No track.</p>'
    scale_east = cos(radians(points[0][0]))
    flat = [(longitude * scale_east, -latitude) for latitude, longitude in points]
    west, north = min(x for x, _ in flat), min(y for _, y in flat)
    width = max(x for x, _ in flat) - west
    height = max(y for _, y in flat) - north
    inner_width, inner_height = _WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN
    scale = min(inner_width / (width or 1e-9), inner_height / (height or 1e-9))
    left = (_WIDTH - width * scale) / 2
    top = (_HEIGHT - height * scale) / 2
    path = "L".join(
        f"{left + (x - west) * scale:.1f} {top + (y - north) * scale:.1f}"
        for x, y in flat
    )
    return (
        f'<svg class="track{" large" if large else ""}" role="img" '
        f'aria-label="{text(label)}" viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}">'
        f'<path d="M{path}"/></svg>'
    )

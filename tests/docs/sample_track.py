"""A small invented track."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta


def gpx() -> bytes:
    """Return a ride of half an hour that no other call returns."""
    # Before the history of any world of the tests.
    start = datetime(2012, 6, 1, tzinfo=UTC)
    start += timedelta(minutes=random.randrange(60 * 24 * 365))
    points = []
    for second in range(0, 1800, 5):
        angle = second / 300
        stamp = (start + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")
        points.append(
            f'<trkpt lat="{48 + 0.01 * math.sin(angle):.6f}" '
            f'lon="{11 + second * 4e-5:.6f}"><ele>{500 + 9 * math.sin(angle):.1f}</ele>'
            f"<time>{stamp}</time></trkpt>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="test" '
        'xmlns="http://www.topografix.com/GPX/1/1"><trk><type>cycling</type><trkseg>'
        f"{''.join(points)}</trkseg></trk></gpx>"
    ).encode()

"""Invented bulk exports and recordings."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from stravalib.formats import Track, TrackLap, TrackPoints, write

if TYPE_CHECKING:
    from pathlib import Path

HEADER = [
    "Activity ID",
    "Activity Date",
    "Activity Name",
    "Activity Type",
    "Activity Description",
    "Elapsed Time",
    "Distance",
    "Commute",
    "Activity Gear",
    "Filename",
]
BEGIN = datetime(2023, 6, 1, 6, 0, tzinfo=UTC)


def track(number: int, points: int = 30) -> Track:
    start = BEGIN + timedelta(days=number)
    begin = start.timestamp()
    return Track(
        sport="Run",
        start=start,
        utc_offset=None,
        points=TrackPoints(
            time=[begin + i for i in range(points)],
            lat=[round(45 + i / 1e4, 6) for i in range(points)],
            lon=[round(7 - i / 1e4, 6) for i in range(points)],
            altitude=[round(200 + i / 10, 1) for i in range(points)],
            heartrate=[None if i == 3 else 130.0 + i for i in range(points)],
        ),
        laps=[TrackLap(start=begin, elapsed_time=float(points - 1))],
    )


def row(number: int, **more: str) -> dict[str, str]:
    date = BEGIN + timedelta(days=number)
    return {
        "Activity ID": str(5000 + number),
        "Activity Date": date.strftime("%b %d, %Y, %I:%M:%S %p"),
        "Activity Name": f"Jog {number}",
        "Activity Type": "Run",
        "Activity Description": "with, comma\nand line",
        "Elapsed Time": "29",
        "Distance": "0.42",
        "Commute": "false",
        "Activity Gear": "Old shoes",
        "Filename": f"activities/{900 + number}.gpx.gz",
        **more,
    }


def table(header: list[str], rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def bulk(
    folder: Path, count: int = 4, *, rows: list[dict[str, str]] | None = None
) -> Path:
    """Write export_4242.zip; its last row is a manual entry."""
    path = folder / "export_4242.zip"
    if rows is None:
        rows = [row(number) for number in range(count)]
        rows[-1]["Filename"] = ""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("activities.csv", table(HEADER, rows))
        for number in range(len(rows)):
            data = gzip.compress(write(track(number), "gpx"), mtime=0)
            file.writestr(f"activities/{900 + number}.gpx.gz", data)
        file.writestr(
            "profile.csv",
            table(
                ["Athlete ID", "Email Address", "First Name", "Last Name"],
                [{"Athlete ID": "4242", "First Name": "Ada", "Last Name": "L"}],
            ),
        )
        file.writestr(
            "bikes.csv",
            table(
                ["Bike Name", "Bike Brand", "Bike Model", "Bike Default Sport Types"],
                [{"Bike Name": "Tandem", "Bike Brand": "Own"}],
            ),
        )
        file.writestr(
            "routes.csv",
            table(
                ["Route Name", "Route Filename"],
                [{"Route Name": "Loop", "Route Filename": "routes/1.gpx"}],
            ),
        )
        route = track(0)
        route.kind = "route"
        route.points.time = [None] * len(route.points)
        file.writestr("routes/1.gpx", write(route, "gpx"))
        file.writestr("media/a.jpg", b"\xff\xd8 picture")
        file.writestr(
            "media.csv",
            table(
                ["Media Filename", "Media Caption"],
                [{"Media Filename": "media/a.jpg", "Media Caption": "A view"}],
            ),
        )
    return path

"""Other programs that read what we write: gpxpy, fitdecode, gpsbabel."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from typing import Any

import pytest

BABEL = {"gpx": "gpx", "tcx": "gtrnctr", "fit": "garmin_fit"}


def babel(data: bytes, kind: str) -> list[dict[str, Any]]:
    """Return the track points that gpsbabel reads."""
    if shutil.which("gpsbabel") is None:
        pytest.skip("gpsbabel is not installed (apt-get install gpsbabel)")
    with tempfile.NamedTemporaryFile(suffix=f".{kind}") as file:
        file.write(data)
        file.flush()
        command = ["gpsbabel", "-t", "-i", BABEL[kind], "-f", file.name]
        run = subprocess.run(
            [*command, "-o", "unicsv,utc=0", "-F", "-"],
            capture_output=True,
            timeout=60,
            check=False,
        )
    assert run.returncode == 0, run.stderr
    rows = []
    for row in csv.DictReader(io.StringIO(run.stdout.decode())):
        when = None
        if row.get("Date"):
            clock = row["Time"] + ("" if "." in row["Time"] else ".0")
            moment = datetime.strptime(
                f"{row['Date']} {clock}", "%Y/%m/%d %H:%M:%S.%f"
            ).replace(tzinfo=UTC)
            when = moment.timestamp()
        rows.append(
            {
                "time": when,
                "lat": float(row["Latitude"]),
                "lon": float(row["Longitude"]),
                "altitude": _number(row.get("Altitude")),
                "heartrate": _number(row.get("Heartrate")),
                "cadence": _number(row.get("Cadence")),
                "watts": _number(row.get("Power")),
                "temp": _number(row.get("Temperature")),
            }
        )
    return rows


def gpx_points(data: bytes) -> list[dict[str, Any]]:
    """Return the track points that gpxpy reads, with Garmin's extensions."""
    import gpxpy

    parsed = gpxpy.parse(data.decode("utf-8-sig").lstrip())
    rows = []
    for track in parsed.tracks:
        for segment in track.segments:
            for point in segment.points:
                row = {
                    "time": None if point.time is None else point.time.timestamp(),
                    "lat": point.latitude,
                    "lon": point.longitude,
                    "altitude": point.elevation,
                }
                for extension in point.extensions:
                    for node in extension.iter():
                        row[node.tag.rpartition("}")[2]] = node.text
                rows.append(row)
    return rows


def fit_messages(data: bytes) -> dict[str, list[dict[str, Any]]]:
    """Return the messages that fitdecode reads, strictly, by name."""
    import fitdecode

    found: dict[str, list[dict[str, Any]]] = {}
    with fitdecode.FitReader(
        io.BytesIO(data),
        check_crc=fitdecode.CrcCheck.RAISE,
        error_handling=fitdecode.ErrorHandling.RAISE,
    ) as reader:
        for frame in reader:
            if frame.frame_type == fitdecode.FIT_FRAME_DATA:
                values = {entry.name: entry.value for entry in frame.fields}
                found.setdefault(frame.name, []).append(values)
    return found


def _number(text: str | None) -> float | None:
    return float(text) if text else None

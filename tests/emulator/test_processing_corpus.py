"""Every sample file becomes an activity that others agree with, or is refused.

Independent readers: fitdecode's session messages, gpxpy, and for TCX plain elements;
gpsbabel where it is installed.
"""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from stravalib._facts import texts
from stravalib.emulator.processing import RejectedUpload, process_upload
from stravalib.emulator.records import AthleteRecord

FILES = Path(__file__).parents[2].parent / "shared" / "corpus" / "files"
SAMPLES = (
    sorted(p for p in FILES.iterdir() if p.suffix in {".fit", ".tcx", ".gpx"})
    if FILES.is_dir()
    else []
)
ATHLETE = AthleteRecord({"id": 1, "athlete_type": 0})
TEXTS = {texts.UPLOAD_MALFORMED, texts.UPLOAD_NO_TIME}

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not SAMPLES, reason="../shared/corpus is not here"),
]


def upload(path: Path) -> dict[str, Any] | str:
    try:
        record = process_upload(
            path.read_bytes(), path.suffix[1:], athlete=ATHLETE, now=0.0
        )
    except RejectedUpload as refusal:
        return refusal.text
    return record.detail


def sessions(path: Path) -> list[dict[str, Any]]:
    """Read the session messages of a FIT file with fitdecode."""
    fitdecode = pytest.importorskip("fitdecode")
    names = ("total_distance", "total_elapsed_time", "start_time")
    with fitdecode.FitReader(
        str(path),
        check_crc=fitdecode.CrcCheck.DISABLED,
        error_handling=fitdecode.ErrorHandling.IGNORE,
    ) as reader:
        return [
            {name: frame.get_value(name, fallback=None) for name in names}
            for frame in reader
            if isinstance(frame, fitdecode.FitDataMessage) and frame.name == "session"
        ]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_sample_is_an_activity_or_refused_in_stravas_words(path):
    answer = upload(path)
    if isinstance(answer, str):
        assert answer in TEXTS
    else:
        assert answer["elapsed_time"] > 0
        assert 0 <= answer["moving_time"] <= answer["elapsed_time"]


def test_most_samples_are_activities():
    taken = [path.name for path in SAMPLES if not isinstance(upload(path), str)]
    assert len(taken) >= 0.7 * len(SAMPLES)


@pytest.mark.parametrize(
    "path", [p for p in SAMPLES if p.suffix == ".fit"], ids=lambda path: path.name
)
def test_fit_totals_agree_with_fitdecode(path):
    answer = upload(path)
    if isinstance(answer, str):
        pytest.skip("n/a: refused")
    stated = sessions(path)
    if not stated:
        pytest.skip("n/a: the file states no totals")
    starts = [one["start_time"] for one in stated]
    if len(stated) > 1 and len(set(map(str, starts))) == 1:
        stated = [max(stated, key=lambda one: one["total_elapsed_time"])]  # chained
    elapsed = sum(one["total_elapsed_time"] or 0 for one in stated)
    assert answer["elapsed_time"] == pytest.approx(elapsed, rel=0.01, abs=1)
    if all(one["total_distance"] for one in stated):
        metres = sum(one["total_distance"] for one in stated)
        assert answer["distance"] == pytest.approx(metres, rel=0.01)


@pytest.mark.parametrize(
    "path", [p for p in SAMPLES if p.suffix == ".gpx"], ids=lambda path: path.name
)
def test_gpx_totals_agree_with_gpxpy(path):
    gpxpy = pytest.importorskip("gpxpy")
    answer = upload(path)
    if isinstance(answer, str):
        pytest.skip("n/a: refused")
    other = gpxpy.parse(path.read_text("utf-8-sig"))
    timed = [
        (track, point)
        for track in other.tracks
        for segment in track.segments
        for point in segment.points
        if point.time is not None
    ]
    moments = [point.time for _, point in timed]
    span = (max(moments) - min(moments)).total_seconds()
    assert answer["elapsed_time"] == pytest.approx(span, rel=0.01, abs=1)
    points = sorted((p for _, p in timed), key=lambda p: p.time)
    metres = sum(a.distance_2d(b) or 0.0 for a, b in itertools.pairwise(points))
    assert answer["distance"] == pytest.approx(metres, rel=0.01, abs=1)


@pytest.mark.parametrize(
    "path", [p for p in SAMPLES if p.suffix == ".tcx"], ids=lambda path: path.name
)
def test_tcx_totals_agree_with_the_elements(path):
    answer = upload(path)
    if isinstance(answer, str):
        pytest.skip("n/a: refused")
    text = path.read_text("utf-8-sig")
    points = re.findall(r"<Trackpoint>(.*?)</Trackpoint>", text, re.DOTALL)
    far = [
        float(found[1])
        for found in (re.search(r"<DistanceMeters>([\d.]+)<", p) for p in points)
        if found
    ]
    from datetime import datetime

    times = [
        datetime.fromisoformat(found[1])
        for found in (re.search(r"<Time>([^<]+)<", p) for p in points)
        if found
    ]
    assert answer["distance"] == pytest.approx(max(far), rel=0.01)
    span = (max(times) - min(times)).total_seconds()
    assert answer["elapsed_time"] == pytest.approx(span, rel=0.01, abs=1)


@pytest.mark.skipif(shutil.which("gpsbabel") is None, reason="gpsbabel is missing")
@pytest.mark.parametrize(
    "path",
    [p for p in SAMPLES if p.suffix in {".fit", ".tcx"}],
    ids=lambda path: path.name,
)
def test_start_and_duration_agree_with_gpsbabel(path, tmp_path):
    gpxpy = pytest.importorskip("gpxpy")
    answer = upload(path)
    if isinstance(answer, str) or not answer["start_latlng"]:
        pytest.skip("n/a: refused, or without positions")
    kind = {".fit": "garmin_fit", ".tcx": "gtrnctr"}[path.suffix]
    out = tmp_path / "out.gpx"
    done = subprocess.run(
        ["gpsbabel", "-t", "-i", kind, "-f", str(path), "-o", "gpx", "-F", str(out)],
        capture_output=True,
        check=False,
    )
    if done.returncode or not out.exists():
        pytest.skip("n/a: gpsbabel cannot read it")
    points = [
        point
        for track in gpxpy.parse(out.read_text()).tracks
        for segment in track.segments
        for point in segment.points
    ]
    if len(points) < 10:
        pytest.skip("n/a: gpsbabel finds no track")
    if {(point.latitude, point.longitude) for point in points} == {(0.0, 0.0)}:
        pytest.skip("n/a: gpsbabel puts points without positions at 0, 0")
    first = [points[0].latitude, points[0].longitude]
    assert answer["start_latlng"] == pytest.approx(first, abs=0.02)
    moments = [point.time for point in points if point.time is not None]
    span = (max(moments) - min(moments)).total_seconds()
    # gpsbabel drops what has no position, so the ends may be missing.
    assert answer["elapsed_time"] == pytest.approx(span, rel=0.05, abs=10)

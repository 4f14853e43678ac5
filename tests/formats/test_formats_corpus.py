"""Every file of the corpus: read, or refused with a reason; exported and read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from independent import babel, fit_messages, gpx_points
from track_samples import corpus_files, need_corpus

from stravalib import formats
from stravalib.formats import FormatError, Track
from stravalib.formats.geometry import times_for

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.corpus

# What is no activity, and how that is said.
REFUSED = {
    "danshannon__baddata.gpx": "unknown_type",
    "polyvertex__Settings.fit": "not_an_activity",
}
DAMAGED = {
    "polyvertex__activity-unexpected-eof.fit",
    "muktihari__activity_truncated.fit",  # no session
    "polyvertex__compressed-speed-distance.fit",  # no date
}
FILES = corpus_files(".gpx", ".tcx", ".fit")
READABLE = [path for path in FILES if path.name not in REFUSED]


def test_the_corpus_is_there() -> None:
    need_corpus()
    assert len(FILES) >= 34


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_read_or_refused(path: Path) -> None:
    if path.name in REFUSED:
        with pytest.raises(FormatError) as caught:
            formats.read(path)
        assert caught.value.reason == REFUSED[path.name]
        return
    tracks = formats.read(path)
    assert tracks
    for track in tracks:
        track.points.check()
        assert len(track.points) or track.totals.stated()
        if path.suffix == ".fit":
            damaged = path.name in DAMAGED
            assert bool(track.warnings) is damaged, track.warnings


# gpxpy refuses times that are no times
GPX = [
    path
    for path in READABLE
    if path.suffix == ".gpx" and b"PLACEHOLDER" not in path.read_bytes()
]


@pytest.mark.parametrize("path", GPX, ids=lambda path: path.name)
def test_gpxpy_agrees(path: Path) -> None:
    ours = formats.read(path)
    rows = gpx_points(path.read_bytes())
    points = [
        (time, lat, lon, altitude)
        for track in ours
        for time, lat, lon, altitude in zip(
            *(track.points.padded(name) for name in ("time", "lat", "lon", "altitude")),
            strict=True,
        )
    ]
    theirs = [(row["time"], row["lat"], row["lon"], row["altitude"]) for row in rows]
    routes = sum(len(track.points) for track in ours if track.kind == "route")
    if len(points) != len(theirs):  # gpxpy has <rte> apart
        points = points[routes:]
    assert len(points) == len(theirs)
    for mine, other in zip(points, theirs, strict=True):
        assert mine == pytest.approx(other, abs=1e-6)


@pytest.mark.parametrize(
    "path", [path for path in READABLE if path.suffix == ".fit"], ids=lambda p: p.name
)
def test_the_two_fit_libraries_agree(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from stravalib.formats import fit_backend, fit_reader

    fast = formats.read(path)
    monkeypatch.setattr(fit_reader, "decoder", lambda: fit_backend.decode_pure)
    pure = formats.read(path)
    assert len(fast) == len(pure)
    for mine, other in zip(fast, pure, strict=True):
        assert len(mine.points) == len(other.points)
        for name in ("time", "lat", "lon", "altitude", "distance", "speed"):
            expected = other.points.padded(name)
            assert mine.points.padded(name) == pytest.approx(expected, abs=1e-3), name
        for name in ("heartrate", "cadence", "watts", "temp"):
            assert mine.points.padded(name) == other.points.padded(name), name
        assert mine.sport == other.sport
        assert mine.start == other.start
        assert mine.pauses == other.pauses
        assert mine.totals.stated() == pytest.approx(other.totals.stated(), abs=1e-2)
        assert len(mine.laps) == len(other.laps)
        assert mine.lengths == other.lengths
        assert mine.device.name == other.device.name
        assert mine.utc_offset == other.utc_offset


def cannot_hold(track: Track, kind: str) -> str | None:
    if kind == "gpx" and not track.has_positions:
        return "no_position"
    if kind == "fit" and (track.start_seconds or 1e9) < 631_065_600:
        return "unsupported"
    return None


def as_written(track: Track, kind: str) -> list[int]:
    """The points that the format can hold, in the order it has them."""
    points = track.points
    times = points.time if track.kind == "activity" else times_for(track)
    keep = [
        i
        for i in range(len(points))
        if (kind != "gpx" or points.lat[i] is not None)
        and (kind == "gpx" or times[i] is not None)
    ]
    if kind == "fit":
        keep.sort(key=lambda i: round(times[i] or 0))
    return keep


@pytest.mark.parametrize("kind", ["gpx", "tcx", "fit"])
@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.name)
def test_exports_are_read_the_same_by_others(path: Path, kind: str) -> None:
    for track in formats.read(path):
        reason = cannot_hold(track, kind)
        if reason is not None:
            with pytest.raises(FormatError) as caught:
                formats.write(track, kind)
            assert caught.value.reason == reason
            continue
        data = formats.write(track, kind)
        points = track.points
        keep = as_written(track, kind)
        with_place = [i for i in keep if points.lat and points.lat[i] is not None]
        if kind == "fit":
            records = fit_messages(data)["record"] if keep else []
            assert len(records) == len(keep)
            for field, column, precision in (
                ("heart_rate", points.heartrate, 0.5),
                ("power", points.watts, 0.5),
                ("temperature", points.temp, 0.5),
                ("distance", points.distance, 0.0051),
                ("enhanced_altitude", points.altitude, 0.1001),
            ):
                if column:
                    expected = [column[i] for i in keep]
                    found = [m.get(field) for m in records]
                    assert found == pytest.approx(expected, abs=precision), field
        if kind == "gpx":
            rows = gpx_points(data)
        elif any(points.lat[i] for i in with_place):
            rows = babel(data, kind)  # it takes latitude 0 for none
        else:
            continue
        assert len(rows) == len(with_place)
        columns = [("lat", 1.1e-6), ("lon", 1.1e-6), ("altitude", 0.16)]
        if track.kind == "activity":
            columns.append(("time", 0.501))
        for name, precision in columns:
            expected = [points.padded(name)[i] for i in with_place]
            found = [row[name] for row in rows]
            assert found == pytest.approx(expected, abs=precision), name

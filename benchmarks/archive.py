"""Measure the archive against plain files, in one run, as ratios.

    python benchmarks/archive.py [--activities 500] [--points 5000] [--summaries 10000]

Everything is invented. Each figure is the best of several runs, the peer measured right
after; below 1 means that the archive needs less than its peer.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from stravalib.archive import Archive, bodies, codec

if TYPE_CHECKING:
    from collections.abc import Callable

ME = 4242
BEGIN = datetime(2024, 1, 1, 7, tzinfo=UTC)


def best(job: Callable[[], Any], times: int = 7) -> float:
    durations = []
    for _ in range(times):
        start = time.perf_counter()
        job()
        durations.append(time.perf_counter() - start)
    return min(durations)


def streams(number: int, points: int) -> dict[str, Any]:
    """Invent a ride: noisy sensors, some pauses, a dropout of the heart rate."""
    dice = np.random.default_rng(number)
    step = np.where(dice.random(points) < 0.01, dice.integers(5, 90, points), 1)
    clock = np.cumsum(step)
    speed = np.clip(7 + np.cumsum(dice.normal(0, 0.15, points)) * 0.3, 0.5, 16)
    heading = np.cumsum(dice.normal(0, 0.05, points))
    lat = 47 + number / 100 + np.cumsum(speed * np.cos(heading)) / 111_000
    lng = 8 + np.cumsum(speed * np.sin(heading)) / 75_000
    heart = np.clip(140 + np.cumsum(dice.normal(0, 0.7, points)) * 0.5, 80, 190)
    columns: dict[str, list[Any]] = {
        "time": (clock - clock[0]).tolist(),
        "distance": np.round(np.cumsum(speed), 1).tolist(),
        "latlng": np.column_stack([np.round(lat, 6), np.round(lng, 6)]).tolist(),
        "altitude": np.round(400 + np.cumsum(dice.normal(0, 0.3, points)), 1).tolist(),
        "velocity_smooth": np.round(speed, 3).tolist(),
        "heartrate": heart.astype(int).tolist(),
        "cadence": np.clip(dice.normal(85, 3, points), 0, 130).astype(int).tolist(),
        "watts": np.clip(dice.normal(200, 40, points), 0, 900).astype(int).tolist(),
    }
    columns["heartrate"][100:120] = [None] * 20
    return {
        name: {
            "data": values,
            "series_type": "distance",
            "original_size": points,
            "resolution": "high",
        }
        for name, values in columns.items()
    }


def summary(number: int) -> dict[str, Any]:
    dice = np.random.default_rng(number + 10**6)
    start = (BEGIN + timedelta(hours=17 * number)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "id": 10**10 + number,
        "resource_state": 2,
        "athlete": {"id": ME, "resource_state": 1},
        "name": f"Outing number {number}",
        "distance": round(float(dice.uniform(5e3, 1e5)), 1),
        "moving_time": int(dice.integers(1000, 20000)),
        "elapsed_time": int(dice.integers(1000, 25000)),
        "total_elevation_gain": round(float(dice.uniform(0, 2000)), 1),
        "sport_type": str(dice.choice(["Ride", "Run", "GravelRide", "Hike"])),
        "type": "Ride",
        "start_date": start,
        "start_date_local": start,
        "timezone": "(GMT+01:00) Europe/Zurich",
        "utc_offset": 3600.0,
        "average_speed": 6.5,
        "max_speed": 14.1,
        "average_heartrate": 140.5,
        "max_heartrate": 181.0,
        "kudos_count": int(dice.integers(0, 40)),
        "trainer": False,
        "commute": bool(number % 5 == 0),
        "manual": False,
        "private": False,
        "visibility": "everyone",
        "flagged": False,
        "gear_id": f"b{number % 4}",
        "start_latlng": [47.1, 8.2],
        "end_latlng": [47.2, 8.3],
        "external_id": f"{number}.fit",
        "upload_id": 10**9 + number,
        "map": {"id": f"a{number}", "summary_polyline": "abcdef" * 20},
        **({"average_watts": 201.5, "max_watts": 700} if number % 3 else {}),
    }


def line(text: str, ratio: float, goal: float, detail: str) -> None:
    mark = "ok" if ratio <= goal else "MISSED"
    print(f"{text:<44} {ratio:7.3f}   at most {goal:<5} {mark:<7} {detail}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--activities", type=int, default=500)
    parser.add_argument("--points", type=int, default=5000)
    parser.add_argument("--summaries", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), options.activities, options.points, options.summaries)


def run(folder: Path, count: int, points: int, summaries: int) -> None:
    archive = Archive(folder / "strava.db")
    archive.keep("a benchmark with invented data")
    zipped = 0
    texts: list[str] = []
    packing = 0.0
    print(f"{count} activities x {points} points x 8 streams")
    for number in range(count):
        body = streams(number, points)
        text = json.dumps(body, separators=(",", ":"))
        zipped += len(gzip.compress(text.encode(), 6))
        texts.append(text)
        start = time.perf_counter()
        with archive.store.transaction():
            archive.add("activity", summary(number), athlete_id=ME)
            archive.add("activity_streams", body, key=10**10 + number, athlete_id=ME)
        packing += time.perf_counter() - start
    archive.store.scrub()
    size = archive.store.path.stat().st_size
    print(f"written in {packing / count * 1e3:.1f} ms an activity")
    line(
        "size / gzipped JSON of the streams",
        size / zipped,
        0.5,
        f"{size / 1e6:.1f} MB with summaries; 10,000 activities:"
        f" {size / count * 1e4 / 1e6:.0f} MB",
    )
    one_activity(archive, folder, count)
    all_tracks(archive, texts, count)
    frames(archive, folder, count, summaries)
    archive.close()
    choices(points)


def one_activity(archive: Archive, folder: Path, count: int) -> None:
    number = 10**10 + count // 2
    path = folder / "one.npz"
    np.savez(path, **archive.stream_set(number).to_numpy())

    def plain() -> None:
        with np.load(path) as file:
            for name in file.files:
                _ = file[name]

    ours = best(lambda: archive.stream_set(number).to_numpy(), 50)
    theirs = best(plain, 50)
    line(
        "one activity's streams / npz",
        ours / theirs,
        2.0,
        f"{ours * 1e3:.2f} ms against {theirs * 1e3:.2f} ms",
    )


def all_tracks(archive: Archive, texts: list[str], count: int) -> None:
    after, before = BEGIN, BEGIN + timedelta(days=365)
    found = sum(1 for _ in archive.tracks(after=after, before=before))
    only = [
        json.dumps(json.loads(text)["latlng"]["data"], separators=(",", ":"))
        for text in texts[:found]
    ]
    ours = best(lambda: list(archive.tracks(after=after, before=before)), 5)
    theirs = best(lambda: [json.loads(text)["latlng"] for text in texts[:found]], 2)
    bare = best(lambda: [json.loads(text) for text in only], 3)
    line(
        "all tracks of a year / json of the streams",
        ours / theirs,
        0.1,
        f"{found} tracks, {ours * 1e3:.0f} ms against {theirs * 1e3:.0f} ms",
    )
    line(
        "  the same / json of latlng alone",
        ours / bare,
        0.1,
        f"{bare * 1e3:.0f} ms; no file has it alone",
    )


def frames(archive: Archive, folder: Path, count: int, summaries: int) -> None:
    path = folder / "activities.parquet"
    for size in (count, summaries):
        if size > count:
            with archive.store.transaction():
                for number in range(count, size):
                    archive.add("activity", summary(number), athlete_id=ME)
        frame = archive.activities().to_pandas()
        assert len(frame) == size
        frame.to_parquet(path)
        ours = best(lambda: archive.activities().to_pandas())
        theirs = best(lambda: pd.read_parquet(path))
        line(
            f"{size:,} summaries to pandas / Parquet",
            ours / theirs,
            3.0,
            f"{ours * 1e3:.1f} ms against {theirs * 1e3:.1f} ms",
        )
    body = summary(1)
    text = len(json.dumps(body, separators=(",", ":")))
    print(f"a summary: {text} bytes of JSON, kept in {len(bodies.pack(body))}")


def choices(points: int) -> None:
    """Show what the encoding was chosen from."""
    import bz2
    import lzma
    import zlib

    body = {name: item["data"] for name, item in streams(1, points).items()}
    blobs = {name: codec.encode(values) for name, values in body.items()}
    arrays = {name: codec.decode_numpy(blob)[0] for name, blob in blobs.items()}
    raw = {name: zlib.decompress(blob) for name, blob in blobs.items()}
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    text = json.dumps(body, separators=(",", ":")).encode()
    print("\nOne activity's streams in other encodings (bytes, time to arrays):")
    rows: list[tuple[str, int, Callable[[], Any]]] = [
        (
            "ours: decimals, differences, zlib",
            sum(map(len, blobs.values())),
            lambda: [codec.decode_numpy(blob) for blob in blobs.values()],
        ),
        (
            "  the same without numpy",
            sum(map(len, blobs.values())),
            lambda: [codec.decode(blob) for blob in blobs.values()],
        ),
    ]
    for name, pack, unpack in (
        ("lzma", lzma.compress, lzma.decompress),
        ("bz2", bz2.compress, bz2.decompress),
    ):
        packed = [pack(data) for data in raw.values()]
        rows.append(
            (
                f"  the same with {name} (unpacking alone)",
                sum(map(len, packed)),
                lambda unpack=unpack, packed=packed: [unpack(data) for data in packed],
            )
        )
    floats = [zlib.compress(array.tobytes(), 6) for array in arrays.values()]
    rows += [
        (
            "float64 and int64, zlib",
            sum(map(len, floats)),
            lambda: [np.frombuffer(zlib.decompress(data)) for data in floats],
        ),
        ("npz, compressed", file.tell(), lambda: _load(file)),
        ("JSON, gzip", len(gzip.compress(text, 6)), lambda: json.loads(text)),
    ]
    for name, size, job in rows:
        print(f"  {name:<44} {size:9,} {best(job, 9) * 1e3:9.2f} ms")


def _load(file: io.BytesIO) -> list[Any]:
    file.seek(0)
    with np.load(file) as found:
        return [found[name] for name in found.files]


if __name__ == "__main__":
    main()

"""The main job, on the local Strava, from nothing to one's own data.

Run it with ``make demo``. It needs no account and no network: a local Strava with an
invented athlete is started in this process and stopped at the end. What it makes is in
``demo-output``: an archive, a GPX and a FIT file, a picture of the tracks.
"""

from __future__ import annotations

import asyncio
import math
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stravalib import AsyncClient, Client
from stravalib.archive import Archive
from stravalib.emulator import LocalStrava
from stravalib.emulator.world import generate

if TYPE_CHECKING:
    from stravalib.archive import Progress, SyncResult

OUTPUT = Path("demo-output")
# Strava gives a new application 100 reading requests per quarter hour. A demo that
# keeps to that would take days, so the local Strava is told to allow more.
GENEROUS = (6000, 300000, 3000, 150000)


def main() -> None:
    started = time.perf_counter()
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir()
    with LocalStrava(generate(seed=7, years=2), upload_delay=0.2) as strava:
        strava.application.set_limits(GENEROUS)
        title(f"A local Strava answers at {strava.url}")
        with Client(strava.token(), base_url=strava.url) as client:
            look(client)
            upload(client)
        archive_it(strava)
    files = sorted(path for path in OUTPUT.iterdir() if path.is_file())
    title(f"Done in {time.perf_counter() - started:.0f} s")
    for path in files:
        print(f"  {path}  {path.stat().st_size / 1024:,.0f} kB")


def title(text: str) -> None:
    print(f"\n== {text}")


def look(client: Client) -> None:
    """List, open, stream."""
    athlete = client.get_athlete()
    title(f"{athlete.firstname} {athlete.lastname}, {athlete.city}: the newest ten")
    print(f"{'date':<17}{'sport':<18}{'km':>7}{'time':>10}{'climb':>8}  name")
    newest = list(client.get_activities(limit=10))
    for activity in newest:
        print(
            f"{activity.start_local:%Y-%m-%d %H:%M} {activity.sport_type.root:<18}"
            f"{activity.distance / 1000:>7.1f}"
            f"{activity.moving_time.timedelta()!s:>10}"
            f"{activity.total_elevation_gain or 0:>6.0f} m  {activity.name}"
        )
    tracked = next(a for a in newest if a.map and a.map.summary_polyline)
    detail = client.get_activity(tracked.id)
    streams = client.get_activity_streams(tracked.id)
    print(
        f"\n{detail.name}: {len(detail.laps or [])} laps, "
        f"{len(detail.segment_efforts or [])} segment efforts, {detail.kudos_count} "
        f"kudos, {len(streams['time'].data)} points of {', '.join(streams)}"
    )


def upload(client: Client) -> None:
    """Send a file and wait for the activity."""
    gpx = make_gpx(datetime(2026, 11, 1, 7, 30, tzinfo=UTC))
    uploader = client.upload_activity(
        gpx, data_type="gpx", name="A morning loop", sport_type="Run"
    )
    made = uploader.wait(timeout=30)
    title("Uploaded a file")
    print(
        f"{made.name}: {made.distance / 1000:.2f} km in "
        f"{made.moving_time.timedelta()}, activity {made.id}"
    )


def archive_it(strava: LocalStrava) -> None:
    """Sync everything, look at it, export it, and sync again."""
    with Archive(OUTPUT / "strava.db") as archive:
        title("Sync into demo-output/strava.db")
        print(asyncio.run(sync(strava, archive)))
        title("Sync again: nothing new")
        again = asyncio.run(sync(strava, archive))
        print(again)
        if again.requests > 2:
            raise SystemExit(f"the second sync made {again.requests} requests")
        title("The last twelve months")
        months = list(archive.totals("month").rows())[-12:]
        print(f"{'month':<10}{'activities':>11}{'km':>9}{'hours':>8}{'climb':>10}")
        for row in months:
            print(
                f"{str(row['month'])[:7]:<10}{row['activities']:>11}"
                f"{(row['distance'] or 0) / 1000:>9.1f}"
                f"{(row['moving_time'] or 0) / 3600:>8.1f}"
                f"{row['total_elevation_gain'] or 0:>8.0f} m"
            )
        run = next(archive.activities(sport=["Run", "TrailRun"]).rows())
        for name in ("newest-run.gpx", "newest-run.fit"):
            archive.export(run["id"], OUTPUT / name)
        count = draw(archive, OUTPUT / "tracks.png")
        title(f"Drew {count} tracks")


async def sync(strava: LocalStrava, archive: Archive) -> SyncResult:
    bar = Bar()
    token = strava.token()
    async with AsyncClient(token, base_url=strava.url) as client:
        result = await archive.sync_async(
            client,
            concurrency=8,
            on_plan=lambda plan: print(plan),
            progress=bar.show,
        )
    bar.end()
    return result


class Bar:
    """Shows progress: one line that moves in a terminal, a line per tenth in a log."""

    def __init__(self) -> None:
        self._shown = 0

    def show(self, progress: Progress) -> None:
        if not progress.total:
            return
        share = 100 * progress.done // progress.total
        step = 1 if sys.stdout.isatty() else 10
        if share // step == self._shown // step:
            return
        self._shown = share
        text = f"  {progress.phase} {progress.done:,} of {progress.total:,}"
        print(f"{text:<40}", end="\r" if sys.stdout.isatty() else "\n", flush=True)

    def end(self) -> None:
        if sys.stdout.isatty():
            print(" " * 40, end="\r")


def draw(archive: Archive, path: Path) -> int:
    """Draw every track of a year in a box of its own."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    newest: Any = next(archive.activities().rows())["start_date"]
    tracks = [
        points
        for _, points in archive.tracks(after=newest - timedelta(days=365))
        if len(points) > 1
    ]
    columns = math.ceil(math.sqrt(len(tracks) * 1.6))
    rows = math.ceil(len(tracks) / columns)
    figure, boxes = plt.subplots(rows, columns, figsize=(columns * 0.6, rows * 0.6))
    for box in boxes.flat:
        box.axis("off")
    for box, points in zip(boxes.flat, tracks, strict=False):
        stretch = 1 / math.cos(math.radians(float(points[:, 0].mean())))
        box.plot(points[:, 1], points[:, 0], linewidth=0.6, color="#2a5d84")
        box.set_aspect(stretch)
    figure.savefig(path, dpi=150, facecolor="white")
    plt.close(figure)
    return len(tracks)


def make_gpx(start: datetime) -> bytes:
    """Make a small track: a loop of about three kilometres."""
    points = []
    for second in range(0, 900, 3):
        angle = 2 * math.pi * second / 900
        lat = 48.0 + 0.004 * math.sin(angle)
        lon = 11.0 + 0.006 * (1 - math.cos(angle))
        stamp = (start + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")
        climb = 500 + 20 * math.sin(angle)
        points.append(
            f'<trkpt lat="{lat:.6f}" lon="{lon:.6f}"><ele>{climb:.1f}</ele>'
            f"<time>{stamp}</time></trkpt>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<gpx version="1.1" creator="demo" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><type>running</type><trkseg>{''.join(points)}</trkseg></trk></gpx>"
    ).encode()


if __name__ == "__main__":
    main()

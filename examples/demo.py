"""The main job, on the local Strava: list, open, stream, upload.

Run it with ``make demo``. It needs no account and no network: a local Strava with an
invented athlete is started in this process and stopped at the end.
"""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime, timedelta

from stravalib import Client
from stravalib.emulator import LocalStrava
from stravalib.emulator.world import generate


def main() -> None:
    started = time.perf_counter()
    with LocalStrava(generate(seed=7, years=1)) as strava:
        print(f"A local Strava answers at {strava.url}")
        client = Client(strava.token(), base_url=strava.url)

        athlete = client.get_athlete()
        print(f"\nLogged in as {athlete.firstname} {athlete.lastname}, {athlete.city}")

        activities = list(client.get_activities())
        print(f"{len(activities)} activities; the newest ten:\n")
        print(f"{'date':<17}{'sport':<18}{'km':>7}{'time':>10}{'climb':>8}  name")
        for activity in activities[:10]:
            print(
                f"{activity.start_local:%Y-%m-%d %H:%M} {activity.sport_type.root:<18}"
                f"{activity.distance / 1000:>7.1f}"
                f"{activity.moving_time.timedelta()!s:>10}"
                f"{activity.total_elevation_gain or 0:>6.0f} m  {activity.name}"
            )

        tracked = next(a for a in activities if a.map and a.map.summary_polyline)
        detail = client.get_activity(tracked.id)
        print(f"\n{detail.name}: {detail.description or 'no description'}")
        print(
            f"  {len(detail.laps or [])} laps, {len(detail.segment_efforts or [])} "
            f"segment efforts, {detail.kudos_count} kudos, {detail.device_name}"
        )

        streams = client.get_activity_streams(tracked.id)
        points = len(streams["time"].data)
        print(f"  {points} points of {', '.join(streams)}")

        gpx = make_gpx(datetime(2026, 11, 1, 7, 30, tzinfo=UTC))
        upload = client.upload_activity(
            io.BytesIO(gpx), data_type="gpx", name="A morning loop", sport_type="Run"
        )
        made = upload.wait(timeout=30, poll_interval=0.2)
        print(
            f"\nUploaded {made.name!r}: {made.distance / 1000:.2f} km in "
            f"{made.moving_time.timedelta()}, activity {made.id}"
        )
        print(f"The list now begins with {next(iter(client.get_activities())).name!r}")
        print(f"{len(strava.requests)} requests were made.")
    print(f"Done in {time.perf_counter() - started:.1f} s.")


def make_gpx(start: datetime) -> bytes:
    """Make a small track: a loop of about three kilometres."""
    import math

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

"""Invented tracks that hold everything a track can hold."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from stravalib.formats import (
    PoolLength,
    StrengthSet,
    Track,
    TrackDevice,
    TrackLap,
    TrackPoints,
    TrackTotals,
    Waypoint,
)

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "files"
START = datetime(2025, 5, 17, 6, 30, tzinfo=UTC)
T0 = START.timestamp()


def corpus_files(*endings: str) -> list[Path]:
    """Return the files of the corpus, none where it is missing."""
    if not CORPUS.is_dir():
        return []
    return sorted(path for path in CORPUS.iterdir() if path.suffix in endings)


def need_corpus() -> None:
    if not CORPUS.is_dir():
        pytest.skip("../shared/corpus is missing")


def ride(size: int = 120) -> Track:
    """A ride with two laps, a pause, gaps and every column."""
    points = TrackPoints()
    for index in range(size):
        later = 40 if index >= size // 2 else 0  # the pause
        points.time.append(T0 + index + later)
        points.lat.append(None if index % 50 == 7 else round(47.1 + index * 2e-5, 7))
        points.lon.append(None if index % 50 == 7 else round(8.5 + index * 3e-5, 7))
        points.altitude.append(round(430 + index % 17 * 0.2, 1))
        points.distance.append(round(index * 7.25, 2))
        points.speed.append(None if index == 3 else 7.25)
        points.heartrate.append(None if index == 5 else 110.0 + index % 40)
        points.cadence.append(None if index == 6 else 80.0 + index % 9)
        points.watts.append(0.0 if index % 31 == 0 else 180.0 + index % 90)
        points.temp.append(-2.0 + index % 3)
    half = size // 2
    pause = (T0 + half - 1, T0 + half + 40)
    end = T0 + size - 1 + 40
    return Track(
        sport="GravelRide",
        name='Über Stock & <Stein> "früh"',
        description="Zeile eins\nZeile zwei",
        start=START,
        utc_offset=7200,
        points=points,
        pauses=[pause],
        laps=[
            TrackLap(
                start=T0,
                trigger="manual",
                intensity="active",
                distance=round(half * 7.25, 2),
                elapsed_time=half + 40.0,
                timer_time=float(half),
                calories=20.0,
                avg_heartrate=128.0,
                max_heartrate=149.0,
                avg_cadence=84.0,
                max_cadence=88.0,
                avg_watts=222.0,
                max_watts=269.0,
                avg_speed=7.25,
                max_speed=7.5,
            ),
            TrackLap(
                start=T0 + half + 40,
                trigger="distance",
                intensity="rest",
                distance=round((size - half - 1) * 7.25, 2),
                elapsed_time=end - (T0 + half + 40),
                timer_time=end - (T0 + half + 40),
                calories=21.0,
            ),
        ],
        totals=TrackTotals(
            distance=round((size - 1) * 7.25, 2),
            elapsed_time=end - T0,
            timer_time=size - 1.0,
            calories=41.0,
            ascent=33.0,
            descent=30.0,
            avg_speed=7.25,
            max_speed=7.5,
            avg_heartrate=129.0,
            max_heartrate=149.0,
            avg_cadence=84.0,
            max_cadence=88.0,
            avg_watts=224.0,
            max_watts=269.0,
            avg_temp=-1.0,
        ),
        device=TrackDevice(
            name="Edge 530",
            manufacturer="garmin",
            product="3121",
            serial_number=3_900_000_001,
            software_version="9.75",
        ),
    )


def pool_swim() -> Track:
    """A swim in a pool: no positions, lengths with strokes."""
    lengths = [
        PoolLength(
            start=T0 + 30 * index,
            elapsed_time=30.0,
            timer_time=30.0,
            strokes=None if index == 2 else 18.0 + index,
            stroke=None if index == 2 else "freestyle",
            active=index != 2,
        )
        for index in range(4)
    ]
    points = TrackPoints(
        time=[T0 + 30.0 * (index + 1) for index in range(4)],
        distance=[25.0, 50.0, 50.0, 75.0],
        heartrate=[120.0, 131.0, 118.0, 133.0],
    )
    return Track(
        sport="Swim",
        start=START,
        points=points,
        lengths=lengths,
        laps=[TrackLap(start=T0, elapsed_time=120.0, timer_time=120.0, distance=75.0)],
        totals=TrackTotals(distance=75.0, elapsed_time=120.0, timer_time=120.0),
        pool_length=25.0,
        device=TrackDevice(name="Poolboy", manufacturer="development", product="7"),
    )


def strength() -> Track:
    """A strength workout: sets, no points."""
    return Track(
        sport="WeightTraining",
        start=START,
        sets=[
            StrengthSet(
                exercise="BENCH_PRESS_GENERIC",
                repetitions=8,
                weight=60.5,
                duration=31.0,
                start=T0,
            ),
            StrengthSet(duration=90.0, start=T0 + 31, active=False),
            StrengthSet(exercise="SQUAT_GENERIC", repetitions=5, start=T0 + 121),
        ],
        totals=TrackTotals(elapsed_time=1800.0, timer_time=1700.0, calories=150.0),
        device=TrackDevice(manufacturer="development", product="0"),
    )


def route() -> Track:
    """A planned route: a line and waypoints, no times."""
    size = 30
    return Track(
        sport="Ride",
        name="Round the lake",
        kind="route",
        points=TrackPoints(
            time=[None] * size,
            lat=[round(46.9 + index * 1e-4, 6) for index in range(size)],
            lon=[round(7.4 - index * 1e-4, 6) for index in range(size)],
            altitude=[500.0 + index for index in range(size)],
        ),
        waypoints=[Waypoint(46.9005, 7.3995, name="Well", kind="Water")],
    )

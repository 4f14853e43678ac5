"""Short slices of the long campaigns in ``tests/campaigns``."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "campaigns"))

import fault_matrix
import kill_refresh
import quota
import refresh_race


@pytest.mark.parametrize("kind", ["file", "sqlite"])
def test_processes_and_threads_refresh_once(kind):
    assert refresh_race.race(kind, 2, 4, "always") == (1, 8, [])


def test_two_hundred_tasks_refresh_once():
    assert refresh_race.tasks(200) == (1, 200)


@pytest.mark.parametrize("rotation", ["never", "always"])
def test_killed_refreshes(rotation):
    found = kill_refresh.run("file", rotation, 5)
    assert found.faults == []
    assert rotation == "always" or found.lost == 0


@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("redis", marks=pytest.mark.service)]
)
def test_processes_share_the_quota(kind):
    if kind == "redis":
        redis = pytest.importorskip("redis")
        try:
            redis.Redis().ping()
        except redis.ConnectionError:
            pytest.skip("no Redis on 127.0.0.1:6379")
    limits = (200, 2000, 10, 1000)
    refused, served, last, earliest, problems = quota.job(
        45, 3, kind, limits, quota.NOON + 420, (-300.0, 0.4)
    )
    assert (refused, served, problems) == (0, 45, [])
    assert last == earliest


def test_a_window_that_somebody_used_up():
    refused, served, last, earliest, problems = quota.job(
        20, 3, "sqlite", (200, 2000, 10, 1000), quota.NOON + 420, (), 10
    )
    assert (refused, served, problems) == (1, 20, [])
    assert last == earliest


def test_a_slice_of_the_fault_matrix():
    logger = logging.getLogger("stravalib")
    before = logger.level, logger.propagate, list(logger.handlers)
    try:
        runs, outcomes, problems = fault_matrix.campaign(1, 3)
    finally:
        logger.setLevel(before[0])
        logger.propagate = before[1]
        logger.handlers = before[2]
    assert problems == []
    assert runs == (len(fault_matrix.KINDS) + 3) * len(fault_matrix.CALLS)
    # The matrix can tell good from bad only if both occur.
    good = sum(cell["succeeded"] for cell in outcomes.values())
    assert runs / 2 < good < runs

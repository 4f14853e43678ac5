"""The fixtures, used as a user uses them."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import unittest
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
import requests

from stravalib.emulator import Clock
from stravalib.testing import LocalStravaTestCase, connect

if TYPE_CHECKING:
    from pathlib import Path

    from stravalib import AsyncClient, Client
    from stravalib.emulator import LocalStrava
    from stravalib.testing import WorldBuilder


def test_client_meets_the_generated_world(strava_client: Client) -> None:
    activities = list(strava_client.get_activities(limit=5))
    assert len(activities) == 5
    assert activities[0].start_date > activities[4].start_date
    assert strava_client.get_athlete().id is not None


async def test_async_client_meets_it_too(
    async_strava_client: AsyncClient, strava_server: LocalStrava
) -> None:
    names = [a.name async for a in async_strava_client.get_activities(limit=3)]
    assert len(names) == 3
    assert [request.path for request in strava_server.requests] == [
        "/api/v3/athlete/activities"
    ]


def test_builder_builds_what_the_client_reads(
    strava: WorldBuilder, strava_client: Client
) -> None:
    strava.clear()
    assert list(strava_client.get_activities()) == []
    shoe = strava.gear("shoe", "Feather")
    run = strava.activity(
        "TrailRun",
        start=datetime(2026, 7, 1, 4, 30, tzinfo=UTC),
        zone="Asia/Kolkata",
        distance=12_000,
        moving_time=4000,
        name="Ridge",
        gear_id=shoe["id"],
        latlng=[(47.0, 11.0), (47.01, 11.01), (47.02, 11.0)],
    )
    strava.comment(run["id"], "Well done")
    strava.kudos(run["id"])
    segment = strava.segment("Ridge climb")
    effort = strava.effort(run["id"], segment["id"], 420)
    found = strava_client.get_activity(run["id"])
    assert found.name == "Ridge"
    assert found.sport_type == "TrailRun"
    assert str(found.start_date_local)[:16] == "2026-07-01 10:00"
    assert found.comment_count == 1
    assert found.kudos_count == 1
    assert found.segment_efforts is not None
    assert found.segment_efforts[0].elapsed_time == 420
    assert strava_client.get_segment_effort(effort["id"]).name == "Ridge climb"
    assert [c.text for c in strava_client.get_activity_comments(run["id"])] == [
        "Well done"
    ]
    streams = strava_client.get_activity_streams(run["id"], types=["time", "latlng"])
    assert streams["latlng"].data[0] == [47.0, 11.0]
    route = strava.route("Loop")
    assert strava_client.get_route(route["id"]).name == "Loop"
    club = strava.club("River Club")
    assert strava_client.get_club(club["id"]).name == "River Club"
    assert strava_client.get_gear(shoe["id"]).name == "Feather"


def test_builder_checks_what_it_is_given(strava: WorldBuilder) -> None:
    with pytest.raises(ValueError, match="no athlete 5"):
        strava.activity(athlete_id=5)
    with pytest.raises(ValueError, match="needs a time zone"):
        strava.activity(start=datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="use 'bike' or 'shoe'"):
        strava.gear("kite")


def test_several_athletes(strava: WorldBuilder, strava_server: LocalStrava) -> None:
    other = strava.athlete("Robin", subscriber=False)
    strava.activities(3, sport_type="Ride", athlete_id=other["id"])
    with connect(strava_server, "read,activity:read", athlete_id=other["id"]) as client:
        assert client.get_athlete().firstname == "Robin"
        rides = list(client.get_activities())
    assert [ride.sport_type for ride in rides] == ["Ride"] * 3


def test_clock_crosses_midnight(
    strava_clock: Clock, strava_server: LocalStrava
) -> None:
    strava_clock.freeze()
    strava_server.application.set_limits((200, 1, 100, 1))

    def status() -> int:
        headers = {"Authorization": f"Bearer {strava_server.token()}"}
        return requests.get(
            strava_server.url + "/athlete", headers=headers, timeout=5
        ).status_code

    assert [status(), status()] == [200, 429]
    strava_clock.move(86400)
    assert status() == 200


@pytest.mark.strava(profile="2027-06")
def test_marker_passes_options(
    strava_server: LocalStrava, strava_client: Client
) -> None:
    assert strava_server.url == strava_server.origin
    assert strava_client.get_athlete().id == strava_server.athlete_id


def test_tests_do_not_share_a_world(strava_server: LocalStrava) -> None:
    first = strava_server.athlete_id
    with connect(strava_server) as client:
        client.update_athlete(weight=50)
    newest = strava_server.state.activities_newest_first(first)[0].id
    strava_server.app.delete_activity(newest)
    from stravalib.testing.worlds import fresh_state

    again = fresh_state(Clock(), "2026-11")
    assert newest in again.activities
    assert again.athletes[first].detail["weight"] != 50


class UnittestUse(LocalStravaTestCase):
    options: ClassVar[dict[str, Any]] = {"upload_delay": 0}

    def test_it(self) -> None:
        self.strava.activity("Ride", name="From unittest")
        newest = next(iter(self.client.get_activities(limit=1)))
        assert newest.name == "From unittest"
        self.clock.move(7 * 3600)
        assert self.server.requests[-1].status == 200


def test_unittest_case_cleans_up() -> None:
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(UnittestUse).run(result)
    assert (result.testsRun, result.errors, result.failures) == (1, [], [])


def run_pytest(folder: Path, source: str, *flags: str, alone: bool = False) -> Any:
    environment = dict(os.environ)
    if alone:
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    (folder / "test_user.py").write_text(textwrap.dedent(source))
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *flags],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_plugin_costs_nothing_when_unused(tmp_path: Path) -> None:
    done = run_pytest(
        tmp_path,
        """
        import sys

        def test_nothing_was_loaded():
            heavy = {"starlette", "uvicorn", "pydantic", "sqlite3", "pint", "requests"}
            assert not heavy & set(sys.modules)
            ours = {name for name in sys.modules if name.startswith("stravalib")}
            assert ours == {
                "stravalib", "stravalib.testing", "stravalib.testing.plugin"
            }
        """,
        "-p",
        "stravalib.testing.plugin",
        alone=True,
    )
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_world_can_be_replaced(tmp_path: Path) -> None:
    done = run_pytest(
        tmp_path,
        """
        import pytest
        from stravalib.emulator import AthleteRecord, World

        @pytest.fixture
        def strava_world():
            return World([AthleteRecord({"id": 5, "firstname": "Own"})])

        def test_it(strava_client):
            assert strava_client.get_athlete().firstname == "Own"

        @pytest.mark.strava(upload_delay=0)
        def test_marker_is_known(strava_server):
            assert strava_server.app.uploads.delay == 0
        """,
        "--strict-markers",
    )
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout

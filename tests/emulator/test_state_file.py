from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
import requests
from asking import NOON, Asker
from small_world import ANNA, CLUB, ROUTE, RUN, SEGMENT, small_world
from test_server_uploads import processor, send

from stravalib.emulator import Clock, LocalStrava
from stravalib.emulator.store import StateFileError

if TYPE_CHECKING:
    from pathlib import Path


def open_file(path: Path, **how: Any) -> LocalStrava:
    clock = Clock(NOON, frozen=True)
    return LocalStrava(
        small_world(), clock=clock, state_file=path, processor=processor, **how
    )


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with open_file(path, upload_delay=60) as strava:
        pair = strava.authorize()
        ask = Asker(strava, pair.token.value)
        ask("PUT", f"/activities/{RUN}", json={"name": "Kept", "gear_id": "none"})
        ask("PUT", "/athlete", data={"weight": 55})
        ask("PUT", f"/segments/{SEGMENT}/starred", data={"starred": "false"})
        upload = send(ask, b"2026-11-24T06:00:00Z").json()
        made = ask(
            "POST",
            "/activities",
            data={
                "name": "By hand",
                "sport_type": "Run",
                "start_date_local": "2026-01-01T00:00:00Z",
                "elapsed_time": 1,
            },
        ).json()
        strava.app.delete_activity(made["id"])
        url = strava.origin + "/_emulator/"
        ask("POST", url + "clock", json={"move": 30})
        ask("POST", url + "faults", json={"kind": "500", "path": "/gear/*"})
        code = strava.state.make_code(strava.application, ANNA, ["read"])
        before = {
            place: ask.get(place).json()
            for place in (
                "/athlete",
                f"/activities/{RUN}",
                "/athlete/activities?per_page=200",
                f"/activities/{RUN}/comments",
                f"/activities/{RUN}/streams?keys=time",
                f"/segments/{SEGMENT}",
                "/segments/starred",
                f"/segment_efforts?segment_id={SEGMENT}",
                f"/clubs/{CLUB}",
                f"/routes/{ROUTE}",
                f"/uploads/{upload['id']}",
            )
        }
        credentials = strava.credentials
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with open_file(path, upload_delay=60) as strava:
        assert strava.credentials == credentials
        ask = Asker(strava, pair.token.value)
        for place, answer in before.items():
            assert ask.get(place).json() == answer, place
        assert before[f"/activities/{RUN}"]["name"] == "Kept"
        assert strava.clock.now() == NOON + 30
        assert ask.get("/gear/g501").status_code == 500
        assert strava.state.accounts.take_code(
            strava.application, code, strava.clock.now()
        )
        refreshed = strava.state.accounts.refresh(
            strava.application, pair.refresh_token, strava.clock.now()
        )
        assert refreshed is not None
        # the waiting upload goes on, under ids that were never used
        strava.clock.move(60)
        ready = ask.get(f"/uploads/{upload['id']}").json()
        assert ready["activity_id"] > made["id"]


def test_a_file_in_use_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with open_file(path), pytest.raises(StateFileError, match="stop the server"):
        open_file(path)


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, " * 100)
    with pytest.raises(StateFileError, match="give another file"):
        open_file(path)
    with pytest.raises(StateFileError, match="give another file"):
        open_file(tmp_path / "no" / "such" / "folder.db")


def test_half_a_world_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    strava = open_file(path)
    strava.state.keeper.put("meta", "filled", False)
    strava.state.keeper.drop("meta", "filled")
    strava.state.remove_activity(RUN)
    strava.close()
    with open_file(path) as again:
        assert RUN in again.state.activities


def start(path: Path) -> tuple[subprocess.Popen[str], dict[str, str]]:
    code = (
        "import sys; sys.path.insert(0, sys.argv.pop(1));"
        "from small_world import small_world;"
        "from stravalib.emulator.__main__ import main;"
        "sys.exit(main(sys.argv[1:], world=small_world()))"
    )
    here = os.path.dirname(__file__)
    arguments = [sys.executable, "-c", code, here, "--port", "0", "--state", str(path)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said: dict[str, str] = {}
    for line in process.stdout:
        if line.startswith("  ") and "  " in line.strip():
            name, _, rest = line.strip().partition("  ")
            said[name] = rest.split()[0]
        if line.startswith("Ready"):
            break
    return process, said


def test_kill_loses_nothing_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    made: list[int] = []
    token = ""
    for _ in range(3):
        process, said = start(path)
        token = token or said["Access token"]
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {token}"
        try:
            for number in range(20):
                reply = session.post(
                    said["API base"] + "/activities",
                    data={
                        "name": f"N {number}",
                        "sport_type": "Run",
                        "start_date_local": "2026-01-01T00:00:00Z",
                        "elapsed_time": 1,
                    },
                    timeout=20,
                )
                assert reply.status_code == 201
                made.append(reply.json()["id"])
        finally:
            session.close()
            process.send_signal(signal.SIGKILL)
            process.wait(10)
            assert process.stdout is not None
            process.stdout.close()
    assert len(set(made)) == 60
    with open_file(path) as strava:
        assert set(made) <= set(strava.state.activities)


def test_the_command_says_what_is_needed(tmp_path: Path) -> None:
    process, said = start(tmp_path / "state.db")
    try:
        headers = {"Authorization": f"Bearer {said['Access token']}"}
        me = requests.get(said["API base"] + "/athlete", headers=headers, timeout=10)
        assert me.json()["id"] == ANNA
        assert len(said["Client secret"]) == 40
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait(10)
        assert process.stdout is not None
        process.stdout.close()


def test_a_taken_port_is_told(small: LocalStrava, tmp_path: Path) -> None:
    port = small.origin.rpartition(":")[2]
    done = subprocess.run(
        [sys.executable, "-m", "stravalib.emulator", "--port", port],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "choose another with --port" in done.stderr


def test_a_world_in_the_background() -> None:
    world = small_world()
    (anna, *_) = world.athletes
    activities = list(anna.activities)

    def slowly() -> Any:
        for record in activities:
            time.sleep(0.01)
            yield record

    anna.activities = slowly()
    with LocalStrava(world, in_background=True) as strava:
        assert requests.get(strava.url + "/athlete", timeout=5).status_code == 401
        assert not strava.state.ready.is_set()
        ask = Asker(strava, strava.token())
        listed = ask.get("/athlete/activities", per_page=200).json()
        assert len(listed) == len(activities)


def test_the_wear_of_gear_survives_a_restart(tmp_path: Path) -> None:
    from stravalib.emulator.world import generate

    def gear(world: Any) -> dict[str, float]:
        with LocalStrava(world, state_file=tmp_path / "state.db") as strava:
            (athlete,) = strava.state.athletes.values()
            return {name: item["distance"] for name, item in athlete.gear.items()}

    before = gear(generate(seed=1, years=0.1))
    assert any(before.values())
    assert gear(None) == before

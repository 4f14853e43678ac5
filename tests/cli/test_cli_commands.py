"""The commands, against a local Strava: data on stdout, talk on stderr, exit codes."""

from __future__ import annotations

import csv
import io
import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from stravalib.cli.app import COMMANDS
from stravalib.cli.exits import EXIT_CODES
from stravalib.formats import read

GENEROUS = (90000, 900000, 90000, 900000)


def sample_gpx() -> bytes:
    """Make the sample track of the guides' tests."""
    path = Path(__file__).parent.parent / "docs" / "sample_track.py"
    found: bytes = runpy.run_path(str(path))["gpx"]()
    return found


def test_help_lists_every_command_and_exit_code(stravalib):
    ran = stravalib("--help")
    assert ran.code == 0
    assert all(name in ran.out for name in COMMANDS)
    assert all(text.split(";")[0] in ran.out for text in EXIT_CODES.values())


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_teaches(stravalib, name):
    ran = stravalib(name, "--help")
    assert ran.code == 0
    assert len(ran.out.splitlines()) > 4


def test_help_imports_no_model_and_no_table(tmp_path):
    code = (
        "import sys; from stravalib.cli import main; main(['--help']);"
        "heavy = {'pydantic', 'rich', 'requests', 'aiohttp', 'sqlite3', 'starlette'};"
        "sys.exit(','.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_activities_as_table_json_and_csv(stravalib, strava):
    table = stravalib("activities", "--limit", "3")
    assert table.code == 0
    assert len(table.out.splitlines()) == 4
    lines = stravalib("activities", "-n", "3", "--jsonl").out.splitlines()
    rows = [json.loads(line) for line in lines]
    assert [str(row["id"]) in table.out for row in rows] == [True] * 3
    assert stravalib("activities", "-n", "3", "--json").json == rows
    text = stravalib("activities", "-n", "3", "--csv").out
    found = list(csv.DictReader(io.StringIO(text)))
    assert [row["id"] for row in found] == [str(row["id"]) for row in rows]
    assert float(found[0]["distance"]) == rows[0]["distance"]


def test_activities_by_sport_and_date(stravalib):
    rows = stravalib("activities", "--sport", "run", "--json").json
    assert rows
    assert {row["sport_type"] for row in rows} == {"Run"}
    newest = rows[0]["start_date"]
    later = stravalib("activities", "--after", newest, "--json").json
    assert all(row["start_date"] >= newest for row in later)
    nothing = stravalib("activities", "--before", "2001-01-01")
    assert nothing.code == 0
    assert "No activities." in nothing.err


def test_wrong_words_are_usage_errors(stravalib):
    assert stravalib("activities", "--sport", "Jogging").code == 2
    assert stravalib("activities", "--after", "someday").code == 2
    assert stravalib("nonsense").code == 2
    assert stravalib("update", "5").code == 2
    assert "someday" in stravalib("activities", "--after", "someday").err


def test_a_sport_that_is_none_names_the_nearest(stravalib):
    ran = stravalib("activities", "--sport", "Kayak")
    assert ran.code == 2
    assert "'Kayak' is no sport type; nearest: Kayaking" in ran.err
    assert "known: AlpineSki" in stravalib("activities", "--sport", "zzz").err


def test_uploads_are_told_whatever_ends_them(stravalib, strava, monkeypatch):
    Path("one.gpx").write_bytes(sample_gpx())
    Path("two.gpx").write_bytes(sample_gpx())
    Path("notes.txt").write_text("x")
    before = len(strava.requests)
    # Nothing is sent where a name is wrong.
    assert stravalib("upload", "one.gpx", "notes.txt").code == 2
    assert len(strava.requests) == before

    stop = iter([False, True])

    def gone(file):
        if next(stop):
            Path("two.gpx").unlink()
        return "gpx"

    monkeypatch.setattr("stravalib.cli.commands.upload.data_type", gone)
    sent = stravalib("upload", "one.gpx", "two.gpx", "--json")
    assert sent.code == 1
    assert "two.gpx: No such file or directory" in sent.err
    assert [row["file"] for row in sent.json] == ["one.gpx"]
    assert sent.json[0]["activity_id"]


def test_forgetting_needs_a_yes(stravalib, monkeypatch):
    Path("ride.gpx").write_bytes(sample_gpx())
    assert stravalib("import", "ride.gpx", "--db", "own.db").code == 0

    def at_end(*arguments, **options):
        raise EOFError

    monkeypatch.setattr("click.termui.visible_prompt_func", at_end)
    forget = ("archive", "forget", "--activity", "5", "--db", "own.db")
    ran = stravalib(*forget)
    assert ran.code == 2
    assert "add --yes" in ran.err
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda text: "n")
    assert stravalib(*forget).code == 130
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda text: "y")
    assert stravalib(*forget).code == 0


def test_import_names_what_it_left_out(stravalib):
    assert stravalib("sync", "--since", "30d", "-q").code == 0
    ran = stravalib("export", "--sport", "Run", "--limit", "1", "-o", "r.gpx")
    assert ran.code == 0, ran.err
    again = stravalib("import", "r.gpx")
    assert "1 left out" in again.err
    assert "r.gpx: made from API data" in again.err


def test_activity_and_what_is_not_there(stravalib):
    number = stravalib("activities", "-n", "1", "--json").json[0]["id"]
    assert str(number) in stravalib("activity", str(number)).out
    whole = stravalib("activity", str(number), "--json", "--streams").json
    assert whole["id"] == number
    assert "streams" in whole
    missing = stravalib("activity", "1")
    assert missing.code == 8
    assert "Not Found" in missing.err
    assert missing.out == ""


def test_create_update_upload(stravalib, tmp_path):
    made = stravalib(
        "create", "Yoga", "--sport", "yoga", "--duration", "45m", "--json"
    ).json
    assert made["name"] == "Yoga"
    changed = stravalib("update", str(made["id"]), "--name", "Calm", "--json").json
    assert changed["name"] == "Calm"
    Path("ride.gpx").write_bytes(sample_gpx())
    first = stravalib("upload", "ride.gpx", "--json").json
    assert first[0]["status"] == "uploaded"
    again = stravalib("upload", "ride.gpx", "--json")
    assert again.code == 0
    assert again.json[0]["status"] == "there already"
    assert again.json[0]["activity_id"] == first[0]["activity_id"]
    Path("bad.gpx").write_text("<gpx></gpx>")
    bad = stravalib("upload", "bad.gpx")
    assert bad.code == 1
    assert "bad.gpx" in bad.err
    Path("notes.txt").write_text("x")
    assert stravalib("upload", "notes.txt").code == 2


def test_gear_routes_segments_limits_whoami(stravalib):
    assert {row["kind"] for row in stravalib("gear", "--json").json} <= {
        "bike",
        "shoes",
    }
    routes = stravalib("routes", "-n", "1", "--json").json
    saved = stravalib("routes", "--save", str(routes[0]["id"]), "-o", "r.gpx")
    assert saved.code == 0
    assert read(Path("r.gpx").read_bytes())[0].kind == "route"
    segments = stravalib("segments", "--json").json
    assert stravalib("segments", "--unstar", str(segments[0]["id"])).code == 0
    assert len(stravalib("segments", "--json").json) == len(segments) - 1
    windows = stravalib("limits", "--json").json
    assert [row["limit"] for row in windows] == [90000, 900000, 90000, 900000]
    assert stravalib("limits", "--job", "10").err.startswith("10 requests would end")
    who = stravalib("whoami", "--json").json
    assert who["id"]
    assert who["name"]


def test_sync_sql_export_archive(stravalib, tmp_path):
    plan = stravalib("sync", "--plan")
    assert plan.code == 0
    assert "requests" in plan.err
    ran = stravalib("sync", "--since", "30d", "--json")
    assert ran.code == 0, ran.err
    assert ran.json["outcome"] == "complete"
    again = stravalib("sync", "-q", "--json").json
    assert again["outcome"] == "complete"
    quiet = stravalib("sync", "-q")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    count = stravalib("sql", "select count(*) as n from activities", "--json").json
    listed = stravalib("activities", "--json").json
    assert count[0]["n"] == len(listed)
    assert stravalib("sql", "drop table activities").code == 1
    exported = stravalib(
        "export", "--sport", "Run", "--limit", "2", "--as", "gpx", "-o", "runs"
    )
    assert exported.code in (0, 4)
    for line in exported.out.splitlines():
        assert read(Path(line).read_bytes())[0].points
    info = stravalib("archive", "info", "--json").json
    assert info
    stravalib("archive", "keep", "--reason", "my own data, my own machine")
    assert "my own machine" in stravalib("archive", "decisions").out
    number = str(listed[0]["id"])
    gone = stravalib("archive", "forget", "--activity", number, "--yes")
    assert gone.code == 0
    left = f"select count(*) as n from activities where id = {number}"
    assert stravalib("sql", left, "--json").json == [{"n": 0}]
    assert "asked for by the user" in stravalib("archive", "receipts").out


def test_import_needs_no_login(stravalib, monkeypatch):
    monkeypatch.delenv("STRAVA_ACCESS_TOKEN")
    monkeypatch.setenv("STRAVA_BASE_URL", "http://127.0.0.1:9/api/v3")
    Path("files").mkdir()
    Path("files/ride.gpx").write_bytes(sample_gpx())
    ran = stravalib("import", "files", "--db", "own.db", "--json")
    assert ran.code == 0, ran.err
    rows = stravalib("sql", "select source from activities", "--db", "own.db", "--json")
    assert rows.json == [{"source": "file"}]


def test_import_names_what_it_could_not_read(stravalib):
    for number in range(22):
        Path(f"bad{number:02}.gpx").write_text("no track")
    ran = stravalib("import", ".", "--db", "own.db")
    assert ran.code == 4
    assert "bad00.gpx" in ran.err
    assert "and 2 more" in ran.err


def test_sql_says_that_it_only_reads(stravalib):
    Path("ride.gpx").write_text("no track")
    assert stravalib("import", "ride.gpx", "--db", "own.db").code == 4
    ran = stravalib("sql", "create table x (a)", "--db", "own.db")
    assert ran.code == 1
    assert "reading only" in ran.err


def test_nobody_is_logged_in(stravalib, monkeypatch):
    monkeypatch.delenv("STRAVA_ACCESS_TOKEN")
    ran = stravalib("whoami")
    assert ran.code == 6
    assert "stravalib login" in ran.err
    assert "--local" in ran.err
    assert ran.out == ""


def test_strava_is_away(stravalib, monkeypatch):
    monkeypatch.setenv("STRAVA_BASE_URL", "http://127.0.0.1:9/api/v3")
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    ran = stravalib("whoami")
    assert ran.code == 7


def test_a_missing_scope_is_told(stravalib, strava, monkeypatch):
    monkeypatch.setenv("STRAVA_ACCESS_TOKEN", strava.token(["read"]))
    ran = stravalib("activities")
    assert ran.code == 6
    assert "activity:read" in ran.err


def test_doctor(stravalib, strava, monkeypatch):
    ran = stravalib("doctor", "--json")
    assert ran.code == 0
    found = {row["topic"]: row["status"] for row in ran.json}
    assert found["call"] == "ok"
    assert found["clock"] == "ok"
    strava.application.active = False
    try:
        sick = stravalib("doctor", "--json")
    finally:
        strava.application.active = True
    assert sick.code == 1
    assert any("inactive" in row["text"] for row in sick.json)
    monkeypatch.setenv("STRAVA_ACCESS_TOKEN", "nonsense-token")
    dead = stravalib("doctor", "--json")
    assert dead.code == 1
    assert "nonsense-token" not in dead.out + dead.err


def test_a_quarter_hour_used_up_is_shown_and_not_waited_for(
    stravalib, strava, monkeypatch
):
    monkeypatch.setattr("time.sleep", lambda seconds: pytest.fail("waits"))
    strava.application.set_limits((200, 2000, 1, 1000))
    try:
        stravalib("limits")  # the one request, where no other test has made it
        ran = stravalib("limits", "--json")
        sick = stravalib("doctor", "--json")
    finally:
        strava.application.set_limits(GENEROUS)
    assert ran.code == 3
    windows = {(row["requests"], row["window"]): row for row in ran.json}
    assert windows["reading", "15 min"]["left"] == 0
    assert sick.code == 1
    rows = [row for row in sick.json if row["topic"] == "limits"]
    assert rows[0]["status"] == "problem"
    assert "used up until" in rows[0]["text"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(stravalib, shell):
    ran = stravalib("completion", shell)
    assert ran.code == 0
    assert "_STRAVALIB_COMPLETE" in ran.out


def test_local_needs_nothing(stravalib, monkeypatch):
    for name in ("STRAVA_ACCESS_TOKEN", "STRAVA_BASE_URL", "STRAVA_OAUTH_URL"):
        monkeypatch.delenv(name)
    monkeypatch.setattr("stravalib.cli.local.YEARS", 0.1)
    rows = stravalib("--local", "activities", "-n", "2", "--json").json
    assert len(rows) == 2
    assert rows == stravalib("--local", "activities", "-n", "2", "--json").json


def test_local_state_is_kept(stravalib, monkeypatch):
    monkeypatch.setattr("stravalib.cli.local.YEARS", 0.1)
    state = ("--local", "--local-state", "local.db")
    made = stravalib(*state, "create", "N", "--sport", "Run", "--duration", "1h")
    assert made.code == 0, made.err
    names = [row["name"] for row in stravalib(*state, "activities", "--json").json]
    assert "N" in names
    assert stravalib("--local-state", "x", "whoami").code == 2

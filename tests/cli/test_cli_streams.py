"""Terminals, pipes and folders as they may be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stravalib.cli.app import run
from stravalib.cli.output import Column, emit, takes_unicode

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMNS = [
    Column("id", "id", right=True),
    Column("name", "name"),
    Column("note", "what to do"),
]
NAME = "Tschüß 🚴 an evening ride along the river"
ROWS: list[dict[str, Any]] = [
    {"id": 1234567890123456789, "name": NAME, "note": None},
    {"id": 2, "name": "two\nlines", "note": "x"},
]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    def wide(columns: int) -> None:
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr("sys.stdout.isatty", lambda: True)

    return wide


def test_a_pipe_gets_whole_lines_without_padding(capsys):
    emit(ROWS, COLUMNS, None)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1] == f"1234567890123456789  {NAME}"
    assert [line for line in lines if line != line.rstrip()] == []
    assert "two lines" in lines[2]


def test_a_narrow_terminal_wraps_texts_and_leaves_figures_whole(capsys, terminal):
    terminal(56)
    emit(ROWS, COLUMNS, None)
    out = capsys.readouterr().out
    assert "1234567890123456789" in out
    assert "…" not in out
    assert max(map(len, out.splitlines()[1:])) <= 56


def test_a_very_narrow_terminal_gets_a_line_for_each_value(capsys, terminal):
    terminal(40)
    assert emit(ROWS, COLUMNS, None) == 2
    assert capsys.readouterr().out.splitlines() == [
        "id          1234567890123456789",
        f"name        {NAME}",
        "",
        "id          2",
        "name        two lines",
        "what to do  x",
    ]


def test_no_rows(capsys):
    assert emit([], COLUMNS, None) == 0
    assert capsys.readouterr().out.split() == ["id", "name", "what", "to", "do"]


# -- what only a process shows -------------------------------------------------------


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from stravalib.archive import Archive

    monkeypatch.chdir(tmp_path)
    Archive("strava.db").close()
    return tmp_path


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which ``$S`` is the command."""
    return subprocess.run(
        ["bash", "-c", line],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "S": f"{sys.executable} -m stravalib", **environment},
    )


posix = pytest.mark.skipif(os.name != "posix", reason="a line of bash")
MANY = (
    '"with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)'
    ' select i from n"'
)


@posix
@pytest.mark.parametrize("form", ["", "--json", "--jsonl", "--csv"])
def test_a_reader_that_has_gone_is_no_error(archive, form):
    ran = shell(f'$S sql {MANY} {form} | head -n 1; echo "${{PIPESTATUS[0]}}"')
    assert ran.stdout.splitlines()[-1] == "0"
    assert ran.stderr == ""


@posix
def test_a_short_answer_to_a_reader_that_has_gone(archive):
    ran = shell('$S sql "select 1" | true; echo "${PIPESTATUS[0]}"')
    assert ran.stdout == "0\n"
    assert ran.stderr == ""


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
@pytest.mark.parametrize("form", ["", "--jsonl"])
@pytest.mark.parametrize("buffering", ["", "1"])  # the error comes late or at once
def test_a_full_disk(archive, form, buffering, monkeypatch):
    monkeypatch.setenv("PYTHONUNBUFFERED", buffering)
    ran = shell(f'$S sql "select 1" {form} > /dev/full; echo $?')
    assert ran.stdout == "1\n"
    assert ran.stderr == "stravalib: [Errno 28] No space left on device\n"


@posix
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('$S sql "select 1" >&-', 0),
        ("$S sql nonsense >&-", 1),
        ("$S sql nonsense >&- 2>&-", 1),
        ('$S sql "select 1" <&-', 0),
    ],
)
def test_closed_streams(archive, line, code):
    ran = shell(line)
    assert ran.returncode == code
    assert "Traceback" not in ran.stderr


@posix
@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("", "Tschüß \\U0001f6b4"),
        ("--csv", "Tschüß \\U0001f6b4"),
        ("--jsonl", json.dumps("Tschüß 🚴")),
    ],
)
def test_a_pipe_that_takes_no_unicode(archive, form, shown):
    line = f"$S sql \"select 'Tschüß 🚴' as x\" {form}"
    ran = shell(f"{line} | iconv -f cp1252", PYTHONIOENCODING="cp1252")
    assert ran.returncode == 0, ran.stderr
    assert shown in ran.stdout
    for encoding in ("utf-8", "ascii"):
        assert "Tschüß 🚴" in shell(line, PYTHONIOENCODING=encoding).stdout


def test_what_takes_unicode():
    class Stream:
        encoding = "utf-8"

    assert takes_unicode(Stream())
    Stream.encoding = "UTF_16"
    assert takes_unicode(Stream())
    Stream.encoding = "cp1252"
    assert not takes_unicode(Stream())
    assert takes_unicode(object())


# -- what strangers type --------------------------------------------------------------


def test_an_option_of_all_commands_behind_the_command(stravalib):
    ran = stravalib("activities", "--local")
    assert ran.code == 2
    assert "--local goes before the command: stravalib --local ..." in ran.err
    assert "goes before" not in stravalib("activities", "--nonsense").err


def test_emulate_goes_by_its_name(stravalib, capsys):
    ran = stravalib("emulate", "--help")
    assert ran.out.startswith("usage: stravalib emulate [-h]")
    assert "python -m" not in ran.out
    assert "--archive FILE" in ran.out
    with pytest.raises(SystemExit):
        run(["emulate", "--nonsense"])
    assert "stravalib emulate: error" in capsys.readouterr().err


def test_a_data_folder_that_cannot_be_made(stravalib, monkeypatch):
    monkeypatch.delenv("STRAVA_ACCESS_TOKEN")
    monkeypatch.setenv("STRAVA_CLIENT_ID", "1")
    monkeypatch.setenv("STRAVA_CLIENT_SECRET", "x")
    Path("file").write_text("")
    monkeypatch.setattr(
        "stravalib._stores.locks.data_folder", lambda: Path("file", "stravalib")
    )
    monkeypatch.setattr("click.prompt", lambda *a, **k: pytest.fail("asks"))
    ran = stravalib("login", "--no-browser")
    assert ran.code == 6
    assert "The tokens could not be kept in" in ran.err
    assert "Confirm the access" not in ran.err


def test_a_file_that_cannot_be_read_is_named(stravalib, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "r.gpx").mkdir()
    ran = stravalib("routes", "--save", "1", "-o", "nowhere/r.gpx")
    assert "[Errno" not in ran.err


def test_a_plan_is_not_told_as_declined(stravalib):
    ran = stravalib("sync", "--plan")
    assert ran.code == 0
    assert "requests" in ran.err
    assert "declined" not in ran.err

"""The commands of the guides run, and their tables are the program's own."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("click")

from stravalib.cli import local
from stravalib.cli.app import COMMANDS, run
from stravalib.cli.exits import EXIT_CODES

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ["quickstart.md", "cli.md"]
ROW = re.compile(r"^\| (.+?) \| (.+?) \|$", re.MULTILINE)


def commands(page: str) -> Iterator[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL):
        yield from block.strip().splitlines()


@pytest.mark.parametrize("page", PAGES)
def test_commands_run(
    page: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(local, "YEARS", 0.3)
    for name in ("STRAVA_BASE_URL", "STRAVA_OAUTH_URL", "STRAVA_ACCESS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    lines = list(commands(page))
    assert lines
    for line in lines:
        program, *arguments = shlex.split(line)
        assert program == "stravalib"
        code = run(arguments)
        told = capsys.readouterr()
        assert code == 0, f"{line}\n{told.out}\n{told.err}"
        assert told.out or "sync" in arguments, line


def test_second_sync_of_the_page_asks_almost_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(local, "YEARS", 0.3)
    [first, second] = [line for line in commands("quickstart.md") if " sync " in line]
    assert first == second
    assert run(shlex.split(first)[1:]) == 0
    capsys.readouterr()
    assert run(shlex.split(second)[1:]) == 0
    [count] = re.findall(r"(\d+) requests", capsys.readouterr().err)
    assert int(count) <= 2


def table(page: str, head: str) -> dict[str, str]:
    """Return the two-column table below a heading or header row."""
    text = (DOCS / page).read_text(encoding="utf-8")
    lines = text[text.index(head) :].split("\n\n")[0]
    return dict(ROW.findall(lines.split("|---|---|", 1)[1]))


def test_exit_codes_are_the_program_s() -> None:
    found = table("cli.md", "| code | meaning |")
    assert found == {str(code): text for code, text in EXIT_CODES.items()}


def test_every_command_is_in_the_table() -> None:
    found = table("cli.md", "| command | does |")
    named = {name for cell in found for name in re.findall(r"`([\w-]+)`", cell)}
    assert named == set(COMMANDS)

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from stravalib.cli import main
from stravalib.emulator import LocalStrava
from stravalib.emulator.world import generate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

GENEROUS = (90000, 900000, 90000, 900000)


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture(scope="module")
def strava() -> Iterator[LocalStrava]:
    with LocalStrava(generate(seed=5, years=0.3), upload_delay=0) as started:
        started.application.set_limits(GENEROUS)
        yield started


@pytest.fixture
def stravalib(
    strava: LocalStrava,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., Ran]:
    """Run the command in a folder of its own, logged in at the local Strava."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STRAVA_BASE_URL", strava.url)
    monkeypatch.setenv("STRAVA_OAUTH_URL", strava.oauth_url)
    monkeypatch.setenv("STRAVA_ACCESS_TOKEN", strava.token())
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        code = main(list(arguments))
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run

"""Every Python block of the README and the guides runs, page by page.

The blocks of a page share one namespace and run against a local Strava. A block after
``<!-- not run -->`` is compiled only.
"""

from __future__ import annotations

import ast
import os
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stravalib.emulator import LocalStrava

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"(<!-- not run -->\n+)?```python\n(.*?)```", re.DOTALL)


def blocks(page: Path) -> list[tuple[bool, str, int]]:
    text = page.read_text(encoding="utf-8")
    return [
        (match[1] is None, match[2], text[: match.start(2)].count("\n"))
        for match in BLOCK.finditer(text)
    ]


WITH_BLOCKS = [page for page in PAGES if blocks(page)]


@pytest.fixture(scope="module")
def strava() -> Iterator[LocalStrava]:
    from stravalib.emulator import LocalStrava
    from stravalib.emulator.world import generate

    with LocalStrava(generate(seed=11, years=0.5)) as started:
        # All pages share it: with the usual quota the last ones would wait.
        started.application.set_limits((6000, 60_000, 6000, 60_000))
        yield started


def ride() -> bytes:
    """A short ride as GPX; the guides call it ride.fit."""
    from sample_track import gpx

    return gpx()


@pytest.mark.parametrize("page", WITH_BLOCKS, ids=lambda page: page.name)
def test_page(
    page: Path,
    strava: LocalStrava,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STRAVA_BASE_URL", strava.url)
    monkeypatch.setenv("STRAVA_OAUTH_URL", strava.oauth_url)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "ride.gpx").write_bytes(ride())
    namespace: dict[str, object] = {"__name__": page.stem}
    for run, code, line in blocks(page):
        # Line numbers of a failure are those of the page.
        source = "\n" * line + code
        pair = strava.authorize()
        client_id, secret = strava.credentials
        for written, real in {
            'access_token="..."': f"access_token={pair.token.value!r}",
            'refresh_token="..."': f"refresh_token={pair.refresh_token!r}",
            'client_secret="..."': f"client_secret={secret!r}",
            "client_id=1234": f"client_id={client_id}",
            "TokenKey(1234": f"TokenKey({client_id}",
            'App(1234, "..."': f"App({client_id}, {secret!r}",
        }.items():
            source = source.replace(written, real)
        source = source.replace('open("ride.fit", "rb")', 'open("ride.gpx", "rb")')
        source = source.replace('data_type="fit"', 'data_type="gpx"')
        # A notebook's cell may await.
        flags = 0 if run else ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        compiled = compile(source, str(page.relative_to(ROOT)), "exec", flags)
        if run:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                exec(compiled, namespace)
    assert os.getcwd() == str(tmp_path)

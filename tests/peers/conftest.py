"""Environments of other people's clients, made once, and one run of each on a Strava.

They lie in benchmarks/.peers, which git ignores; a test that cannot have its own says
why and is skipped.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "emulator"))

from peer_runs import Run, run_peer

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
PEERS = ROOT / "benchmarks" / ".peers"
NPM = PEERS / "npm"
PACKAGES = {"strava-v3": "4.0.2", "strava": "3.1.0"}
STRAVALIB = "stravalib-2.6.0"


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Let one process at a time make environments; a killed one holds nothing."""
    PEERS.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(PEERS / "making.lock", timeout=300)
    try:
        connection.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        connection.close()


@pytest.fixture(scope="session")
def python_26() -> str:
    """The interpreter of an environment with stravalib 2.6.0."""
    spec = importlib.util.spec_from_file_location(
        "peer_environments", ROOT / "benchmarks" / "peers.py"
    )
    assert spec is not None
    assert spec.loader is not None
    environments = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(environments)
    ready = PEERS / STRAVALIB / ".ready"
    with only_one(), pytest.MonkeyPatch.context() as patch:
        if not ready.exists():
            patch.setenv("PIP_RETRIES", "1")
            patch.setenv("PIP_DEFAULT_TIMEOUT", "15")
            try:
                environments.make(STRAVALIB)
                if "stravalib 2.6.0" not in environments.versions(STRAVALIB):
                    environments.make(STRAVALIB, fresh=True)
            except subprocess.CalledProcessError as error:
                pytest.skip(f"stravalib 2.6.0 cannot be installed from PyPI: {error}")
            ready.touch()
    return str(environments.python_of(STRAVALIB))


@pytest.fixture(scope="session")
def node() -> str:
    """The path of node, with the packages installed for it."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found is None or npm is None:
        pytest.skip("there is no node or no npm on this machine")
    wanted = json.dumps(
        {"private": True, "dependencies": PACKAGES}, indent=2, sort_keys=True
    )
    ready = NPM / ".ready"
    with only_one():
        if not ready.exists() or ready.read_text() != wanted:
            NPM.mkdir(exist_ok=True)
            (NPM / "package.json").write_text(wanted)
            done = subprocess.run(
                [
                    *(npm, "install", "--no-audit", "--no-fund"),
                    *("--fetch-retries=1", "--fetch-retry-mintimeout=1000"),
                ],
                cwd=NPM,
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
            if done.returncode:
                said = [line for line in done.stderr.splitlines() if "error" in line]
                pytest.skip(f"the npm packages cannot be installed: {said[:2]}")
            ready.write_text(wanted)
    return found


_RUNS: dict[tuple[str, str], Run] = {}


@pytest.fixture
def run(request: pytest.FixtureRequest) -> Run:
    """What became of a client's script; each pair of client and date runs once."""
    peer, profile = request.param
    if request.param not in _RUNS:
        if peer == "stravalib-2.6":
            command = [request.getfixturevalue("python_26")]
            script = "stravalib_26.py"
        else:
            command = [request.getfixturevalue("node")]
            script = {"strava-v3": "strava_v3.js", "strava": "strava.js"}[peer]
        environment = os.environ | {"NODE_PATH": str(NPM / "node_modules")}
        _RUNS[request.param] = run_peer([*command, script], profile, environment)
    return _RUNS[request.param]

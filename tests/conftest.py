"""What holds for every test: no network but loopback, skips counted."""

from __future__ import annotations

import os
import socket
from typing import Any

import pytest

LOOPBACK = ("127.", "::1", "localhost")


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections that leave this machine."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(
            address[0]
        ).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to connect to {address!r}")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the variables away that change what a client does."""
    for name in list(os.environ):
        if name.startswith("STRAVA_") or name == "SILENCE_TOKEN_WARNINGS":
            monkeypatch.delenv(name)


def pytest_terminal_summary(
    terminalreporter: Any, exitstatus: int, config: pytest.Config
) -> None:
    """Print how many tests were skipped, and fail on any where CI asks for it."""
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    terminalreporter.write_line(f"{len(skipped)} tests were skipped on this machine")
    if os.environ.get("STRAVALIB_FAIL_ON_SKIP"):
        terminalreporter.write_line("STRAVALIB_FAIL_ON_SKIP is set: that is a failure")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Carry the failure over into the exit status."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not os.environ.get("STRAVALIB_FAIL_ON_SKIP"):
        return
    if reporter.stats.get("skipped") and session.exitstatus == 0:
        session.exitstatus = 1

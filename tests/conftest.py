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


def missed(reporter: Any) -> tuple[list[Any], int]:
    """Split skips: what the machine lacks, and how many cases do not apply (n/a)."""
    lacking, other = [], 0
    for report in reporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        if reason.removeprefix("Skipped: ").startswith("n/a"):
            other += 1
        else:
            lacking.append(report)
    return lacking, other


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print how many tests were skipped for what this machine lacks."""
    lacking, other = missed(terminalreporter)
    if other:
        terminalreporter.write_line(f"{other} cases do not apply (n/a)")
    terminalreporter.write_line(
        f"{len(lacking)} tests skipped for what is missing here"
    )
    if lacking and os.environ.get("STRAVALIB_FAIL_ON_SKIP"):
        terminalreporter.write_line("STRAVALIB_FAIL_ON_SKIP is set: that is a failure")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail on tests that were skipped for what is missing, where CI asks for it."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not os.environ.get("STRAVALIB_FAIL_ON_SKIP"):
        return
    if missed(reporter)[0] and session.exitstatus == 0:
        session.exitstatus = 1

"""Other people's clients against the local Strava, unchanged apart from the host.

Each script calls every public method of its client. What must come of each call is
written in ``expected/``: a value, or the refusal that Strava itself gives; and for the
time before September 2026, what was different then.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from peer_runs import Run

pytestmark = pytest.mark.peer
EXPECTED = Path(__file__).parent / "expected"
PEERS = ("stravalib-2.6", "strava-v3", "strava")
NOW, BEFORE = "2026-11", "2026-05"
# Calls whose requests never leave the client, whatever the server.
UNSENT = {("strava", "uploads.createUpload")}
RUNS = [
    pytest.param((peer, profile), peer, profile, id=f"{peer}-{profile}")
    for peer in PEERS
    for profile in (NOW, BEFORE)
]
every_run = pytest.mark.parametrize(("run", "peer", "profile"), RUNS, indirect=["run"])


class Expected(NamedTuple):
    """What must come of a call; ``*`` stands for anything."""

    value: str
    requests: list[str]


def _read(path: Path) -> dict[str, Expected]:
    answer = {}
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        label, _, rest = line.partition(" -> ")
        value, _, requests = rest.partition(" | ")
        answer[label] = Expected(value, requests.split(", ") if requests else [])
    return answer


def expectations(peer: str, profile: str) -> dict[str, Expected]:
    answer = _read(EXPECTED / f"{peer}.txt")
    if profile == BEFORE:
        earlier = _read(EXPECTED / f"{peer}.{BEFORE}.txt")
        assert earlier.keys() <= answer.keys()
        answer |= earlier
    return answer


def asked(requests: list[str]) -> list[str]:
    """Shorten requests as in the tables, repeated ones once."""
    short = [re.sub(" /api/v3/", " ", request) for request in requests]
    return [request for request, _ in groupby(short)]


def same(found: list[str], wanted: list[str]) -> bool:
    return len(found) == len(wanted) and all(
        fnmatchcase(one, other) for one, other in zip(found, wanted, strict=True)
    )


@every_run
def test_the_script_calls_every_method(run: Run, peer: str, profile: str) -> None:
    called = {label.partition(" (")[0] for label in run.calls}
    assert (
        len(run.surface) >= {"stravalib-2.6": 70, "strava-v3": 45, "strava": 40}[peer]
    )
    assert set(run.surface) - called == set()


@every_run
def test_each_call_works_or_is_refused_as_by_strava(
    run: Run, peer: str, profile: str
) -> None:
    wanted = expectations(peer, profile)
    assert run.calls.keys() == wanted.keys()
    wrong = {
        label: (call["value"], wanted[label].value)
        for label, call in run.calls.items()
        if not fnmatchcase(call["value"], wanted[label].value)
    }
    assert wrong == {}
    failed = {label for label, call in run.calls.items() if call["outcome"] == "failed"}
    assert failed == {label for name, label in UNSENT if name == peer}


@every_run
def test_the_requests_are_the_expected_ones(run: Run, peer: str, profile: str) -> None:
    wanted = expectations(peer, profile)
    wrong = {
        label: asked(call["sent"])
        for label, call in run.calls.items()
        if not same(asked(call["sent"]), wanted[label].requests)
    }
    assert wrong == {}


@every_run
def test_the_local_strava_recorded_each_request(
    run: Run, peer: str, profile: str
) -> None:
    sent = [
        request
        for label, call in run.calls.items()
        if (peer, label) not in UNSENT
        for request in call["sent"]
    ]
    assert len(sent) > 40
    assert run.arrived == sent


def test_the_refusals_of_today_are_those_of_the_changelog() -> None:
    """The tables themselves: what 2.6 lost in September 2026, and nothing else."""
    now, before = (expectations("stravalib-2.6", date) for date in (NOW, BEFORE))
    assert {
        label: now[label].value for label in now if now[label] != before[label]
    } == {
        "Client.explore_segments": "401 Application/internal/invalid",
        "MetaClub.members": "401 Application/internal/invalid",
        "MetaClub.activities": "404 resource/path/invalid",
        "Client.get_club_members": "401 Application/internal/invalid",
        "Client.get_club_admins": "401 Application/internal/invalid",
        "Client.get_club_activities": "404 resource/path/invalid",
        "Client.join_club": "401 Application/internal/invalid",
        "Client.leave_club": "401 Application/internal/invalid",
    }

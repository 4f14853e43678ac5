"""The root logger at DEBUG, over all calls: who logs a secret, and who does not."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from local_servers import Reply, Server
from stravalib.logs import HideSecrets
from test_safety import ACTIONS, CODE, FAULTS, FLAVOURS, SECRET, run, secrets_in

if TYPE_CHECKING:
    from collections.abc import Iterator

# The one address that Strava forces a secret into, and who logs whole addresses.
FORCED = "/push_subscriptions?"
LOGS_ADDRESSES = {
    "requests": "urllib3.connectionpool",
    "own requests session": "urllib3.connectionpool",
    "aiohttp": None,
    "httpx2": "httpx2",
}
FINE: dict[str, Any] = {
    "answered": Reply(200, []),
    **{name: reply for name, reply in FAULTS.items() if reply is not None},
}


class Kept(logging.Handler):
    """Keeps what would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((record.name, self.format(record) + repr(record.args)))


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    root, handler = logging.getLogger(), Kept()
    level = root.level
    # Frameworks of other tests set levels of their own, or turn loggers off.
    for name in logging.root.manager.loggerDict:
        monkeypatch.setattr(logging.getLogger(name), "disabled", False)
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
        if name.startswith(("urllib3", "httpx2", "httpcore2", "aiohttp", "stravalib")):
            monkeypatch.setattr(logging.getLogger(name), "level", logging.NOTSET)
    root.addHandler(handler)
    root.setLevel(1)
    yield handler
    root.removeHandler(handler)
    root.setLevel(level)


def call_everything(flavour: str, answer: str) -> None:
    with Server(lambda seen: FINE[answer]) as server:
        for action in ACTIONS.values():
            run(flavour, action, base_url=server.api)


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("answer", FINE)
def test_no_secret_in_any_log_but_the_documented_place(flavour, answer, kept):
    call_everything(flavour, answer)
    assert any(name.startswith("stravalib") for name, _ in kept.lines)
    told = {(name, FORCED in text) for name, text in kept.lines if secrets_in(text)}
    place = LOGS_ADDRESSES[flavour]
    assert told <= {(place, True)}
    if answer == "answered":
        # What docs/observability.md and SECURITY.md say is so.
        assert told == (set() if place is None else {(place, True)})


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("answer", FINE)
def test_none_at_all_with_the_filter(flavour, answer, kept):
    kept.addFilter(HideSecrets())
    call_everything(flavour, answer)
    assert kept.lines
    assert [text for _, text in kept.lines if secrets_in(text)] == []
    place = LOGS_ADDRESSES[flavour]
    if place is not None and answer == "answered":
        forced = [text for name, text in kept.lines if name == place and FORCED in text]
        assert any("client_secret=[redacted]" in text for text in forced)


def test_on_the_logger_that_tells_it(kept):
    told = logging.getLogger("urllib3.connectionpool")
    hide = HideSecrets()
    told.addFilter(hide)
    try:
        call_everything("requests", "answered")
    finally:
        told.removeFilter(hide)
    assert [text for _, text in kept.lines if secrets_in(text)] == []


def test_nothing_is_attached_by_us():
    import stravalib

    stravalib.Client("x").close()
    names = ["", *logging.root.manager.loggerDict]
    for name in names:
        found = logging.getLogger(name)
        filters = [*found.filters, *(f for h in found.handlers for f in h.filters)]
        assert not any(isinstance(item, HideSecrets) for item in filters), name


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"code={CODE}", "code=[redacted]"),
        (f"GET /x?a=1&client_secret={SECRET}#b", "GET /x?a=1&client_secret=[redacted]"),
        (f'{{"refresh_token": "{CODE}", "n": 1}}', '{"refresh_token": "[redacted]"'),
        (f"{{'access_token': '{CODE}'}}", "{'access_token': '[redacted]'}"),
        (f"Authorization: Bearer {CODE}", "Authorization: Bearer [redacted]"),
        (f"hub.verify_token={CODE}&b=2", "hub.verify_token=[redacted]&b=2"),
        ("status_code=200 barcode=5", "status_code=200 barcode=5"),
    ],
)
def test_what_is_hidden(text, left):
    record = logging.LogRecord("x", 10, "", 0, "%s", (text,), None)
    assert HideSecrets().filter(record) is True
    assert left in record.getMessage()
    assert secrets_in(record.getMessage()) == []


def test_a_broken_record_passes():
    record = logging.LogRecord("x", 10, "", 0, "%d", ("no number",), None)
    assert HideSecrets().filter(record) is True

"""Faults on demand: what can go wrong between a client and Strava.

A request asks for one with the header ``X-Emulator-Fault: KIND`` or ``KIND=VALUE``; a
rule makes them happen by method, path, count and probability.
"""

from __future__ import annotations

import fnmatch
from dataclasses import asdict, dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from stravalib.emulator.jsonio import dumps, loads
from stravalib.emulator.routing import JSON_TYPE, Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from stravalib.emulator.records import Json

HEADER = b"x-emulator-fault"

# kind -> what it does, in words for a page and a document
KINDS: dict[str, str] = {
    "slow": "answers after VALUE seconds (default 1)",
    "hang": "never answers; ends when the client does",
    "reset": "cuts the connection in the middle of the body",
    "truncated": "a whole response whose JSON stops in the middle",
    "500": "HTML of an internal error",
    "502": "HTML of a bad gateway",
    "503": "HTML of an unavailable service",
    "504": "HTML of a gateway timeout",
    "429": "the usual rate-limit error; VALUE 'text' sends the rarer body",
    "no_rate_headers": "leaves the rate-limit headers out",
    "bad_rate_headers": "sends rate-limit headers that are not numbers",
    "empty_404": "a 404 without a body",
    "wrong_types": "values of other types than documented",
    "new_enum": "words that no documentation names",
    "new_fields": "fields that no documentation names",
    "token_revoked": "the athlete leaves the application just before the request",
}
_HTML_STATUS = {"500", "502", "503", "504"}
_REASONS = {
    "500": "Internal Server Error",
    "502": "Bad Gateway",
    "503": "Service Unavailable",
    "504": "Gateway Time-out",
}
_WORDS = frozenset(
    {
        "sport_type",
        "type",
        "visibility",
        "activity_type",
        "resolution",
        "series_type",
        "membership",
        "club_type",
        "status",
        "measurement_preference",
    }
)


@dataclass(slots=True)
class Fault:
    """One kind of fault with its value."""

    kind: str
    value: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(
                f"no fault {self.kind!r}; choose one of {', '.join(KINDS)}"
            )

    @classmethod
    def parse(cls, text: str) -> Fault:
        """Read ``KIND`` or ``KIND=VALUE``."""
        kind, _, value = text.partition("=")
        return cls(kind.strip(), value.strip())

    @property
    def seconds(self) -> float:
        """The value as seconds."""
        try:
            return min(max(float(self.value or 1.0), 0.0), 3600.0)
        except ValueError:
            return 1.0

    def __str__(self) -> str:
        return f"{self.kind}={self.value}" if self.value else self.kind


@dataclass(slots=True)
class Rule:
    """When a fault happens by itself.

    ``path`` is a pattern for the end of the path (``/athlete/activities``,
    ``/activities/*``); ``count`` is how often, None for ever; ``skip`` lets the first
    requests pass.
    """

    kind: str
    value: str = ""
    path: str = "*"
    method: str = "*"
    count: int | None = None
    probability: float = 1.0
    skip: int = 0
    id: int = 0

    def __post_init__(self) -> None:
        Fault(self.kind, self.value)
        if not 0 <= self.probability <= 1:
            raise ValueError(f"probability is {self.probability}; use 0 to 1")
        if self.count is not None and self.count < 1:
            raise ValueError(f"count is {self.count}; use 1 or more, or None")

    def fits(self, method: str, path: str) -> bool:
        """Whether the rule is about a request."""
        if self.method not in ("*", method):
            return False
        return fnmatch.fnmatchcase(path, "*" + self.path.lstrip("*"))


class Faults:
    """The rules in force."""

    def __init__(
        self,
        seed: int = 0,
        *,
        keep: Callable[[list[Json]], None] | None = None,
    ) -> None:
        self._random = Random(seed)
        self._keep = keep
        self._last = 0
        self.rules: list[Rule] = []

    def restore(self, rules: list[Json]) -> None:
        """Put rules back that were kept."""
        self.rules = [Rule(**rule) for rule in rules]
        self._last = max((rule.id for rule in self.rules), default=0)

    def _changed(self) -> None:
        if self._keep is not None:
            self._keep(self.to_list())

    def add(self, kind: str, **how: Any) -> Rule:
        """Put a rule in force; see :class:`Rule` for ``how``."""
        self._last += 1
        rule = Rule(kind, **how, id=self._last)
        self.rules.append(rule)
        self._changed()
        return rule

    def remove(self, rule_id: int | None = None) -> int:
        """Lift one rule, or all; returns how many."""
        kept = [] if rule_id is None else [r for r in self.rules if r.id != rule_id]
        gone = len(self.rules) - len(kept)
        self.rules = kept
        self._changed()
        return gone

    def find(self, method: str, path: str, header: bytes | None) -> Fault | None:
        """Tell which fault a request meets.

        Raises
        ------
        ValueError
            When the header names a kind that does not exist.
        """
        if header is not None:
            return Fault.parse(header.decode("latin-1"))
        for rule in self.rules:
            if not rule.fits(method, path):
                continue
            if rule.skip:
                rule.skip -= 1
                self._changed()
                continue
            if rule.probability < 1 and self._random.random() >= rule.probability:
                continue
            if rule.count is not None:
                rule.count -= 1
                if rule.count == 0:
                    self.rules.remove(rule)
                self._changed()
            return Fault(rule.kind, rule.value)
        return None

    def to_list(self) -> list[Json]:
        """List the rules."""
        return [asdict(rule) for rule in self.rules]


def instead(fault: Fault) -> Answer | None:
    """Answer in place of the endpoint, for faults that never reach it."""
    if fault.kind in _HTML_STATUS:
        reason = _REASONS[fault.kind]
        page = (
            f"<html>\r\n<head><title>{fault.kind} {reason}</title></head>\r\n<body>\r\n"
            f"<center><h1>{fault.kind} {reason}</h1></center>\r\n</body>\r\n</html>\r\n"
        )
        return Answer(page.encode(), int(fault.kind), b"text/html")
    if fault.kind == "empty_404":
        return Answer(b"", 404, JSON_TYPE)
    return None


def refused_by_cdn() -> Answer:
    """Answer a GET with a body the way the content network does."""
    page = (
        "<!DOCTYPE HTML><HTML><HEAD><TITLE>ERROR: The request could not be satisfied"
        "</TITLE></HEAD><BODY><H1>403 ERROR</H1><H2>The request could not be "
        "satisfied.</H2>Bad request.</BODY></HTML>"
    )
    return Answer(page.encode(), 403, b"text/html")


def spoiled(fault: Fault, reply: Answer) -> Answer:
    """Change an answer the way the fault says."""
    if fault.kind == "truncated":
        reply.body = reply.body[: max(1, len(reply.body) // 2)]
    elif fault.kind in ("no_rate_headers", "bad_rate_headers"):
        keep = [pair for pair in reply.headers if b"ratelimit" not in pair[0]]
        if fault.kind == "bad_rate_headers":
            keep += [(b"x-ratelimit-limit", b","), (b"x-ratelimit-usage", b"n/a,")]
        reply.headers = keep
    elif fault.kind in _CHANGES and reply.content_type == JSON_TYPE and reply.body:
        value = loads(reply.body)
        for item in _objects(value):
            _CHANGES[fault.kind](item)
        reply.body = dumps(value)
    return reply


def _objects(value: Any) -> Iterable[Json]:
    """Walk over all objects, the inner ones first."""
    if isinstance(value, dict):
        for inner in list(value.values()):
            yield from _objects(inner)
        yield value
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner)


def _wrong_types(item: Json) -> None:
    for place, (key, value) in enumerate(sorted(item.items())):
        if key == "id" or key.endswith("_id") or place % 2:
            continue
        if isinstance(value, bool):
            item[key] = "yes" if value else "no"
        elif isinstance(value, (int, float)):
            item[key] = f"about {value}"
        elif isinstance(value, str):
            item[key] = {"text": value}
        elif isinstance(value, list):
            item[key] = {}
        elif value is None:
            item[key] = [None]


def _new_enum(item: Json) -> None:
    for key in _WORDS & item.keys():
        if isinstance(item[key], str):
            item[key] = "InventedTomorrow"


def _new_fields(item: Json) -> None:
    item["invented_tomorrow"] = {"value": 1, "list": [1, None, "x"]}
    item["invented_flag"] = True


_CHANGES = {
    "wrong_types": _wrong_types,
    "new_enum": _new_enum,
    "new_fields": _new_fields,
}

"""The table of endpoints: what a route takes, who may call it, what answers."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stravalib.emulator.errors import bad_request
from stravalib.emulator.jsonio import dumps

if TYPE_CHECKING:
    from stravalib.emulator.accounts import Token
    from stravalib.emulator.server import Server
    from stravalib.emulator.state import Athlete, State

JSON_TYPE = b"application/json; charset=utf-8"
TRUE_WORDS = frozenset({"true", "1", "t", "yes", "on"})
FALSE_WORDS = frozenset({"false", "0", "f", "no", "off", ""})
_INTEGER = re.compile(r"[+-]?\d{1,30}\Z")


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of an endpoint.

    ``place`` is where the documentation puts it: ``path``, ``query`` or ``form``. The
    server takes a query or form parameter from anywhere, as Strava does.
    """

    name: str
    kind: str = "string"  # integer, number, boolean, string, file, any
    place: str = "query"
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    default: Any = None
    about: str = ""
    # A bad value is refused with 400; lenient ones fall back to the default.
    lenient: bool = False

    def read(self, value: Any, resource: str) -> Any:
        """Turn what came into the declared kind, or refuse it."""
        try:
            answer = _READERS[self.kind](value)
            if self.minimum is not None and answer < self.minimum:
                raise ValueError
            if self.maximum is not None and answer > self.maximum:
                raise ValueError
            if self.choices and answer not in self.choices:
                raise ValueError
        except (ValueError, TypeError, OverflowError):
            if self.lenient:
                return self.default
            raise bad_request(resource, self.name) from None
        return answer


def _integer(value: Any) -> int:
    if isinstance(value, bool):
        raise TypeError
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and _INTEGER.match(value.strip()):
        return int(value)
    raise ValueError


def _number(value: Any) -> float:
    if isinstance(value, bool):
        raise TypeError
    answer = float(value)
    if answer != answer or answer in (float("inf"), float("-inf")):
        raise ValueError
    return answer


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ValueError


def _string(value: Any) -> str:
    if isinstance(value, (dict, list)):
        raise TypeError
    return value if isinstance(value, str) else str(value)


_READERS: dict[str, Callable[[Any], Any]] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "string": _string,
    "file": lambda value: value,
    "any": lambda value: value,
}

PAGE = Param("page", "integer", minimum=1, default=1, about="Page, from 1")
PER_PAGE = Param(
    "per_page", "integer", minimum=1, maximum=200, default=30, about="Items a page"
)
PAGING = (PAGE, PER_PAGE)


@dataclass(slots=True)
class Answer:
    """What an endpoint answers.

    ``fingerprint`` stands for the body in its ETag where a shorter text will do.
    """

    body: bytes = b""
    status: int = 200
    content_type: bytes = JSON_TYPE
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    fingerprint: bytes = b""


def answer(value: Any, status: int = 200) -> Answer:
    """Make a JSON answer."""
    return Answer(dumps(value), status)


@dataclass(slots=True)
class File:
    """A file of a multipart form."""

    name: str
    data: bytes


@dataclass(slots=True)
class Call:
    """One request on its way to an endpoint."""

    server: Server
    route: Route
    path_args: dict[str, str]
    query: dict[str, str]
    fields: dict[str, Any]  # of the body
    json_body: bool
    headers: dict[bytes, bytes]
    body: bytes = b""
    token: Token | None = None
    args: dict[str, Any] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """The state that the server serves."""
        return self.server.state

    @property
    def now(self) -> float:
        """The time on the server's clock."""
        return self.server.state.clock.now()

    @property
    def athlete(self) -> Athlete:
        """The athlete who is asking."""
        assert self.token is not None  # only routes with a token ask
        return self.server.state.athletes[self.token.athlete_id]

    def allows(self, scope: str) -> bool:
        """Whether the token has a scope."""
        return self.token is not None and scope in self.token.scopes

    def given(self, name: str) -> Any:
        """Find a parameter as it came: path, body, query; None if absent."""
        if name in self.path_args:
            return self.path_args[name]
        if name in self.fields:
            return self.fields[name]
        return self.query.get(name)

    def read_args(self) -> None:
        """Read all declared parameters into :attr:`args`."""
        for param in self.route.params:
            value = self.given(param.name)
            if value is None or (value == "" and param.kind != "string"):
                if param.required:
                    raise bad_request(self.route.resource, param.name)
                self.args[param.name] = param.default
            else:
                self.args[param.name] = param.read(value, self.route.resource)


Handler = Callable[[Call], "Answer | Awaitable[Answer]"]


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint."""

    method: str
    path: str
    handler: Handler
    about: str
    resource: str
    gives: str = "object"
    params: tuple[Param, ...] = ()
    scopes: tuple[str, ...] = ()  # any one of these; none: any token
    token: bool = True
    read: bool = True  # counts against the read limit
    limited: bool = True  # counts at all
    rate_headers: bool = True
    oauth: bool = False  # lives beside the API, not under its prefix
    statuses: tuple[int, ...] = (200,)
    note: str = ""

    @property
    def needs_world(self) -> bool:
        """Whether it has to wait for a world that is still being made."""
        return self.token or "authorize" in self.path or self.path == "/_emulator/token"


class Router:
    """Finds the route of a request: fixed paths first, then patterns in order."""

    def __init__(self, routes: Iterable[Route], prefix: str) -> None:
        self.routes = tuple(routes)
        self._fixed: dict[tuple[str, str], Route] = {}
        self._patterns: dict[str, list[tuple[re.Pattern[str], Route]]] = {}
        for route in self.routes:
            path = route.path if route.oauth else prefix + route.path
            if "{" not in path:
                self._fixed[route.method, path] = route
                continue
            pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
            self._patterns.setdefault(route.method, []).append(
                (re.compile(pattern + r"\Z"), route)
            )

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Find the route and its path parameters; a last slash does not matter."""
        if len(path) > 1 and path[-1] == "/":
            path = path[:-1]
        route = self._fixed.get((method, path))
        if route is not None:
            return route, {}
        for pattern, candidate in self._patterns.get(method, ()):
            found = pattern.match(path)
            if found:
                return candidate, found.groupdict()
        return None

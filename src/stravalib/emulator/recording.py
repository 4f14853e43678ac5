"""The record of what was asked and answered, for assertions and for eyes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from stravalib.emulator.jsonio import loads

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT = 5000
_SECRET_WORDS = frozenset(
    {"access_token", "client_secret", "refresh_token", "code", "token", "verify_token"}
)


@dataclass(slots=True)
class Recorded:
    """One request with its answer's status.

    Tokens and secrets are masked in ``headers``, ``query`` and ``fields``; ``bearer``
    says whether the token came in the header.
    """

    method: str
    path: str
    raw_query: bytes
    raw_headers: list[tuple[bytes, bytes]]
    body: bytes
    time: float
    status: int = 0
    athlete_id: int | None = None
    application_id: int | None = None
    fault: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Headers with lower-case names."""
        answer = {}
        for name, value in self.raw_headers:
            key = name.decode("latin-1").lower()
            text = value.decode("latin-1")
            if key in ("authorization", "cookie"):
                text = text.partition(" ")[0] + " ***"
            answer[key] = text
        return answer

    @property
    def bearer(self) -> bool:
        """Whether an Authorization header of the Bearer kind was sent."""
        return self.headers.get("authorization", "").startswith("Bearer")

    @property
    def query(self) -> dict[str, str]:
        """Query parameters."""
        pairs = parse_qsl(self.raw_query.decode("latin-1"), keep_blank_values=True)
        return {key: _mask(key, value) for key, value in pairs}

    @property
    def content_type(self) -> str:
        """The media type of the body, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def json(self) -> Any:
        """The body, decoded from JSON; None if it is not."""
        if self.content_type != "application/json":
            return None
        try:
            return loads(self.body)
        except ValueError:
            return None

    @property
    def fields(self) -> dict[str, Any]:
        """Fields of an urlencoded or JSON body."""
        if self.content_type == "application/x-www-form-urlencoded":
            pairs = parse_qsl(self.body.decode("latin-1"), keep_blank_values=True)
            return {key: _mask(key, value) for key, value in pairs}
        value = self.json
        return value if isinstance(value, dict) else {}

    def __repr__(self) -> str:
        return f"<{self.method} {self.path} -> {self.status}>"


def _mask(key: str, value: str) -> str:
    return "***" if key in _SECRET_WORDS else value


class Recorder:
    """The last requests, oldest first; reads like a sequence."""

    def __init__(self, kept: int = KEPT) -> None:
        self._items: deque[Recorded] = deque(maxlen=kept)
        self.total = 0

    def add(self, item: Recorded) -> None:
        """Record a request."""
        self._items.append(item)
        self.total += 1

    def clear(self) -> None:
        """Forget all requests."""
        self._items.clear()
        self.total = 0

    def find(
        self, method: str | None = None, path: str | None = None
    ) -> list[Recorded]:
        """List requests with a method, and a path that ends in ``path``."""
        return [
            item
            for item in list(self._items)
            if (method is None or item.method == method)
            and (path is None or item.path.rstrip("/").endswith(path.rstrip("/")))
        ]

    def __iter__(self) -> Iterator[Recorded]:
        return iter(list(self._items))

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, place: int) -> Recorded:
        return self._items[place]

"""One call: all requests that are sent for it, and the time that they may take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stravalib._core import http
from stravalib._core.meta import ResponseMeta

if TYPE_CHECKING:
    from collections.abc import Mapping

# The least that an attempt is given at the end of a deadline, in seconds, and as a
# share of the deadline.
LEAST_TIME = 1.0
LEAST_SHARE = 0.1


class Call:
    """One call, from its first request to the answer that is handed on.

    Repetitions count here whatever they are for: a failure, a redirect, a new token,
    a body that is not JSON.

    Attributes
    ----------
    request
        What is sent next.
    attempts
        Requests that were sent.
    started
        When the first was sent, by the monotonic clock.
    waited, paced
        Seconds waited for used-up windows, and for all else that the limiter asked.
    refused_open
        How often Strava refused a request in a window that seems open.
    uncertain
        Whether a failed attempt may have taken effect.
    """

    __slots__ = (
        "_positions",
        "attempts",
        "paced",
        "refused_open",
        "request",
        "started",
        "uncertain",
        "waited",
    )

    request: http.HttpRequest

    def __init__(self) -> None:
        self.attempts = 0
        self.refused_open = 0
        self.uncertain = False
        self.waited = 0.0
        self.paced = 0.0
        self.started = 0.0
        self._positions: list[tuple[Any, int | None]] | None = None

    def remember(self, files: Mapping[str, Any]) -> None:
        """Remember where the files stand before they are sent for the first time."""
        if self._positions is None:
            self._positions = file_positions(files)

    def rewind(self) -> bool:
        """Go back to the start of the files; False where that is not possible."""
        return not self._positions or rewind(self._positions)

    def elapsed(self, now: float) -> float:
        """Return the seconds since the first sending, without waits of the limiter."""
        return max(0.0, now - self.started - self.waited - self.paced)

    def bounded(self, now: float, deadline: float | None) -> http.HttpRequest:
        """Return the request, with no longer than the deadline leaves."""
        request = self.request
        if deadline is None:
            return request._replace(total=None)
        least = min(LEAST_TIME, deadline * LEAST_SHARE)
        left = max(least, deadline - self.elapsed(now))
        connect, read = request.timeout
        return request._replace(
            timeout=(
                left if connect is None else min(connect, left),
                left if read is None else min(read, left),
            ),
            total=left,
        )

    def meta(
        self,
        response: http.HttpResponse | None,
        now: float,
        error: BaseException | None,
    ) -> ResponseMeta:
        """Return what is known after an attempt."""
        request = self.request
        waited = self.waited + self.paced
        elapsed = now - self.started - waited
        return ResponseMeta(
            request.method,
            http.redact_query(request.url),
            None if response is None else response.status,
            {} if response is None else response.headers,
            self.attempts,
            elapsed if elapsed > 0.0 else 0.0,
            waited,
            None if error is None else type(error).__name__,
            self.uncertain,
        )


def file_positions(files: Mapping[str, Any]) -> list[tuple[Any, int | None]]:
    """Remember where the files of a request stand; None where they cannot go back."""
    found: list[tuple[Any, int | None]] = []
    for value in files.values():
        source: Any = value
        if isinstance(value, tuple) and len(value) > 1:
            source = value[1]
        if not hasattr(source, "read"):
            continue
        position = None
        if hasattr(source, "seek"):
            try:
                position = source.tell()
            except (AttributeError, OSError):
                position = None
        found.append((source, position))
    return found


def rewind(positions: list[tuple[Any, int | None]]) -> bool:
    """Put files back; False where one cannot be sent a second time."""
    if any(position is None for _, position in positions):
        return False
    try:
        for source, position in positions:
            source.seek(position)
    except (OSError, ValueError):  # a pipe, or closed meanwhile
        return False
    return True

"""What is known about one answer besides its body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from stravalib._core.rates import Rates

if TYPE_CHECKING:
    from collections.abc import Mapping


class RequestInfo(NamedTuple):
    """What ``on_request`` is told: one for each attempt, and no secret.

    ``url`` has no values of secret parameters; ``attempt`` counts from 1.
    """

    method: str
    url: str
    attempt: int


class ResponseMeta(NamedTuple):
    """One answer, or ``status=None`` where there was none.

    Attributes
    ----------
    method, url
        The request; without secrets.
    status
        HTTP status of the last attempt.
    headers
        Headers of the answer, in any case.
    attempts
        Requests that were sent for this call.
    elapsed
        Seconds from the first sending to the last answer, waits for the quota
        excluded.
    waited
        Seconds waited for the quota.
    error
        Name of the failure where there was no answer.
    uncertain
        Whether an earlier attempt of this call may have taken effect as well.
    """

    method: str
    url: str
    status: int | None
    headers: Mapping[str, str]
    attempts: int = 1
    elapsed: float = 0.0
    waited: float = 0.0
    error: str | None = None
    uncertain: bool = False

    @property
    def request_id(self) -> str | None:
        """Strava's ``X-Request-Id``, to be quoted to their support."""
        return self.headers.get("X-Request-Id") or self.headers.get("x-request-id")

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle with plain headers, in lower case: some libraries' own do not."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        return ResponseMeta, tuple(self._replace(headers=headers))

    @property
    def rates(self) -> Rates | None:
        """What the rate headers of this answer said."""
        return Rates.from_headers(self.headers)

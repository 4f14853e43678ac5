"""Everything that stravalib raises.

The tree (names of release 2.6 keep their ancestry; new classes subclass what 2.6
raised for the same case)::

    StravalibError
    ├── Fault (requests.HTTPError)            Strava answered with an error status
    │   ├── BadRequest                        400
    │   │   ├── InvalidGrant (LoginRequired)  400 dead refresh token or used code
    │   ├── AccessUnauthorized                401
    │   │   ├── InvalidAccessToken            expired, revoked or unknown token
    │   │   ├── ScopeMissing                  the token lacks ``required_scope``
    │   │   ├── InvalidClientCredentials      client id and secret do not match
    │   │   └── EndpointRestricted            reserved by Strava for approved apps
    │   ├── SubscriptionRequired              402
    │   ├── AccessForbidden                   403
    │   │   ├── ApplicationInactive
    │   │   └── AthleteCapacityExceeded
    │   ├── ObjectNotFound                    404
    │   │   └── EndpointRemoved               the path no longer exists at Strava
    │   ├── RateLimited (RateLimitExceeded)   429
    │   └── ServerFault                       5xx
    ├── RateLimitExceeded (RuntimeError)      refused before sending
    │   └── RateLimitTimeout
    ├── AuthError (RuntimeError)
    │   ├── LoginFailed
    │   ├── LoginRequired
    │   ├── NotAuthenticatedAthlete
    │   └── StoreFailed                       tokens cannot be read, kept or locked
    ├── ConnectionFailed (requests.ConnectionError)
    │   └── ConnectTimedOut (requests.ConnectTimeout)
    ├── ReadTimedOut (requests.ReadTimeout)
    ├── InvalidResponse (requests.JSONDecodeError)
    ├── ActivityUploadFailed (RuntimeError)
    │   ├── CreatedActivityDeleted
    │   ├── ErrorProcessingActivity
    │   └── DuplicateActivity                 carries ``duplicate_of``
    ├── ActivityPhotoUploadFailed (RuntimeError)
    │   └── ActivityPhotoUploadNotSupported
    ├── LedgerFailed (RuntimeError)           the count could not be read or kept
    ├── ReserveTooLarge (ValueError)          ``reserve`` leaves nothing of a limit
    ├── TimeoutExceeded (RuntimeError)
    ├── UnboundEntity (RuntimeError)
    ├── UnsafeAddress (ValueError)            a secret would leave https or loopback
    └── InvalidVerifyToken (AssertionError)

Every class pickles, and none holds a token or a client secret: the ``request`` and
``response`` that hang on an error are copies with the secrets taken out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import requests

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stravalib._core.meta import ResponseMeta

__all__ = [
    "AccessForbidden",
    "AccessUnauthorized",
    "ActivityPhotoUploadFailed",
    "ActivityPhotoUploadNotSupported",
    "ActivityUploadFailed",
    "ApplicationInactive",
    "AthleteCapacityExceeded",
    "AuthError",
    "BadRequest",
    "ConnectTimedOut",
    "ConnectionFailed",
    "CreatedActivityDeleted",
    "DuplicateActivity",
    "EndpointRemoved",
    "EndpointRestricted",
    "ErrorDetail",
    "ErrorProcessingActivity",
    "Fault",
    "InvalidAccessToken",
    "InvalidClientCredentials",
    "InvalidGrant",
    "InvalidResponse",
    "InvalidVerifyToken",
    "LedgerFailed",
    "LoginFailed",
    "LoginRequired",
    "NotAuthenticatedAthlete",
    "ObjectNotFound",
    "RateLimitExceeded",
    "RateLimitTimeout",
    "RateLimited",
    "ReadTimedOut",
    "ReserveTooLarge",
    "ScopeMissing",
    "ServerFault",
    "StoreFailed",
    "StravalibError",
    "SubscriptionRequired",
    "TimeoutExceeded",
    "UnboundEntity",
    "UnsafeAddress",
]


class StravalibError(Exception):
    """Base of everything that this library raises on purpose.

    Attributes
    ----------
    meta
        What is known about the answer, or the last attempt; None where nothing was
        sent.
    """

    meta: ResponseMeta | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by arguments and attributes, whatever ``__init__`` takes."""
        return _rebuild, (type(self), self.args, self.__dict__)


def _rebuild(
    cls: type[StravalibError], args: tuple[object, ...], state: dict[str, Any]
) -> StravalibError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class ErrorDetail(NamedTuple):
    """One entry of ``errors`` in a Fault body, as Strava sent it."""

    resource: str = ""
    field: str = ""
    code: str = ""


class AuthError(StravalibError, RuntimeError):
    """Something is wrong with the login."""


class LoginFailed(AuthError):
    """The login was refused."""


class LoginRequired(AuthError):
    """The athlete has to log in (again); ``stravalib login`` does it."""


class NotAuthenticatedAthlete(AuthError):
    """The call works for the authenticated athlete only."""


class StoreFailed(AuthError):
    """A store of tokens or counts cannot be read, written or locked."""


class UnboundEntity(StravalibError, RuntimeError):
    """The object holds no client, so it cannot fetch more; the text names the call."""


class UnsafeAddress(StravalibError, ValueError):
    """A secret would have been sent to an address that is neither https nor local."""


class InvalidVerifyToken(StravalibError, AssertionError):
    """A webhook handshake carried another verify token than the one agreed."""


class Fault(StravalibError, requests.exceptions.HTTPError):
    """Strava answered with an error status.

    Attributes
    ----------
    response
        The answer as a `requests.Response` (async calls too), without secrets.
    status_code
        HTTP status.
    errors
        The entries of ``errors`` in the body; empty where there were none.
    hint
        What to do next, also part of the text.
    docs
        The page of the documentation that explains this error.
    request_id
        Strava's ``X-Request-Id``, to be quoted to their support.
    retry_after
        Seconds until a repetition makes sense; None where none does.
    required_scope
        The OAuth scope that was missing; None where that was not the reason.
    """

    status_code: int | None = None
    errors: tuple[ErrorDetail, ...] = ()
    hint: str | None = None
    docs: str | None = None
    request_id: str | None = None
    retry_after: float | None = None
    required_scope: str | None = None

    def __init__(
        self,
        *args: object,
        response: requests.Response | None = None,
        details: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        # By name: in RateLimited the next class in line is RateLimitExceeded.
        requests.exceptions.HTTPError.__init__(self, *args, response=response, **kwargs)
        if response is not None and response.status_code is not None:
            self.status_code = response.status_code
        for name, value in (details or {}).items():
            setattr(self, name, value)


class BadRequest(Fault):
    """400: a parameter is missing or has a value that Strava does not take."""


class InvalidGrant(BadRequest, LoginRequired):
    """400 from the token endpoint: the refresh token or code is dead or used up."""


class AccessUnauthorized(Fault):
    """401: Strava does not accept the token for this call."""


class InvalidAccessToken(AccessUnauthorized):
    """401: the access token is missing, expired, revoked or unknown."""


class ScopeMissing(AccessUnauthorized):
    """401: the athlete did not grant ``required_scope``."""


class InvalidClientCredentials(AccessUnauthorized):
    """401: client id and client secret do not belong together."""


class EndpointRestricted(AccessUnauthorized):
    """401: Strava keeps this endpoint for itself and for approved applications."""


class SubscriptionRequired(Fault):
    """402: the athlete needs a Strava subscription for these data."""


class AccessForbidden(Fault):
    """403: Strava refuses the call."""


class ApplicationInactive(AccessForbidden):
    """403: the application's owner has no subscription, so nothing is served."""


class AthleteCapacityExceeded(AccessForbidden):
    """403: the application has as many connected athletes as it may have."""


class ObjectNotFound(Fault):
    """404: no such object, or the token may not see it."""


class EndpointRemoved(ObjectNotFound):
    """404: Strava has removed this endpoint."""


class ServerFault(Fault):
    """5xx: Strava or its gateway failed."""


class RateLimitExceeded(StravalibError, RuntimeError):
    """The application's request quota is used up.

    Attributes
    ----------
    timeout, retry_after
        Seconds until the window resets.
    limit
        The number of requests that the window allows.
    """

    timeout: float | None = None
    limit: float | None = None
    retry_after: float | None = None

    def __init__(
        self, msg: str, timeout: float | None = None, limit: float | None = None
    ) -> None:
        super().__init__(msg)
        self.timeout = timeout
        self.limit = limit
        self.retry_after = timeout


class RateLimitTimeout(RateLimitExceeded):
    """The wait for the quota would be longer than allowed."""


class RateLimited(Fault, RateLimitExceeded):
    """429: Strava refused the request because the quota is used up."""

    retry_after: float | None = None

    def __init__(
        self,
        msg: str,
        timeout: float | None = None,
        limit: float | None = None,
        *,
        response: requests.Response | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        Fault.__init__(self, msg, response=response, details=details)
        if timeout is not None:
            self.retry_after = timeout
        if limit is not None:
            self.limit = limit
        self.timeout = self.retry_after


class LedgerFailed(StravalibError, RuntimeError):
    """The ledger that counts requests could not be asked; nothing was sent.

    After an answer a ledger that fails is one WARNING in the log instead.
    """


class ReserveTooLarge(StravalibError, ValueError):
    """``reserve`` leaves nothing of a limit, so that no request could ever go."""


class ConnectionFailed(StravalibError, requests.exceptions.ConnectionError):
    """No connection, or one that broke before the answer was complete.

    ``sent`` tells whether the request may have reached Strava.
    """

    sent: bool = True


class ConnectTimedOut(ConnectionFailed, requests.exceptions.ConnectTimeout):
    """No connection within the connect timeout; nothing was sent."""

    sent: bool = False


class ReadTimedOut(StravalibError, requests.exceptions.ReadTimeout):
    """No complete answer within the read timeout; Strava may have acted on it."""

    sent: bool = True


class InvalidResponse(StravalibError, requests.exceptions.JSONDecodeError):
    """A success status with a body that is not the JSON it should be."""

    def __init__(self, msg: str, doc: str = "", pos: int = 0, **kwargs: Any) -> None:
        super().__init__(msg, doc, pos, **kwargs)
        if not doc:
            # Without the text of which it would tell line and column.
            self.args = (msg,)


class ActivityUploadFailed(StravalibError, RuntimeError):
    """Strava did not make an activity of the upload.

    Attributes
    ----------
    upload_id
        Id of the upload.
    duplicate_of
        Id of the activity that holds the file already; None where that is not why.
    hint
        What to do next.
    docs
        The page of the documentation that explains this error.
    """

    upload_id: int | None = None
    duplicate_of: int | None = None
    hint: str | None = None
    docs: str | None = None


class ErrorProcessingActivity(ActivityUploadFailed):
    """Strava could not process the file; the text says why."""


class DuplicateActivity(ErrorProcessingActivity):
    """The file is already on Strava; ``duplicate_of`` is the id of that activity."""


class CreatedActivityDeleted(ActivityUploadFailed):
    """The activity was made, and deleted since."""


class ActivityPhotoUploadFailed(StravalibError, RuntimeError):
    """The photo did not reach Strava."""


class ActivityPhotoUploadNotSupported(ActivityPhotoUploadFailed):
    """The application may not upload photos (partners only)."""


class TimeoutExceeded(StravalibError, RuntimeError):
    """What was waited for did not happen in time."""

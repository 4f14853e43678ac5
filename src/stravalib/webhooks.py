"""Answer Strava's webhooks in a web application; pure functions, no request made.

The callback has to answer within 2 seconds: answer first, work later. Strava sends an
event up to three times until it is answered with 200, and promises no order.

In the view of GET::

    return json_response(webhooks.handshake(request.query, VERIFY_TOKEN))

In the view of POST::

    event = webhooks.parse_event(request.body, subscription_id=SUBSCRIPTION)
    if webhooks.is_deauthorization(event):
        forget(event.owner_id)

See https://developers.strava.com/docs/webhooks/
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from stravalib import exc

if TYPE_CHECKING:
    from stravalib.model import SubscriptionUpdate

__all__ = [
    "EventKind",
    "InvalidEvent",
    "InvalidSignature",
    "changes",
    "event_key",
    "handshake",
    "is_deauthorization",
    "kind_of",
    "parse_event",
    "verify_signature",
]

_MOST_BYTES: Final = 64 * 1024  # a real event has some 200
_FLAGS: Final = frozenset({"authorized", "private"})  # sent as "true" and "false"
_FLAG_OF: Final = {"true": True, "false": False, True: True, False: False}


class InvalidEvent(exc.StravalibError, ValueError):
    """The body of a POST is no event of Strava, or not for this subscription."""


class InvalidSignature(exc.StravalibError, ValueError):
    """A signature is missing, malformed, too old or made with another secret."""


class EventKind(StrEnum):
    """What happened."""

    ACTIVITY_CREATED = "activity created"
    """Or it became visible to this application again."""
    ACTIVITY_UPDATED = "activity updated"
    ACTIVITY_DELETED = "activity deleted"
    """Or it became invisible to this application."""
    DEAUTHORIZED = "deauthorized"
    """The athlete took the permission away: delete their data."""
    OTHER = "other"
    """What this release does not know. Answer 200, and read the event yourself."""


_KINDS: Final = {
    ("activity", "create"): EventKind.ACTIVITY_CREATED,
    ("activity", "update"): EventKind.ACTIVITY_UPDATED,
    ("activity", "delete"): EventKind.ACTIVITY_DELETED,
}


def handshake(query: Mapping[str, Any], verify_token: str) -> dict[str, str]:
    """Return the JSON that answers Strava's GET when a subscription is created.

    Send it with status 200 and content type ``application/json``.

    Parameters
    ----------
    query
        The parameters by name; the values texts, or lists of texts as
        `urllib.parse.parse_qs` makes them.
    verify_token
        The text that was given to `Client.create_subscription`.

    Raises
    ------
    InvalidVerifyToken
        Somebody else's request: answer 403.
    InvalidEvent
        Not a handshake: answer 400.
    """
    if not verify_token:
        raise ValueError("verify_token is empty: anybody could answer; choose a text.")
    sent = _first(query, "hub.verify_token")
    if not hmac.compare_digest(_bytes(sent), _bytes(verify_token)):
        raise exc.InvalidVerifyToken(
            "The request's hub.verify_token is not the one of this subscription. "
            "Answer 403, and check the verify_token given to create_subscription()."
        )
    mode, challenge = _first(query, "hub.mode"), _first(query, "hub.challenge")
    if mode != "subscribe" or not challenge:
        raise InvalidEvent(
            f"This is no handshake: hub.mode is {mode[:40]!r}, wanted 'subscribe', and "
            f"hub.challenge is {'there' if challenge else 'missing'}. Answer 400."
        )
    return {"hub.challenge": challenge}


def parse_event(
    body: bytes | str | Mapping[str, Any], *, subscription_id: int | None = None
) -> SubscriptionUpdate:
    """Return the event that Strava posted.

    Anybody who knows the address can post there: keep it secret, and compare the
    subscription.

    Parameters
    ----------
    body
        The body of the request, as bytes, as text or decoded.
    subscription_id
        The id of your subscription; events of another one are refused.

    Raises
    ------
    InvalidEvent
        Not an event, or of another subscription: answer 400.
    """
    if not isinstance(body, Mapping):
        body = _decoded(body)
    from stravalib.model import SubscriptionUpdate

    event = SubscriptionUpdate.model_validate(dict(body))
    for name in ("object_type", "aspect_type", "object_id", "owner_id"):
        if getattr(event, name) is None:
            raise InvalidEvent(
                f"This is no event of Strava: {name} is {body.get(name)!r:.60}."
            )
    if subscription_id is not None and event.subscription_id != subscription_id:
        raise InvalidEvent(
            f"The event is of subscription {body.get('subscription_id')!r:.60}, this "
            f"application's is {subscription_id}."
        )
    return event


def kind_of(event: SubscriptionUpdate) -> EventKind:
    """Return what happened."""
    if is_deauthorization(event):
        return EventKind.DEAUTHORIZED
    pair = (event.object_type or "", event.aspect_type or "")
    return _KINDS.get(pair, EventKind.OTHER)


def is_deauthorization(event: SubscriptionUpdate) -> bool:
    """Tell whether the athlete took the application's permission away."""
    return event.object_type == "athlete" and changes(event).get("authorized") is False


def changes(event: SubscriptionUpdate) -> dict[str, Any]:
    """Return what changed, by name, empty for events that are no updates.

    ``private`` and ``authorized``, which Strava sends as ``"true"`` and ``"false"``,
    are booleans here; the rest, a title that says "true" too, is as it was sent.
    """
    found: dict[str, Any] = {}
    for name, value in (event.updates or {}).items():
        if name in _FLAGS and isinstance(value, (str, bool)):
            word = value.strip().lower() if isinstance(value, str) else value
            value = _FLAG_OF.get(word, value)
        found[name] = value
    return found


def event_key(event: SubscriptionUpdate) -> str:
    """Return a text that is the same each time Strava sends this event.

    Keep it for a day, and pass over an event whose key was seen.
    """
    parts = [
        event.subscription_id,
        event.object_type,
        event.object_id,
        event.aspect_type,
        event.owner_id,
        event.raw.get("event_time"),
        event.updates or {},
    ]
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def verify_signature(
    secret: str | bytes,
    header: str | None,
    body: bytes,
    *,
    now: float | dt.datetime,
    tolerance: float = 300,
) -> None:
    """Check an ``X-Strava-Signature`` header; return where it is right.

    Strava's documentation knows no signature, and projects that check one disagree
    whether its key is the client secret or another. So nothing in this library calls
    this function, and it knows no default: use it with the secret that Strava gave
    you for this purpose. The header is ``t=UNIX_SECONDS,v1=HEX``, where HEX is the
    HMAC-SHA256 of ``"{t}.{body}"``.

    Parameters
    ----------
    secret
        The key.
    header
        The value of the header, None where the request has none.
    body
        The body exactly as received, before any decoding.
    now
        Seconds since 1970, or a date and time with a zone.
    tolerance
        Seconds that the signature may be old, or ahead.

    Raises
    ------
    InvalidSignature
        Answer 401, and do not act on the event.
    """
    if not secret:
        raise ValueError("secret is empty: anybody could sign; give the real one.")
    if not isinstance(body, (bytes, bytearray, memoryview)):
        raise TypeError(
            f"body is a {type(body).__name__}; give the bytes as received, because "
            "decoded and encoded again they are not the same."
        )
    moment, signatures = _signature_parts(header)
    if isinstance(now, dt.datetime):
        if now.tzinfo is None:
            raise ValueError("now has no time zone; give datetime.now(datetime.UTC).")
        now = now.timestamp()
    age = now - int(moment)
    if not abs(age) <= tolerance:
        raise InvalidSignature(
            f"The signature is {age:.0f} s old, allowed are {tolerance:g} s: an old "
            "request sent again, or a clock that is wrong."
        )
    key = secret.encode() if isinstance(secret, str) else secret
    wanted = hmac.new(key, moment.encode() + b"." + bytes(body), hashlib.sha256)
    digest = wanted.hexdigest().encode()
    right = False
    for signature in signatures:
        right |= hmac.compare_digest(_bytes(signature.lower()), digest)
    if not right:
        raise InvalidSignature(
            "The signature does not fit the body: somebody else's request, another "
            "secret, or a body that was changed before it came here."
        )


def _signature_parts(header: str | None) -> tuple[str, list[str]]:
    moments: list[str] = []
    signatures: list[str] = []
    for part in (header or "")[:4096].split(","):
        name, _, value = part.strip().partition("=")
        if name == "t":
            moments.append(value)
        elif name == "v1":
            signatures.append(value)
    if len(moments) != 1 or not signatures or not _is_epoch(moments[0]):
        found = "missing" if not header else "malformed"
        raise InvalidSignature(
            f"The X-Strava-Signature header is {found}; wanted t=UNIX_SECONDS,v1=HEX."
        )
    return moments[0], signatures


def _is_epoch(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 12


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # servers hand over broken text


def _first(query: Mapping[str, Any], name: str) -> str:
    value = query.get(name)
    if isinstance(value, (list, tuple)):
        value = value[0] if len(value) == 1 else None
    return value if isinstance(value, str) else ""


def _decoded(body: bytes | str) -> Mapping[str, Any]:
    if len(body) > _MOST_BYTES:
        raise InvalidEvent(
            f"The body has {len(body):,} characters; no event is so long."
        )
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidEvent("The body is no JSON.") from error
    if not isinstance(found, dict):
        raise InvalidEvent(f"The body is a {type(found).__name__}, not an object.")
    return found

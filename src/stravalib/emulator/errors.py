"""Errors as Strava words them: status, message and the list of what was wrong.

See https://developers.strava.com/docs/#client-code
"""

from __future__ import annotations

from typing import Any

from stravalib._facts import texts

Json = dict[str, Any]


class ApiError(Exception):
    """An answer that is an error; the dispatcher turns it into a response."""

    def __init__(self, status: int, body: Json) -> None:
        super().__init__(f"{status} {body.get('message', '')}")
        self.status = status
        self.body = body


def fault(status: int, message: str, resource: str, field: str, code: str) -> ApiError:
    """Make an error with one entry."""
    entry = {"resource": resource, "field": field, "code": code}
    return ApiError(status, {"message": message, "errors": [entry]})


def bad_request(resource: str, field: str, code: str = "invalid") -> ApiError:
    """400: a parameter that Strava does not take."""
    return fault(400, texts.MESSAGE_BAD_REQUEST, resource, field, code)


def bad_token() -> ApiError:
    """401: the access token is missing, unknown, expired or revoked."""
    return fault(401, texts.MESSAGE_UNAUTHORIZED, "Athlete", "access_token", "invalid")


def missing_scope(scope: str) -> ApiError:
    """401: the access token lacks a scope."""
    return fault(
        401, texts.MESSAGE_UNAUTHORIZED, "AccessToken", f"{scope}_permission", "missing"
    )


def internal_only() -> ApiError:
    """401: the endpoint is reserved for Strava and its partners."""
    return fault(401, texts.MESSAGE_UNAUTHORIZED, "Application", "internal", "invalid")


def wrong_secret() -> ApiError:
    """401: a known application with the wrong secret."""
    return fault(401, texts.MESSAGE_UNAUTHORIZED, "Application", "", "invalid")


def payment_required(resource: str) -> ApiError:
    """402: only for subscribers. The body is not recorded; its shape is assumed."""
    return fault(402, texts.MESSAGE_PAYMENT, resource, "subscription", "required")


def inactive() -> ApiError:
    """403: the application's owner has no subscription (since 2026-06-30)."""
    return fault(403, texts.MESSAGE_FORBIDDEN, "Application", "Status", "Inactive")


def over_capacity() -> ApiError:
    """403: the application may not connect another athlete."""
    return fault(
        403,
        texts.MESSAGE_CAPACITY,
        "Application",
        "athlete capacity",
        "exceeded",
    )


def not_found(resource: str, field: str = "id", code: str = "invalid") -> ApiError:
    """404: unknown, deleted, foreign or hidden; Strava does not say which."""
    return fault(404, texts.MESSAGE_NOT_FOUND, resource, field, code)


def no_such_path() -> ApiError:
    """404: no endpoint has this path."""
    return not_found("resource", "path")


def rate_limited(variant: str = "usual") -> ApiError:
    """429, in one of the two shapes that are recorded."""
    if variant == "text":
        body = {
            "errors": texts.MESSAGE_RATE_LIMIT,
            "status": 429,
            "message": texts.MESSAGE_TOO_MANY,
        }
        return ApiError(429, body)
    return fault(429, texts.MESSAGE_RATE_LIMIT, "Application", "rate limit", "exceeded")

"""The table from answers to exceptions: each documented case, and odd bodies."""

from __future__ import annotations

import pickle

import pytest
import requests

from stravalib import exc
from stravalib._core.errors import INACTIVE_APPLICATION_MESSAGE, RULES, judge


def fault(message, resource="", field="", code=""):
    row = {"resource": resource, "field": field, "code": code}
    return {"message": message, "errors": [row]}


CASES = [
    (400, fault("Bad Request", "Application", "client_id", "invalid"), exc.BadRequest),
    (
        400,
        fault("Bad Request", "RefreshToken", "refresh_token", "invalid"),
        exc.InvalidGrant,
    ),
    (
        400,
        fault("Bad Request", "AuthorizationCode", "code", "invalid"),
        exc.InvalidGrant,
    ),
    (400, fault("Bad Request", "RequestToken", "code", "invalid"), exc.InvalidGrant),
    (400, fault("Bad Request", "Activity", "sport_type", "invalid"), exc.BadRequest),
    (400, None, exc.BadRequest),
    (
        401,
        fault("Authorization Error", "Athlete", "access_token", "invalid"),
        exc.InvalidAccessToken,
    ),
    (
        401,
        fault(
            "Authorization Error", "AccessToken", "activity:read_permission", "missing"
        ),
        exc.ScopeMissing,
    ),
    (
        401,
        fault("Authorization Error", "Application", "internal", "invalid"),
        exc.EndpointRestricted,
    ),
    (
        401,
        fault("Authorization Error", "Application", "", "invalid"),
        exc.InvalidClientCredentials,
    ),
    (401, {"message": "Authorization Error", "errors": []}, exc.AccessUnauthorized),
    (402, None, exc.SubscriptionRequired),
    (402, fault("Payment Required"), exc.SubscriptionRequired),
    (
        403,
        fault("Forbidden", "Application", "Status", "Inactive"),
        exc.ApplicationInactive,
    ),
    (403, fault("Forbidden", "x", "y", "z"), exc.AccessForbidden),
    (
        403,
        {"message": "Limit of connected athletes exceeded"},
        exc.AthleteCapacityExceeded,
    ),
    (404, fault("Record Not Found", "Activity", "id", "invalid"), exc.ObjectNotFound),
    (404, None, exc.ObjectNotFound),
    (404, fault("Record Not Found", "resource", "path", "invalid"), exc.ObjectNotFound),
    (
        429,
        fault("Rate Limit Exceeded", "Application", "rate limit", "exceeded"),
        exc.RateLimited,
    ),
    (
        429,
        {
            "errors": "Rate Limit Exceeded",
            "status": 429,
            "message": "Too Many Requests",
        },
        exc.RateLimited,
    ),
    (500, {"message": "error"}, exc.ServerFault),
    (502, None, exc.ServerFault),
    (503, None, exc.ServerFault),
    (418, None, exc.Fault),
]


@pytest.mark.parametrize(("status", "body", "error"), CASES)
def test_each_documented_case_has_its_class(status, body, error):
    verdict = judge(status, "Reason", body, "GET", "/api/v3/athlete")
    assert verdict is not None
    assert verdict.error is error
    assert issubclass(error, exc.Fault)
    assert verdict.details["docs"].endswith(error.__name__.lower())


def test_no_error_below_400():
    assert judge(200, "OK", {"message": "x"}, "GET", "/athlete") is None
    assert judge(304, "Not Modified", None, "GET", "/athlete") is None


def test_missing_scope_is_named_with_what_it_grants():
    body = fault(
        "Authorization Error", "AccessToken", "activity:read_permission", "missing"
    )
    verdict = judge(401, "Unauthorized", body, "GET", "/api/v3/athlete/activities")
    assert verdict.details["required_scope"] == "activity:read"
    assert "'activity:read'" in verdict.message
    assert "stravalib login --scope activity:read" in verdict.message


@pytest.mark.parametrize(
    ("path", "status", "body", "error"),
    [
        (
            "/api/v3/clubs/5/activities",
            404,
            fault("Record Not Found", "resource", "path", "invalid"),
            exc.EndpointRemoved,
        ),
        (
            "/api/v3/clubs/5/members",
            401,
            fault("Authorization Error", "Application", "internal", "invalid"),
            exc.EndpointRestricted,
        ),
        (
            "/clubs/5/admins",
            401,
            fault("Authorization Error", "Application", "internal", "invalid"),
            exc.EndpointRestricted,
        ),
        (
            "/api/v3/segments/explore",
            401,
            fault("Authorization Error", "Application", "internal", "invalid"),
            exc.EndpointRestricted,
        ),
        ("/segments/explore", 403, None, exc.EndpointRestricted),
        ("/segments/explore", 404, None, exc.EndpointRestricted),
    ],
)
def test_removed_and_restricted_endpoints_say_so(path, status, body, error):
    verdict = judge(status, "Reason", body, "GET", path)
    assert verdict.error is error
    assert "September 1, 2026" in verdict.message


def test_a_dead_token_on_a_restricted_path_is_still_a_dead_token():
    body = fault("Authorization Error", "Athlete", "access_token", "invalid")
    verdict = judge(401, "Unauthorized", body, "GET", "/segments/explore")
    assert verdict.error is exc.InvalidAccessToken


def test_texts_begin_as_users_know_them():
    body = fault("Record Not Found", "Activity", "id", "invalid")
    text = judge(404, "Not Found", body, "GET", "/activities/1").message
    assert text.startswith("Not Found: Record Not Found: [{'resource': 'Activity'")
    text = judge(400, "Bad Request", body, "GET", "/activities/1").message
    assert text.startswith("400 Client Error: Bad Request [Record Not Found: [")
    body = fault("Forbidden", "Application", "Status", "Inactive")
    text = judge(403, "Forbidden", body, "GET", "/athlete").message
    assert text.startswith(INACTIVE_APPLICATION_MESSAGE)


@pytest.mark.parametrize(
    "body",
    [
        [],
        "text",
        7,
        {},
        {"errors": {}},
        {"errors": [None, 3, "x"]},
        {"errors": {"resource": "A", "field": None, "code": 5}},
        {"message": None, "errors": None},
        {"message": ["x"], "errors": 5},
    ],
)
@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 429, 500])
def test_any_body_is_survived(status, body):
    verdict = judge(status, None, body, "GET", "/athlete")
    assert verdict is not None
    assert verdict.message


def test_every_rule_is_reached_by_a_body_that_matches_it():
    for rule in RULES:
        body = fault("m", rule.resource or "Q", rule.field or "", rule.code or "c")
        if (rule.resource, rule.field, rule.code) == (None, None, None):
            body = None
        verdict = judge(rule.status, "R", body, "GET", "/athlete")
        assert issubclass(verdict.error, rule.error), rule


def test_rate_limited_is_a_fault_and_a_rate_limit_exceeded():
    assert issubclass(exc.RateLimited, exc.Fault)
    assert issubclass(exc.RateLimited, exc.RateLimitExceeded)


def test_ancestry_of_release_2_6():
    assert issubclass(exc.Fault, requests.exceptions.HTTPError)
    assert issubclass(exc.EndpointRestricted, exc.AccessUnauthorized)
    assert issubclass(exc.EndpointRemoved, exc.ObjectNotFound)
    assert issubclass(exc.InvalidVerifyToken, AssertionError)
    assert issubclass(exc.InvalidResponse, requests.exceptions.JSONDecodeError)


@pytest.mark.parametrize("name", exc.__all__)
def test_every_error_pickles(name):
    kind = getattr(exc, name)
    if kind is exc.ErrorDetail:
        return
    assert issubclass(kind, exc.StravalibError)
    error = kind("what happened")
    error.retry_after = 12.5
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is kind
    assert str(copy) == str(error)
    assert copy.retry_after == 12.5


def test_a_fault_pickles_with_its_response_and_details():
    response = requests.Response()
    response.status_code = 401
    response._content = b'{"message": "m"}'
    details = {"required_scope": "read", "errors": (exc.ErrorDetail("A", "b", "c"),)}
    error = exc.ScopeMissing("m", response=response, details=details)
    copy = pickle.loads(pickle.dumps(error))
    assert copy.response.json() == {"message": "m"}
    assert copy.status_code == 401
    assert copy.required_scope == "read"
    assert copy.errors[0].resource == "A"


def test_a_401_of_revoke_without_details_is_of_the_credentials():
    body = {"message": "Authorization Error", "errors": []}
    verdict = judge(401, "", body, "POST", "/oauth/revoke")
    assert verdict.error is exc.InvalidClientCredentials
    assert "do not match" in verdict.message
    other = judge(401, "", body, "GET", "/api/v3/athlete")
    assert other.error is exc.AccessUnauthorized

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
    ("status", "detail", "words"),
    [
        (400, ("RefreshToken", "refresh_token", "invalid"), "Log in again"),
        (400, ("AuthorizationCode", "code", "expired"), "each works once"),
        (400, ("RequestToken", "code", "invalid"), "each works once"),
        (400, ("Application", "client_id", "invalid"), "Check the client id"),
        (400, ("Application", "redirect_uri", "invalid"), "Callback Domain"),
        (400, ("Authorize", "scope", "invalid"), "Known scopes: read, read_all"),
        (400, ("PushSubscription", "callback url", "not verifiable"), "hub.challenge"),
        (400, ("PushSubscription", "", "already exists"), "delete_subscription"),
        (400, ("PushSubscription", "", "other"), "A parameter is missing"),
        (400, ("Activity", "name", "invalid"), "A parameter is missing"),
        (401, ("athlete", "ACCESS_TOKEN", "invalid"), "expired or revoked"),
        (401, ("Application", "internal", "invalid"), "for approved applications"),
        (401, ("Application", "", "invalid"), "do not match"),
        (402, ("", "", ""), "with a subscription"),
        (429, ("Application", "rate limit", "exceeded"), ":00, :15, :30 and :45"),
        (500, ("", "", ""), "https://status.strava.com"),
        (599, ("", "", ""), "https://status.strava.com"),
    ],
)
def test_each_case_says_what_to_do_next(status, detail, words):
    verdict = judge(status, "R", fault("m", *detail), "GET", "/athlete")
    assert words in verdict.details["hint"]
    assert verdict.message.endswith(f". {verdict.details['hint']}")


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_without_a_reason_sends_to_the_doctor(status):
    verdict = judge(status, "R", None, "GET", "/athlete")
    assert verdict.details["hint"].startswith("`stravalib doctor` checks")
    assert verdict.message.endswith(verdict.details["hint"])


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/activities/1", "activity:read_all"),
        ("/routes/1", "private routes: read_all"),
        ("/segments/1", "private segments: read_all"),
    ],
)
def test_what_is_not_found_may_be_hidden(path, words):
    assert words in judge(404, "R", None, "GET", path).message


@pytest.mark.parametrize("path", ["/gear/b1", "/push_subscriptions/1"])
def test_what_no_scope_hides_is_not_there(path):
    message = judge(404, "R", None, "GET", path).message
    assert "scope" not in message
    assert "belongs to someone else; Strava does not tell which" in message


@pytest.mark.parametrize("status", [409, 499])
def test_where_nothing_is_known_nothing_is_advised(status):
    verdict = judge(status, "R", None, "GET", "/athlete")
    assert "hint" not in verdict.details
    assert verdict.message.endswith(("R: None", "[None]"))


def test_a_full_application_is_told_how_to_make_room():
    body = {"message": "Limit of Connected Athletes exceeded"}
    verdict = judge(403, "Forbidden", body, "POST", "/oauth/token")
    assert "raise its capacity" in verdict.details["hint"]
    assert judge(400, "R", body, "POST", "/oauth/token").error is exc.BadRequest


@pytest.mark.parametrize(
    ("field", "scope", "words"),
    [
        ("read_permission", "read", "(public segments,"),
        ("activity:read_all_permission", "activity:read_all", "(also activities"),
        ("fly_permission", "fly", "the scope 'fly'. Send them"),
        ("other", None, "did not grant what this call needs."),
        ("", None, "did not grant what this call needs."),
    ],
)
def test_missing_scopes_known_and_unknown(field, scope, words):
    body = fault("Authorization Error", "AccessToken", field, "missing")
    verdict = judge(401, "Unauthorized", body, "GET", "/athlete")
    assert verdict.error is exc.ScopeMissing
    assert verdict.details["required_scope"] == scope
    assert words in verdict.message


@pytest.mark.parametrize(
    ("path", "field", "words"),
    [
        ("/activities/1", "id", "It does not exist, was deleted,"),
        ("/activities/1", "path", "Strava has no endpoint GET /activities/1."),
        ("/segments/1/leaderboard", "path", "gives no replacement"),
        ("/segments/1/leaderboards", "path", "Strava has no endpoint"),
    ],
)
def test_what_not_found_means(path, field, words):
    body = fault("Record Not Found", "resource", field, "invalid")
    assert words in judge(404, "Not Found", body, "GET", path).details["hint"]


def test_an_internal_endpoint_was_not_removed():
    body = fault("Authorization Error", "Application", "internal", "invalid")
    verdict = judge(401, "Unauthorized", body, "GET", "/athlete")
    assert verdict.error is exc.EndpointRestricted
    assert "September" not in verdict.message


def test_a_refusal_on_a_removed_path_keeps_its_own_reason():
    path = "/clubs/5/members"
    verdict = judge(401, "Unauthorized", None, "GET", path)
    assert verdict.error is exc.AccessUnauthorized
    assert "September" not in verdict.message


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (400, "400 Client Error: Bad Request [m: None]"),
        (401, "Unauthorized: m: None"),
        (402, "402 Client Error: Payment Required [m: None]"),
        (403, "403 Client Error: Forbidden [m: None]"),
        (404, "Not Found: m: None"),
        (429, "429 Client Error: Too Many Requests [m: None]"),
        (499, "499 Client Error:  [m: None]"),
        (500, "500 Server Error: Internal Server Error [m: None]"),
        (502, "502 Server Error: Bad Gateway [m: None]"),
        (503, "503 Server Error: Service Unavailable [m: None]"),
        (504, "504 Server Error: Gateway Timeout [m: None]"),
    ],
)
@pytest.mark.parametrize("reason", [None, ""])
def test_texts_where_the_server_gives_no_reason(status, text, reason):
    # HTTP/2 has no reason phrases.
    verdict = judge(status, reason, {"message": "m"}, "GET", "/athlete")
    assert verdict.message.startswith(text)


def test_the_reason_that_the_server_gives_is_kept():
    verdict = judge(400, "Odd", {"message": "m"}, "GET", "/athlete")
    assert verdict.message.startswith("400 Client Error: Odd [m: None]")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"message": "m", "errors": []}, "m: []"),
        ({"message": "m", "errors": "e"}, "m: e"),
        ({"errors": ["e"]}, "None: ['e']"),
        ({}, "None"),
        (None, "None"),
    ],
)
def test_what_the_body_says_is_part_of_the_text(body, said):
    assert judge(409, "R", body, "GET", "/").message == f"409 Client Error: R [{said}]"


def test_one_error_may_come_without_a_list():
    row = {"resource": "Athlete", "field": "access_token", "code": None}
    verdict = judge(401, "R", {"errors": row}, "GET", "/athlete")
    assert verdict.error is exc.InvalidAccessToken
    assert verdict.details["errors"] == (("Athlete", "access_token", ""),)


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


def test_revoking_is_refused_to_the_application_only():
    body = {"message": "Authorization Error", "errors": []}
    verdict = judge(401, "Unauthorized", body, "POST", "/oauth/revoke")
    assert verdict.error is exc.InvalidClientCredentials
    assert "do not match" in verdict.message
    other = judge(401, "Unauthorized", body, "GET", "/api/v3/athlete")
    assert other.error is exc.AccessUnauthorized


def test_the_text_of_an_answer_that_is_no_json_ends_with_it():
    error = exc.InvalidResponse("GET /x answered <html>; try again later")
    assert str(error) == "GET /x answered <html>; try again later"
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.msg, again.doc) == (str(error), error.msg, "")
    # Where the text is at hand, the place in it is told as before.
    assert str(exc.InvalidResponse("odd", '{"a"', 4)) == (
        "odd: line 1 column 5 (char 4)"
    )

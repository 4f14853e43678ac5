from __future__ import annotations

import pytest

from stravalib._core.scopes import NEEDED, missing_scope, needed_scopes, scope_error
from stravalib._facts.scopes import SCOPES
from stravalib.exc import AccessUnauthorized


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/athlete/zones", "profile:read_all"),
        ("PUT", "/athlete", "profile:write"),
        ("GET", "/athlete/activities", "activity:read"),
        ("GET", "/activities/17", "activity:read"),
        ("GET", "/api/v3/activities/17/", "activity:read"),
        ("GET", "/activities/17/streams", "activity:read"),
        ("GET", "/activities/17/streams/time,latlng", "activity:read"),
        ("GET", "/activities/17/comments", "activity:read"),
        ("POST", "/activities", "activity:write"),
        ("PUT", "/activities/17", "activity:write"),
        ("POST", "/uploads", "activity:write"),
        ("GET", "/uploads/17", "activity:write"),
        ("PUT", "/segments/17/starred", "profile:write"),
        ("GET", "/segment_efforts/17/streams/", "read_all"),
    ],
)
def test_a_token_with_read_lacks_the_scope(method, path, scope):
    assert missing_scope(method, path, {"read"}) == scope
    assert missing_scope(method, path, {scope}) is None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/athlete"),
        ("GET", "/athlete/clubs"),
        ("GET", "/athletes/1/stats"),
        ("GET", "/segments/1"),
        ("GET", "/segments/starred"),
        ("GET", "/segments/1/streams"),
        ("GET", "/routes/1/export_gpx"),
        ("GET", "/gear/b1"),
        ("GET", "/"),
        ("DELETE", "/push_subscriptions/1"),
    ],
)
def test_any_token_will_do(method, path):
    assert needed_scopes(method, path) == ()
    assert missing_scope(method, path, frozenset()) is None


def test_the_wider_scope_includes_the_narrower():
    assert missing_scope("GET", "/activities/1", {"activity:read_all"}) is None


def test_unknown_scopes_are_left_to_strava():
    assert missing_scope("GET", "/athlete/zones", None) is None


def test_the_error_names_the_scope_and_how_to_get_it():
    error = scope_error("GET", "athlete/zones", "profile:read_all", {"read"})
    assert isinstance(error, AccessUnauthorized)
    assert error.required_scope == "profile:read_all"
    text = str(error)
    for part in (
        "GET /athlete/zones needs the scope profile:read_all",
        "this token has: read.",
        "stravalib login --scope profile:read_all",
        "check_scopes=False",
    ):
        assert part in text
    assert "has: none." in str(scope_error("GET", "x", "read", ()))


def test_the_table_knows_only_scopes_that_exist():
    assert {scope for scopes in NEEDED.values() for scope in scopes} <= set(SCOPES)

from __future__ import annotations

import copy
import json
import pickle

import pytest

from stravalib import exc
from stravalib._core.tokens import (
    Fail,
    Refresh,
    Token,
    TokenKey,
    Use,
    after_refresh,
    after_refusal,
    before_request,
    client_id_hint,
    fingerprint,
    is_same_login,
    is_stale,
    login_required,
    parse_scopes,
    under_lock,
)
from stravalib.exc import AuthError, LoginRequired

NOW = 1_795_435_200.0
OLD = Token("aaa-old", "rrr-one", NOW + 10, "read,activity:read", 7, 12)
NEW = Token("aaa-new", "rrr-two", NOW + 21600, "read,activity:read", 7, 12)


# -- the value -----------------------------------------------------------------


def test_no_text_shows_a_secret():
    for text in (
        repr(OLD),
        str(OLD),
        f"{OLD}",
        repr([OLD]),
        repr(Use(OLD)),
    ):
        assert "aaa-old" not in text
        assert "rrr-one" not in text
        assert "athlete_id=7" in text
        assert "scopes='activity:read,read'" in text
        assert "refreshable=True" in text


def test_it_cannot_be_changed():
    with pytest.raises(AttributeError, match="cannot be changed"):
        OLD.access_token = "x"
    with pytest.raises(AttributeError, match="cannot be changed"):
        del OLD.access_token
    changed = OLD.replace(access_token="x", scopes="read_all")
    assert (changed.access_token, changed.refresh_token) == ("x", "rrr-one")
    assert changed.scopes == {"read_all"}
    assert OLD.access_token == "aaa-old"


def test_it_is_equal_by_value():
    same = Token("aaa-old", "rrr-one", NOW + 10, ["activity:read", "read"], 7, 12)
    assert same == OLD
    assert hash(same) == hash(OLD)
    assert OLD != NEW
    assert OLD.__eq__("aaa-old") is NotImplemented
    assert pickle.loads(pickle.dumps(OLD)) == OLD
    assert copy.deepcopy(OLD) == OLD


@pytest.mark.parametrize("token", [OLD, Token("a"), Token("a", scopes="")])
def test_json_and_back(token):
    assert Token.from_json(json.loads(json.dumps(token.to_json()))) == token


def test_json_in_the_words_of_strava():
    token = Token.from_json(
        {
            "access_token": "a",
            "refresh_token": "",
            "expires_at": "1795435200",
            "scope": "read read_all",
            "athlete_id": "7",
        }
    )
    assert token == Token("a", None, NOW, {"read", "read_all"}, 7)


@pytest.mark.parametrize("data", [{}, {"access_token": ""}, {"access_token": 7}])
def test_json_without_a_token_is_told(data):
    with pytest.raises(ValueError, match="no access_token"):
        Token.from_json(data)


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("read,activity:read_all", {"read", "activity:read_all"}),
        ("read activity:read_all", {"read", "activity:read_all"}),
        (" read, , read ", {"read"}),
        ("", frozenset()),
        (["read"], {"read"}),
        (None, None),
    ],
)
def test_scopes_by_comma_or_space(text, scopes):
    assert parse_scopes(text) == scopes


# -- answers of the token endpoint ----------------------------------------------


def test_the_answer_to_a_code():
    token = Token.from_response(
        {
            "token_type": "Bearer",
            "access_token": "a",
            "refresh_token": "r",
            "expires_at": 1795450000,
            "expires_in": 14800,
            "athlete": {"id": 7},
            "scope": "read,activity:read",
        },
        now=NOW,
        client_id=12,
    )
    assert token == Token("a", "r", 1795450000.0, "read,activity:read", 7, 12)


def test_the_answer_to_a_refresh_keeps_what_it_leaves_out():
    token = Token.from_response(
        {"access_token": "a2", "refresh_token": "r2", "expires_in": 21600},
        now=NOW,
        previous=OLD,
    )
    assert token == Token("a2", "r2", NOW + 21600, OLD.scopes, 7, 12)
    unrotated = Token.from_response({"access_token": "a2"}, now=NOW, previous=OLD)
    assert unrotated.refresh_token == "rrr-one"
    assert unrotated.expires_at == NOW + 21600


def test_a_refresh_may_tell_other_scopes():
    data = {"access_token": "a2", "scope": "read"}
    assert Token.from_response(data, now=NOW, previous=OLD).scopes == {"read"}
    assert Token.from_response({**data, "scope": ""}, now=NOW, previous=OLD).scopes == (
        OLD.scopes
    )


def test_the_scopes_of_the_redirect_count_where_the_answer_has_none():
    data = {"access_token": "a"}
    assert Token.from_response(data, now=NOW, scopes="read").scopes == {"read"}
    data["scope"] = "read_all"
    assert Token.from_response(data, now=NOW, scopes="read").scopes == {"read_all"}
    assert Token.from_response({"access_token": "a"}, now=NOW).scopes is None


@pytest.mark.parametrize(
    ("expires_at", "expires_in", "expected"),
    [
        (None, 60, NOW + 60),
        ("soon", 60, NOW + 60),
        (True, None, NOW + 21600),
        ([], "60", NOW + 60),
        (NOW + 5, 60, NOW + 5),
        (None, 0, NOW),
    ],
)
def test_odd_expiries(expires_at, expires_in, expected):
    data = {"access_token": "a", "expires_at": expires_at, "expires_in": expires_in}
    assert Token.from_response(data, now=NOW).expires_at == expected


@pytest.mark.parametrize("athlete", [None, [], {"id": None}, {"id": "x"}, {"id": True}])
def test_odd_athletes_leave_the_known_one(athlete):
    data = {"access_token": "a", "athlete": athlete}
    assert Token.from_response(data, now=NOW, previous=OLD).athlete_id == 7
    assert Token.from_response(data, now=NOW).athlete_id is None


def test_an_answer_without_a_token_shows_its_keys_only():
    with pytest.raises(ValueError, match="keys: refresh_token, x") as caught:
        Token.from_response({"x": 1, "refresh_token": "rrr"}, now=NOW)
    assert "rrr" not in str(caught.value)
    for odd in ("", 7, None):
        with pytest.raises(ValueError, match="without a usable access_token"):
            Token.from_response({"access_token": odd}, now=NOW)
    with pytest.raises(ValueError, match="keys: none"):
        Token.from_response({}, now=NOW)


def alike(decision, expected):
    """Named tuples of two kinds are equal where their fields are."""
    assert type(decision) is type(expected)
    assert decision == expected


# -- decisions -----------------------------------------------------------------


def test_stale_within_the_leeway():
    token = Token("a", "r", NOW + 300)
    assert is_stale(token, NOW)
    assert not is_stale(token, NOW - 0.1)
    assert not is_stale(token, NOW, leeway=299)
    assert not is_stale(Token("a"), NOW)


def test_before_a_request():
    alike(before_request(OLD, NOW, can_refresh=True), Refresh(OLD))
    alike(before_request(NEW, NOW, can_refresh=True), Use(NEW))
    alike(before_request(OLD, NOW, can_refresh=False), Use(OLD))
    alone = Token("a", None, NOW - 10)
    alike(before_request(alone, NOW, can_refresh=True), Use(alone))
    alike(before_request(OLD, NOW, can_refresh=True, leeway=5), Use(OLD))


def test_under_the_lock_somebody_else_was_faster():
    alike(under_lock(OLD, NEW, NOW), Use(NEW))
    alike(under_lock(OLD, NEW, NOW, rejected=True), Use(NEW))


def test_under_the_lock_nothing_has_changed():
    alike(under_lock(OLD, OLD, NOW), Refresh(OLD))
    alike(under_lock(OLD, None, NOW), Refresh(OLD))
    alike(under_lock(NEW, NEW, NOW), Use(NEW))
    alike(under_lock(NEW, NEW, NOW, rejected=True), Refresh(NEW))
    alike(under_lock(NEW, None, NOW, rejected=True), Refresh(NEW))


def test_under_the_lock_a_stale_newer_token_is_refreshed_with_its_own():
    newer = NEW.replace(expires_at=NOW)
    alike(under_lock(OLD, newer, NOW), Refresh(newer))
    assert isinstance(under_lock(OLD, newer.replace(refresh_token=None), NOW), Fail)
    alike(
        under_lock(OLD, newer.replace(expires_at=NOW + 50), NOW, leeway=10),
        Use(newer.replace(expires_at=NOW + 50)),
    )


def test_the_same_access_token_with_a_later_end_is_used():
    later = OLD.replace(expires_at=NOW + 9000)
    alike(under_lock(OLD, later, NOW), Use(later))


def test_after_a_401():
    def ask(used=OLD, current=OLD, refreshed=False, can_refresh=True):
        return after_refusal(
            used, current, refreshed=refreshed, can_refresh=can_refresh
        )

    alike(ask(), Refresh(OLD))
    alike(ask(current=NEW), Use(NEW))
    alike(ask(current=NEW, can_refresh=False), Use(NEW))
    alike(ask(refreshed=True), Fail("Strava refused the refreshed token too"))
    assert ask(current=NEW, refreshed=True) == ask(refreshed=True)
    assert "client secret" in ask(can_refresh=False).reason
    alone = Token("a")
    alike(ask(alone, alone), Fail("there is no refresh token"))


def test_the_same_token_again_helps_only_where_it_was_not_refused():
    same = OLD.replace(expires_at=NOW + 5000)
    alike(after_refresh(OLD, same, rejected=False), Use(same))
    assert isinstance(after_refresh(OLD, same, rejected=True), Fail)
    alike(after_refresh(OLD, NEW, rejected=True), Use(NEW))


def test_the_error_says_how_to_go_on():
    error = login_required("revoked", 7)
    assert isinstance(error, LoginRequired)
    assert isinstance(error, AuthError)
    assert "of athlete 7 is no longer valid: revoked" in str(error)
    assert "`stravalib login`" in str(error)
    assert "athlete" not in str(login_required("revoked")).split("Log in")[0]


# -- ids, origins and odd values ---------------------------------------------


def test_keys_take_numbers_as_text():
    key = TokenKey("12", " 7\n")
    assert key == TokenKey(12, 7) == (12, 7)
    assert pickle.loads(pickle.dumps(key)) == key
    assert repr(key) == "TokenKey(client_id=12, athlete_id=7)"


@pytest.mark.parametrize("value", ["", "six", "1.5", "-1", "1 2", True, 1.5, None])
def test_what_is_no_number_is_told(value):
    with pytest.raises(ValueError, match=r"athlete_id=.* is not a whole number"):
        TokenKey(12, value)


def test_a_hint_about_the_client_id():
    assert client_id_hint("") == client_id_hint(" 12\n") == ""
    assert client_id_hint(" abc ") == " STRAVA_CLIENT_ID='abc' is not a whole number."


def test_nothing_is_always_stale():
    assert is_stale(Token(""), NOW)
    assert is_stale(Token("", "r", NOW + 9999), NOW)


def test_the_origin_is_of_the_first_refresh_token():
    first = Token.from_response(
        {"access_token": "a", "refresh_token": "r2"},
        now=NOW,
        previous=Token("", "r1"),
    )
    second = Token.from_response(
        {"access_token": "b", "refresh_token": "r3"}, now=NOW, previous=first
    )
    assert first.origin == second.origin == fingerprint("r1") != fingerprint("r2")
    assert Token.from_response({"access_token": "a"}, now=NOW).origin is None
    assert "r1" not in repr(first) + str(first.to_json())
    assert first == first.replace(origin=None)
    assert hash(first) == hash(first.replace(origin=None))


@pytest.mark.parametrize(
    ("given", "stored", "same"),
    [
        (Token("a"), Token("a", "r"), True),
        (Token("a"), Token("b", "r"), False),
        (Token("a", "r"), Token("b", "r"), True),
        (Token("a", "r"), Token("a", "s"), False),
        (Token("", "r"), Token("b", "s", origin=fingerprint("r")), True),
        (Token("", "r"), Token("b", "s", origin=fingerprint("s")), False),
        (Token("a", "q", origin="o"), Token("b", "s", origin="o"), True),
        (Token("a", "q", origin="o"), Token("b", "s", origin="p"), False),
    ],
)
def test_what_became_of_a_token(given, stored, same):
    assert is_same_login(given, stored) is same


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([1], "a list"),
        (None, "null"),
        ("token", "text"),
        (True, "true or false"),
        (5, "a number"),
    ],
)
def test_an_answer_that_is_no_object(answer, words):
    with pytest.raises(exc.InvalidResponse, match=f"answered with {words} in place"):
        Token.from_response(answer, now=NOW)


@pytest.mark.parametrize("end", [float("nan"), float("inf"), 10**400, "1e400"])
def test_an_end_that_is_no_time(end):
    answer = {"access_token": "a", "expires_at": end, "expires_in": 60}
    assert Token.from_response(answer, now=NOW).expires_at == NOW + 60
    answer["expires_in"] = end
    assert Token.from_response(answer, now=NOW).expires_at == NOW + 21600

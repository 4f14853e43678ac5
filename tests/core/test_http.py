"""Addresses and where secrets may go, redirects, decoding."""

from __future__ import annotations

import sys

import pytest

from stravalib import exc
from stravalib._core import http
from stravalib._core.http import Origin


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://www.strava.com/api/v3", True),
        ("http://localhost:8080/api/v3", True),
        ("http://127.0.0.1:1", True),
        ("http://127.8.9.1:1", True),
        ("http://[::1]:1", True),
        ("http://www.strava.com", False),
        ("http://localhost.evil.example", False),
        ("http://127.0.0.1.evil.example", False),
        ("http://evil.example#localhost", False),
        ("ftp://localhost", False),
        ("//localhost", False),
        ("https://", False),
    ],
)
def test_where_secrets_may_go(url, safe):
    assert Origin.of(url).is_safe is safe


@pytest.mark.parametrize(
    "url",
    [
        "http://www.strava.com/api/v3",
        "https://user:pw@proxy.example/api",
        "www.strava.com",
        "https://x.example/?a=b",
        "http://[::1",
        "",
    ],
)
def test_base_urls_that_are_refused(url):
    with pytest.raises(exc.UnsafeAddress, match="base_url=") as caught:
        http.check_base_url(url, "base_url")
    assert "pw" not in str(caught.value)


def test_base_url_loses_its_slash():
    assert http.check_base_url("https://a.example/x/", "b") == "https://a.example/x"


BASE = "https://www.strava.com/api/v3"


OAUTH = "https://www.strava.com/oauth"


@pytest.mark.parametrize(
    ("url", "carries"),
    [
        (f"{BASE}/athlete", True),
        (f"{BASE}/oauth/deauthorize", True),
        (f"{BASE}/oauth/token", False),
        (f"{OAUTH}/token", False),
        (f"{OAUTH}/revoke", False),
        (f"{OAUTH}/deauthorize", True),
        ("https://evil.example/api/v3/athlete", False),
        ("https://www.strava.com.evil.example/api/v3/athlete", False),
        ("http://www.strava.com/api/v3/athlete", False),
        ("https://www.strava.com:444/api/v3/athlete", False),
    ],
)
def test_which_requests_carry_the_token(url, carries):
    assert http.carries_token(url, BASE, OAUTH) is carries


def test_path_variables_and_query():
    url, left = http.fill_path("/a/{id}/b/{kind}", {"id": 5, "kind": "x", "page": 1})
    assert url == "/a/5/b/x"
    assert left == {"page": 1}
    with pytest.raises(KeyError, match="id"):
        http.fill_path("/a/{id}", {})


def test_secrets_leave_addresses_headers_and_texts():
    url = "https://x.example/p?client_id=1&client_secret=S3CRET&a=b"
    assert "S3CRET" not in http.redact_query(url)
    assert "client_id=1" in http.redact_query(url)
    headers = http.redact_headers([("Authorization", "Bearer T"), ("A", "b")])
    assert headers == {"Authorization": "[redacted]", "A": "b"}
    assert "S3" not in http.redact_text("uses S3CRET", ["S3CRET", None])


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b'{"id": 123456789012345678901234567890}', 123456789012345678901234567890),
        (b'{"id": NaN}', None),
        (b'{"id": "\\ud83d"}', "\ud83d"),
        ('{"id": "é"}'.encode("utf-16"), "é"),
        (b'{"id": 18446744073709551616}', 2**64),
        (b'{"id": -9223372036854775809}', -(2**63) - 1),
        (b'{"id": 9007199254740993}', 2**53 + 1),
        (b'{"id": 1e400}', float("inf")),
        (b'{"id": -Infinity}', -float("inf")),
        (b'{"id": 1, "id": 2}', 2),
        (b'\xef\xbb\xbf{"id": 1}', 1),
    ],
)
def test_decoding_loses_nothing(content, value):
    for url in ("", "/activities/1"):
        found = http.decode(content, url)["id"]
        assert found == value or found != found


@pytest.mark.parametrize(
    ("content", "samples"),
    [
        (b'{"watts": {"data": [1, null, 2.5]}}', [1, None, 2.5]),
        (b'{"watts": {"data": [1e300, -0.1]}}', [1e300, -0.1]),
        (b'{"watts": {"data": [Infinity]}}', [float("inf")]),
    ],
)
def test_samples_are_decoded_exactly(content, samples):
    found = http.decode(content, "https://x.example/activities/1/streams")
    assert found["watts"]["data"] == samples
    assert [type(a) for a in found["watts"]["data"]] == [type(a) for a in samples]


def test_samples_are_decoded_where_orjson_is_not_to_be_had(monkeypatch):
    monkeypatch.setitem(sys.modules, "orjson", None)
    found = http.decode(b'{"watts": {"data": [1, 2.5]}}', "/activities/1/streams")
    assert found == {"watts": {"data": [1, 2.5]}}


@pytest.mark.parametrize("content", [b"", b"<html>", b'{"a": ', b'{"a": 1} x'])
def test_what_is_not_json_is_refused(content):
    with pytest.raises(ValueError):
        http.decode(content)


def test_what_nests_for_ever_is_refused():
    with pytest.raises(ValueError, match="nested too deeply"):
        http.decode(b"[" * 200_000 + b"]" * 200_000)


def test_timeouts():
    assert http.normal_timeout(5) == (5, 5)
    assert http.normal_timeout((1, None)) == (1, None)
    assert http.normal_timeout(None) == (None, None)
    with pytest.raises(ValueError, match="timeout=0"):
        http.normal_timeout(0)


def test_reprs_show_no_secret():
    request = http.HttpRequest(
        "POST",
        "https://www.strava.com/oauth/token?client_secret=s3cret",
        data={"refresh_token": "s3cret"},
        headers={"Authorization": "Bearer s3cret"},
    )
    assert "s3cret" not in repr(request)
    assert "POST https://www.strava.com/oauth/token" in repr(request)
    response = http.HttpResponse(200, {}, b'{"access_token": "s3cret"}')
    assert repr(response) == "<HttpResponse 200 26 bytes>"


def test_a_token_that_no_header_can_carry_is_not_shown():
    url = "https://www.strava.com/api/v3/athlete"
    assert http.bearer(url, " abc\n") == {"Authorization": "Bearer abc"}
    for token in ("sec\nret", "s\u20accret"):
        with pytest.raises(ValueError, match="copy it again") as caught:
            http.bearer(url, token)
        assert token not in str(caught.value)
        assert "cret" not in str(caught.value).replace("it is secret", "")


def test_an_id_cannot_leave_its_place_in_the_path():
    url, left = http.fill_path("/gear/{id}", {"id": "b1?x=y/../z"})
    assert url == "/gear/b1%3Fx%3Dy%2F..%2Fz"
    assert left == {}
    assert http.path_part(17) == "17"
    for nothing in (None, "", ".", ".."):
        with pytest.raises(ValueError, match="names nothing"):
            http.path_part(nothing)


def test_a_token_does_not_become_a_parameter():
    http.check_query({"page": 1})
    http.check_query(None)
    with pytest.raises(ValueError, match="part of the address") as caught:
        http.check_query({"access_token": "s3cret"})
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("method", "location", "hops", "target"),
    [
        ("GET", "/api/v3/other", 0, "https://x.example/api/v3/other"),
        ("GET", "https://x.example/a", 4, "https://x.example/a"),
        ("GET", "/loop", 5, None),
        ("POST", "/api/v3/other", 0, None),
    ],
)
def test_where_a_redirect_goes_on(method, location, hops, target):
    request = http.HttpRequest(method, "https://x.example/api/v3/thing")
    assert http.redirect_target(request, 302, location, hops) == target


@pytest.mark.parametrize(
    "location", ["https://evil.example/x", "http://x.example/x", "//evil.example/x"]
)
def test_a_redirect_elsewhere_is_refused(location):
    request = http.HttpRequest("GET", "https://x.example/api/v3/thing")
    with pytest.raises(exc.UnsafeAddress, match="is not followed"):
        http.redirect_target(request, 302, location, 0)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://www.strava.com/api/v3", ("https", "www.strava.com", 443)),
        ("HTTPS://WWW.Strava.com", ("https", "www.strava.com", 443)),
        ("http://localhost/x", ("http", "localhost", 80)),
        ("http://localhost:8080/x", ("http", "localhost", 8080)),
        ("https://x.example:444", ("https", "x.example", 444)),
        ("/athlete", ("", "", 443)),
    ],
)
def test_origins_are_compared_with_the_port_that_a_scheme_stands_for(url, origin):
    assert Origin.of(url) == origin


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://www.strava.com/api/v3", "https://www.strava.com"),
        ("http://127.0.0.1:8080/api/v3?a=b", "http://127.0.0.1:8080"),
    ],
)
def test_the_origin_of_an_address_as_text(url, text):
    assert http.origin_text(url) == text


@pytest.mark.parametrize(
    "url",
    [
        "https://user@x.example/api",
        "https://x.example/api?a=b",
        "https://x.example/api#top",
    ],
)
def test_a_base_url_has_nothing_but_scheme_host_and_path(url):
    with pytest.raises(exc.UnsafeAddress, match="without user name, query or"):
        http.check_base_url(url, "base_url")


def test_an_address_that_is_refused_is_shown_without_what_may_be_secret():
    with pytest.raises(exc.UnsafeAddress, match=r"^base_url='https://x\.example/api' "):
        http.check_base_url("https://user:pw@x.example/api?key=pw", "base_url")


@pytest.mark.parametrize(
    ("url", "carries"),
    [
        # Addresses of the API with another path than the base, and with a query.
        ("https://www.strava.com/api/v4/athlete", True),
        ("https://www.strava.com:443/api/v4/athlete", True),
        ("https://www.strava.com/oauth2/../oauth/token", False),
        (f"{BASE}?page=1", True),
        (f"{BASE}x/athlete", True),
    ],
)
def test_a_token_goes_to_all_of_the_origin_but_the_login(url, carries):
    assert http.carries_token(url, BASE, OAUTH) is carries


def test_the_login_may_live_elsewhere():
    elsewhere = "https://login.example/oauth"
    assert http.carries_token(f"{elsewhere}/deauthorize", BASE, elsewhere)
    assert not http.carries_token(f"{elsewhere}/token", BASE, elsewhere)


@pytest.mark.parametrize(
    "url",
    [
        "https://x.example/oauth/token",
        "http://localhost",
        "http://localhost:8080",
        "http://localhost:8080/oauth/token",
        "http://127.0.0.1/oauth/token",
    ],
)
def test_secrets_may_go_to_https_and_to_this_machine(url):
    http.check_destination(url)
    assert http.bearer(url, "t") == {"Authorization": "Bearer t"}


@pytest.mark.parametrize(
    "url",
    [
        "http://x.example",
        "http://x.example/localhost/",
        "http://localhost.x.example/oauth/token",
        "ftp://localhost/x",
        "/oauth/token",
    ],
)
def test_secrets_go_nowhere_else(url):
    with pytest.raises(exc.UnsafeAddress, match="is not sent there"):
        http.check_destination(url)
    with pytest.raises(exc.UnsafeAddress, match="is not sent there"):
        http.bearer(url, "t")


@pytest.mark.parametrize("token", [None, ""])
def test_without_a_token_no_header_is_sent(token):
    assert http.bearer("http://x.example/api", token) == {}


def test_the_token_endpoint_may_take_a_refresh_token_as_a_parameter():
    http.check_query({"refresh_token": "r"})
    http.check_query({})


def test_variables_of_a_path():
    assert http.path_variables("/a/{id}/b/{kind}") == ["id", "kind"]
    assert http.path_variables("/athlete") == []


def test_a_path_without_variables_leaves_everything_to_the_query():
    assert http.fill_path("/athlete", {"page": 2}) == ("/athlete", {"page": 2})


def test_a_variable_may_stand_twice():
    assert http.fill_path("/a/{id}/b/{id}", {"id": 5}) == ("/a/5/b/5", {})


def test_the_log_names_parameters_of_query_and_form_once():
    names = http.parameter_names({"page": 1, "code": "s3cret"}, None, {"code": 1, 5: 2})
    assert names == ["5", "code", "page"]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://x.example/p", "https://x.example/p"),
        ("https://x.example/p?b=%20&a=", "https://x.example/p?b=%20&a="),
        (
            "https://x.example/p?a=&code=s3cret#end",
            "https://x.example/p?a=&code=%5Bredacted%5D#end",
        ),
        ("https://x.example/p?code=", "https://x.example/p?code=%5Bredacted%5D"),
    ],
)
def test_addresses_change_only_where_they_hold_a_secret(url, shown):
    assert http.redact_query(url) == shown


@pytest.mark.parametrize("name", sorted(http.SECRET_HEADERS))
def test_secret_headers_are_known_in_any_case(name):
    headers = http.redact_headers([(name.title(), "s3cret"), ("X-A", "b")])
    assert headers == {name.title(): "[redacted]", "X-A": "b"}


def test_a_text_without_secrets_stays():
    assert http.redact_text("a b", [None, "", "c"]) == "a b"
    assert http.redact_text("a b a", ["a"]) == "[redacted] b [redacted]"


@pytest.mark.parametrize("timeout", [-1, 0.0, (0, 5), (5, 0), (None, -1)])
def test_a_timeout_that_could_never_be_kept_is_refused(timeout):
    with pytest.raises(ValueError, match="is not positive"):
        http.normal_timeout(timeout)


def test_what_a_request_and_an_answer_have_unless_told():
    request = http.HttpRequest("GET", "https://x.example")
    assert request.timeout == (10.0, 60.0)
    assert request.headers == {}
    assert http.HttpResponse(200, {}, b"")[3:] == ("", "", 0.0, None)


@pytest.mark.parametrize(
    "url",
    [
        "https://x\n.evil.example",
        "https://x.example/a b",
        " https://x.example",
        "https://x.example\t",
        5,
    ],
)
def test_a_base_address_has_no_white_space(url):
    with pytest.raises(exc.UnsafeAddress, match="base_url="):
        http.check_base_url(url, "base_url")


def test_a_base_address_is_in_lower_case_up_to_its_path():
    found = http.check_base_url("HTTP://LocalHost:80/Api/", "base_url")
    assert found == "http://localhost:80/Api"


def test_a_token_is_text():
    with pytest.raises(TypeError, match="is a int; it has to be text"):
        http.bearer("https://www.strava.com/x", 12345)


def test_the_secrets_of_a_request():
    request = http.HttpRequest(
        "POST",
        "https://x.example/oauth/token",
        params={"page": 1, "access_token": "t0ken"},
        data={"client_secret": "s3cret", "code": "", "grant_type": "x", "client_id": 5},
        headers={"AUTHORIZATION": "Bearer b3arer", "Cookie": "c00kie", "Accept": "*"},
    )
    assert http.secrets_of(request) == ["t0ken", "s3cret", "b3arer", "c00kie"]
    sent = http.HttpRequest("PUT", "https://x.example/1", data=b"code=5")
    assert http.secrets_of(sent) == []


def test_known_secrets_are_taken_out_of_an_answer():
    assert http.redact_bytes(b"a t0ken b", [None, "", "t0ken"]) == b"a [redacted] b"


@pytest.mark.parametrize("timeout", [(1,), (1, 2, 3), (1, True), "a", [1, 2]])
def test_what_is_no_timeout(timeout):
    with pytest.raises(TypeError, match="is no timeout"):
        http.normal_timeout(timeout)


@pytest.mark.parametrize(
    "timeout", [0, (0, 5), (5, 0), (-1, None), float("nan"), (5, float("nan"))]
)
def test_a_timeout_is_positive(timeout):
    with pytest.raises(ValueError, match="is not positive"):
        http.normal_timeout(timeout)

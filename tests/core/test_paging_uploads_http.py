"""The end of lists, the meaning of uploads, addresses and secrets."""

from __future__ import annotations

import pytest

from stravalib import exc
from stravalib._core import http, paging, uploads
from stravalib._core.http import Origin
from stravalib._core.paging import Paging


@pytest.mark.parametrize(
    ("policy", "received", "last"),
    [
        (Paging.UNTIL_EMPTY, 0, True),
        (Paging.UNTIL_EMPTY, 3, False),
        (Paging.UNTIL_EMPTY, 200, False),
        (Paging.UNTIL_SHORT, 199, True),
        (Paging.UNTIL_SHORT, 200, False),
        (Paging.UNTIL_SHORT, 500, False),
        (Paging.SINGLE, 200, True),
        (Paging.CURSOR, 199, True),
        (Paging.CURSOR, 200, False),
    ],
)
def test_where_a_list_ends(policy, received, last):
    assert paging.is_last(policy, received, 200) is last


def test_limits():
    assert paging.normal_limit(0) is None
    assert paging.normal_limit(None) is None
    assert paging.normal_limit(5) == 5
    with pytest.raises(ValueError, match="limit=-1 is negative"):
        paging.normal_limit(-1)
    for limit in ("5", 2.5):
        with pytest.raises(TypeError, match=r"is not a whole number"):
            paging.normal_limit(limit)


def test_rows_come_once_and_rows_without_id_always():
    seen = set()
    rows = [{"id": 1}, {"id": 2}, {"id": 1}, {"name": "a"}, {"name": "a"}, "odd"]
    kept = paging.unseen(rows, seen)
    assert kept == [{"id": 1}, {"id": 2}, {"name": "a"}, {"name": "a"}, "odd"]
    assert paging.unseen([{"id": 2}, {"id": 3}], seen) == [{"id": 3}]


def test_cursor_is_unescaped_once():
    assert paging.next_cursor([{"cursor": "eyJ%3D%3D"}]) == "eyJ=="
    assert paging.next_cursor([{"cursor": None}]) is None
    assert paging.next_cursor([]) is None


@pytest.mark.parametrize(
    ("text", "duplicate", "number"),
    [
        ("x.gpx duplicate of activity 8319193780", True, 8319193780),
        (
            "a 12.fit duplicate of <a href='/activities/555' target='_blank'>Run 7</a>",
            True,
            555,
        ),
        (
            "a.fit duplicate of &lt;a href=&#39;/activities/555&#39;&gt;Run&lt;/a&gt;",
            True,
            555,
        ),
        ("a.fit duplicate of an uploading activity (546649053)", True, 546649053),
        ("a.fit duplicate of another file", True, None),
        ("The file is malformed", False, None),
        ("Time information is missing from file.", False, None),
    ],
)
def test_duplicates_in_all_variants(text, duplicate, number):
    assert uploads.duplicate_of(text) == (duplicate, number)


def test_meaning_of_upload_answers():
    def answer(status, error=None, activity_id=None):
        return {"id": 5, "status": status, "error": error, "activity_id": activity_id}

    wrong = "There was an error processing your activity."
    assert uploads.failure(answer("Your activity is still being processed.")) is None
    assert uploads.failure(answer("Your activity is ready.", None, 7)) is None
    deleted = uploads.failure(answer("The created activity has been deleted."))
    assert type(deleted) is exc.CreatedActivityDeleted
    bad = uploads.failure(answer(wrong, "Improperly formatted data."))
    assert type(bad) is exc.ErrorProcessingActivity
    assert "Improperly formatted data. (Upload ID: 5)" in str(bad)
    assert bad.upload_id == 5
    silent = uploads.failure(answer(wrong))
    assert type(silent) is exc.ErrorProcessingActivity
    twin = uploads.failure(answer(wrong, "x duplicate of activity 12"))
    assert type(twin) is exc.DuplicateActivity
    assert twin.duplicate_of == 12
    link = uploads.failure(
        answer(wrong, "x duplicate of <a href='/activities/9'>Ride &amp; Run</a>")
    )
    assert "Ride & Run" in str(link)
    assert "<a" not in str(link)


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


ACTIVITY = uploads.Suspect("/activities/77", 77, False)
UPLOAD = uploads.Suspect("/uploads/77", 77, True)


@pytest.mark.parametrize(
    ("error", "found"),
    [
        ("x.gpx duplicate of activity 77", ACTIVITY),
        ("x.gpx duplicate of <a href='/activities/77'>Run 5</a>", ACTIVITY),
        ("x.gpx duplicate of an uploading activity (77)", UPLOAD),
        (None, None),
        ("", None),
        ("Improperly formatted data.", None),
        ("duplicate of", None),
    ],
)
def test_what_a_second_sending_is_a_duplicate_of(error, found):
    assert uploads.suspect({"id": 1, "error": error}) == found


PROCESSING = "Your activity is still being processed."


@pytest.mark.parametrize(
    ("original", "ours"),
    [
        ({"external_id": "mine"}, True),
        ({"external_id": "mine.gpx"}, True),
        ({"external_id": "mine.fit.gz"}, True),
        ({"external_id": "mine.old"}, False),
        ({"external_id": "mine2.gpx"}, False),
        ({"external_id": "garmin_push_1"}, False),
        ({"external_id": None}, False),
        ({"external_id": None, "status": PROCESSING}, None),
        ({}, False),
    ],
)
def test_an_original_is_ours_by_its_name_only(original, ours):
    assert uploads.is_ours(original, "mine") is ours


def test_the_answer_of_the_first_sending():
    answer = {"id": 1, "error": "x duplicate of activity 77", "activity_id": None}
    doubted = uploads.in_doubt(answer)
    assert (doubted["error"], doubted["status"]) == (None, PROCESSING)
    first = uploads.as_first(answer, ACTIVITY, {"id": 77})
    assert (first["id"], first["activity_id"], first["error"]) == (1, 77, None)
    assert first["status"] == "Your activity is ready."
    upload = {"id": 77, "activity_id": 5, "status": "Your activity is ready."}
    assert uploads.as_first(answer, UPLOAD, upload) == upload


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

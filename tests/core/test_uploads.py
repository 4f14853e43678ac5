"""What an upload's answers mean."""

from __future__ import annotations

import json

import pytest
import requests

from stravalib import exc
from stravalib._core import uploads


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


def refusal(body):
    response = requests.Response()
    response.status_code = 400
    response._content = body
    return exc.BadRequest("m", response=response)


def test_a_refused_upload_tells_why_as_an_accepted_one_does():
    error = "x.gpx duplicate of activity 12"
    body = json.dumps({"id": 5, "error": error, "status": "s"}).encode()
    found = uploads.refused_upload(refusal(body))
    assert type(found) is exc.DuplicateActivity
    assert (found.duplicate_of, found.upload_id) == (12, 5)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"[1]",
        b"null",
        b'{"message": "Bad Request", "errors": []}',
        # Only what names an error is an upload, whatever its status.
        b'{"status": "There was an error processing your activity."}',
    ],
)
def test_other_refusals_say_nothing_of_an_upload(body):
    assert uploads.refused_upload(refusal(body)) is None


def test_a_refusal_without_an_answer_says_nothing_of_an_upload():
    assert uploads.refused_upload(exc.BadRequest("m")) is None


def test_a_duplicate_keeps_its_number_in_the_text():
    text = "x.gpx duplicate of <a href='/activities/555' target='_blank'>Act 99</a>"
    found = uploads.failure({"id": 1, "error": text})
    assert found is not None
    assert 'x.gpx duplicate of activity 555 ("Act 99")' in str(found)
    assert found.duplicate_of == 555


@pytest.mark.parametrize("name", ["ride.fit", "/home/me/Ride 1.GPX.gz", "a.json"])
def test_the_name_of_a_file_is_not_sent_for_it(name):
    with pytest.raises(ValueError, match="is the name of a file; give the open file"):
        uploads.check_is_no_name(name)


@pytest.mark.parametrize("content", ["", "<gpx/>", '{"a": ".json"}', "a\n.fit", "x"])
def test_contents_are_taken_as_text(content):
    uploads.check_is_no_name(content)


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

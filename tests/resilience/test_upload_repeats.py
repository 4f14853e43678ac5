"""An upload that is sent twice, and said to be a duplicate: of itself, or not."""

from __future__ import annotations

import asyncio

import pytest

from local_servers import Reply, Server
from stravalib import AsyncClient, Client, exc

PROCESSING = "Your activity is still being processed."
FAILED = "There was an error processing your activity."
READY = "Your activity is ready."
GPX = b"<gpx/>"


def upload(upload_id, error=None, *, status=FAILED, name="mine.gpx", activity=None):
    return {
        "id": upload_id,
        "external_id": name,
        "status": status,
        "error": error,
        "activity_id": activity,
    }


def answering(answers, *, posted=None):
    """Answer by path; break off the first POST."""
    posted = posted or Reply(201, upload(2, status=PROCESSING, name=None))
    posts = []

    def answer(seen):
        if seen.method == "POST":
            posts.append(seen)
            return Reply(breaks=True) if len(posts) == 1 else posted
        found = answers[seen.path.removeprefix("/api/v3").partition("?")[0]]
        return found.pop(0) if isinstance(found, list) else found

    return Server(answer)


@pytest.fixture(params=["sync", "async"])
def send(request):
    def sync_send(server, **kwargs):
        with Client("T", base_url=server.api) as client:
            client.protocol.sender.sleep = lambda seconds: None
            uploader = client.upload_activity(GPX, "gpx", **kwargs)
            return uploader.wait(timeout=5, poll_interval=0)

    async def async_send(server, **kwargs):
        async def sleep(seconds):
            pass

        async with AsyncClient("T", base_url=server.api) as client:
            client.protocol.sender.sleep = sleep
            uploader = await client.upload_activity(GPX, "gpx", **kwargs)
            return await uploader.wait(timeout=5, poll_interval=0)

    if request.param == "sync":
        return sync_send
    return lambda *args, **kwargs: asyncio.run(async_send(*args, **kwargs))


DUPLICATE = "mine.gpx duplicate of activity 555"


def test_an_older_import_is_not_claimed(send):
    answers = {
        "/uploads/2": Reply(body=upload(2, DUPLICATE)),
        "/activities/555": Reply(body={"id": 555, "external_id": "garmin_push_1"}),
    }
    with answering(answers) as server:
        with pytest.raises(exc.DuplicateActivity) as caught:
            send(server, external_id="mine")
        assert caught.value.duplicate_of == 555
        assert caught.value.upload_id == 2


def test_one_that_the_token_may_not_see_is_not_claimed(send):
    answers = {
        "/uploads/2": Reply(body=upload(2, DUPLICATE)),
        "/activities/555": Reply(404, {"message": "Resource Not Found"}),
    }
    with (
        answering(answers) as server,
        pytest.raises(exc.DuplicateActivity) as caught,
    ):
        send(server, external_id="mine")
    assert caught.value.duplicate_of == 555


def test_that_of_the_first_sending_is(send):
    answers = {
        "/uploads/2": Reply(body=upload(2, DUPLICATE)),
        "/activities/555": Reply(body={"id": 555, "external_id": "mine.gpx"}),
    }
    with answering(answers) as server:
        assert send(server, external_id="mine").id == 555


def test_a_first_sending_that_is_still_processed_is_waited_for(send):
    answers = {
        "/uploads/2": Reply(
            body=upload(2, "mine.gpx duplicate of an uploading activity (1)")
        ),
        "/uploads/1": [
            Reply(body=upload(1, status=PROCESSING, name=None)),
            Reply(body=upload(1, status=READY, activity=700)),
        ],
        "/activities/700": Reply(body={"id": 700, "external_id": "mine.gpx"}),
    }
    with answering(answers) as server:
        assert send(server, external_id="mine").id == 700


def test_nor_is_an_upload_of_somebody_else(send):
    answers = {
        "/uploads/2": Reply(
            body=upload(2, "mine.gpx duplicate of an uploading activity (9)")
        ),
        "/uploads/9": Reply(
            body=upload(9, status=READY, name="other.gpx", activity=700)
        ),
    }
    with (
        answering(answers) as server,
        pytest.raises(exc.DuplicateActivity) as caught,
    ):
        send(server, external_id="mine")
    assert caught.value.duplicate_of == 9


@pytest.mark.parametrize(("name", "ours"), [("mine.gpx", True), ("else", False)])
def test_one_that_is_refused_at_once(send, name, ours):
    answers = {"/activities/555": Reply(body={"id": 555, "external_id": name})}
    with answering(answers, posted=Reply(400, upload(2, DUPLICATE))) as server:
        if ours:
            assert send(server, external_id="mine").id == 555
        else:
            with pytest.raises(exc.DuplicateActivity):
                send(server, external_id="mine")

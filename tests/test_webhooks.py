from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import pickle
import subprocess
import sys
from urllib.parse import parse_qs

import pytest

from stravalib import exc, webhooks
from stravalib.webhooks import EventKind, InvalidEvent, InvalidSignature

UPDATE = {
    "object_type": "activity",
    "object_id": 154504250376823,
    "aspect_type": "update",
    "updates": {"title": "true", "type": "Run", "private": "true", "new": "false"},
    "owner_id": 134815,
    "subscription_id": 120475,
    "event_time": 1516126040,
}
GOODBYE = {
    **UPDATE,
    "object_type": "athlete",
    "object_id": 134815,
    "updates": {"authorized": "false"},
}
QUERY = "hub.verify_token=s%C3%A9same&hub.challenge=15f7d1a91c1f40f8&hub.mode=subscribe"


@pytest.mark.parametrize("flat", [True, False])
def test_handshake(flat):
    query = parse_qs(QUERY)
    if flat:
        query = {name: values[0] for name, values in query.items()}
    answer = webhooks.handshake(query, "sésame")
    assert answer == {"hub.challenge": "15f7d1a91c1f40f8"}


@pytest.mark.parametrize(
    "token", ["other", "s", "sésam", "\udce9", None, ["sésame", "sésame"], 7]
)
def test_somebody_elses_handshake(token):
    query = {"hub.mode": "subscribe", "hub.challenge": "x", "hub.verify_token": token}
    with pytest.raises(exc.InvalidVerifyToken) as caught:
        webhooks.handshake(query, "sésame")
    assert isinstance(caught.value, AssertionError)
    assert "sésame" not in str(caught.value)


def test_an_empty_token_protects_nothing():
    with pytest.raises(ValueError, match="verify_token is empty"):
        webhooks.handshake({"hub.mode": "subscribe", "hub.challenge": "x"}, "")


@pytest.mark.parametrize(
    "rest",
    [{}, {"hub.mode": "subscribe"}, {"hub.mode": "unsubscribe", "hub.challenge": "1"}],
)
def test_not_a_handshake(rest):
    with pytest.raises(InvalidEvent, match="no handshake"):
        webhooks.handshake({"hub.verify_token": "sésame", **rest}, "sésame")


def test_the_token_is_checked_without_asserts_too():
    code = (
        "from stravalib import webhooks, exc\n"
        "try: webhooks.handshake({'hub.verify_token': 'no', 'hub.mode': 'subscribe',"
        " 'hub.challenge': 'x'}, 'yes')\n"
        "except exc.InvalidVerifyToken: print('refused')\n"
    )
    done = subprocess.run(
        [sys.executable, "-O", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "refused\n"


@pytest.mark.parametrize("form", [dict, json.dumps, lambda e: json.dumps(e).encode()])
def test_events(form):
    event = webhooks.parse_event(form(UPDATE), subscription_id=120475)
    assert event.object_id == 154504250376823
    assert event.owner_id == 134815
    assert event.raw == UPDATE


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 60_000, "no JSON"),
        (b"[]", "is a list"),
        (b"null", "is a NoneType"),
        (b"{}", "object_type is None"),
        (json.dumps({**UPDATE, "object_id": "abc" * 99}), "object_id is 'abcabc"),
        (json.dumps({**UPDATE, "owner_id": None}), "owner_id is None"),
        (b" " * 70_000, "no event is so long"),
        ({"object_type": {}}, "object_type is {}"),
    ],
)
def test_what_is_no_event(body, words):
    with pytest.raises(InvalidEvent, match=words) as caught:
        webhooks.parse_event(body)
    assert len(str(caught.value)) < 200
    assert isinstance(caught.value, (exc.StravalibError, ValueError))


@pytest.mark.parametrize("other", [1, None, "x"])
def test_another_subscription(other):
    with pytest.raises(InvalidEvent, match="this application's is 120475"):
        webhooks.parse_event(
            {**UPDATE, "subscription_id": other}, subscription_id=120475
        )
    assert webhooks.parse_event({**UPDATE, "subscription_id": other})


def test_changes_are_booleans_where_they_mean_it():
    event = webhooks.parse_event(UPDATE)
    assert webhooks.changes(event) == {
        "title": "true",
        "type": "Run",
        "private": True,
        "new": "false",
    }
    assert event.updates["private"] == "true"  # the event itself is as it was sent
    for sent, meant in [
        ("False", False),
        (True, True),
        ("?", "?"),
        (1, 1),
        (None, None),
    ]:
        event = webhooks.parse_event({**UPDATE, "updates": {"private": sent}})
        assert webhooks.changes(event) == {"private": meant}
        assert type(webhooks.changes(event)["private"]) is type(meant)


@pytest.mark.parametrize("updates", [{}, None, [], "x"])
def test_events_without_changes(updates):
    event = webhooks.parse_event({**UPDATE, "updates": updates})
    assert webhooks.changes(event) == {}
    without = {name: value for name, value in UPDATE.items() if name != "updates"}
    assert webhooks.changes(webhooks.parse_event(without)) == {}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"aspect_type": "create"}, EventKind.ACTIVITY_CREATED),
        ({}, EventKind.ACTIVITY_UPDATED),
        ({"aspect_type": "delete", "updates": {}}, EventKind.ACTIVITY_DELETED),
        (GOODBYE, EventKind.DEAUTHORIZED),
        ({**GOODBYE, "updates": {"authorized": False}}, EventKind.DEAUTHORIZED),
        ({**GOODBYE, "updates": {"authorized": "true"}}, EventKind.OTHER),
        ({**GOODBYE, "updates": {}}, EventKind.OTHER),
        ({**GOODBYE, "object_type": "activity"}, EventKind.ACTIVITY_UPDATED),
        ({"object_type": "route"}, EventKind.OTHER),
        ({"aspect_type": "merged"}, EventKind.OTHER),
    ],
)
def test_kinds(change, kind):
    event = webhooks.parse_event({**UPDATE, **change})
    assert webhooks.kind_of(event) is kind
    assert webhooks.is_deauthorization(event) is (kind is EventKind.DEAUTHORIZED)


def test_keys():
    def key(**change):
        return webhooks.event_key(webhooks.parse_event({**UPDATE, **change}))

    backwards = dict(reversed(UPDATE.items()))
    assert key() == webhooks.event_key(webhooks.parse_event(backwards))
    others = {
        key(event_time=1),
        key(object_id=1),
        key(updates={"title": "b"}),
        key(aspect_type="delete"),
        key(subscription_id=None),
    }
    assert len(others | {key()}) == 6


NOW = 1_780_000_000
BODY = json.dumps(UPDATE).encode()


def sign(secret=b"s3cret", moment=NOW, body=BODY) -> str:
    text = str(moment).encode() + b"." + body
    return f"t={moment},v1={hmac.new(secret, text, hashlib.sha256).hexdigest()}"


@pytest.mark.parametrize(
    "header",
    [
        sign(),
        sign().replace(",", ", "),
        sign().replace("v1=", "v0=9,v1="),
        sign().replace("v1=", "v1=00ff,v1="),  # two keys while one is replaced
        sign() + ",v1=00ff",
        sign(moment=NOW - 300),
        sign(moment=NOW + 300),
    ],
)
@pytest.mark.parametrize("now", [NOW, dt.datetime.fromtimestamp(NOW, dt.UTC)])
def test_signatures(header, now):
    webhooks.verify_signature("s3cret", header, BODY, now=now)
    webhooks.verify_signature(b"s3cret", header, bytearray(BODY), now=now)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (None, "is missing"),
        ("", "is missing"),
        ("nonsense", "malformed"),
        ("t=1", "malformed"),
        ("v1=00", "malformed"),
        ("t=x,v1=00", "malformed"),
        ("t=-1,v1=00", "malformed"),
        ("t=\u0661,v1=00", "malformed"),
        ("t=1e9,v1=00", "malformed"),
        (f"t=1,{sign()}", "malformed"),
        ("t=" + "9" * 400 + ",v1=00", "malformed"),
        (f"t={NOW},v1=", "does not fit"),
        (f"t={NOW},v1=ü\udcff", "does not fit"),
        (sign(b"other"), "does not fit"),
        (sign(body=BODY + b" "), "does not fit"),
        (sign(moment=NOW - 301), "301 s old"),
        (sign(moment=NOW + 301), "-301 s old"),
        (sign(moment=NOW - 5).replace(str(NOW - 5), str(NOW)), "does not fit"),
    ],
)
def test_wrong_signatures(header, words):
    with pytest.raises(InvalidSignature, match=words) as caught:
        webhooks.verify_signature("s3cret", header, BODY, now=NOW)
    assert "s3cret" not in repr(caught.value)
    assert type(pickle.loads(pickle.dumps(caught.value))) is InvalidSignature


def test_a_signature_needs_a_secret_the_bytes_and_a_zone():
    with pytest.raises(ValueError, match="secret is empty"):
        webhooks.verify_signature("", sign(b""), BODY, now=NOW)
    with pytest.raises(TypeError, match="body is a dict"):
        webhooks.verify_signature("s3cret", sign(), UPDATE, now=NOW)
    with pytest.raises(ValueError, match="no time zone"):
        webhooks.verify_signature("s3cret", sign(), BODY, now=dt.datetime(2026, 5, 1))
    with pytest.raises(InvalidSignature, match="nan s old"):
        webhooks.verify_signature("s3cret", sign(), BODY, now=float("nan"))
    webhooks.verify_signature("s3cret", sign(), BODY, now=NOW + 900, tolerance=1000)


def test_names():
    assert webhooks.__all__ == sorted(webhooks.__all__)

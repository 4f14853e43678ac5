"""No bytes make a reader raise anything but FormatError, hang, or fill the memory."""

from __future__ import annotations

import gzip
import json
import os
import random
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from track_samples import pool_swim, ride, route, strength

from stravalib import formats
from stravalib.formats import REASONS, FormatError, fit_structure

WORKOUT = json.dumps(
    {
        "version": "1.0",
        "start_time": "2025-05-17T06:30:00Z",
        "utc_offset": 0,
        "elapsed_time": 600,
        "streams": {"time": [0, 1, 2], "heartrate": [90, 91, 92]},
        "sets": [{"exercise_type": "SQUAT_GENERIC", "repetitions": 5}],
    }
).encode()
SOUND = {
    "gpx": formats.write_gpx(ride(40)),
    "gpx route": formats.write_gpx(route()),
    "tcx": formats.write_tcx(ride(40)),
    "tcx course": formats.write_tcx(route()),
    "fit": formats.write_fit(ride(40)),
    "fit swim": formats.write_fit(pool_swim()),
    "fit strength": formats.write_fit(strength()),
    "fit course": formats.write_fit(route()),
    "json": WORKOUT,
}
SOUND["fit chained"] = SOUND["fit"] + SOUND["fit swim"]
SOUND["gpx.gz"] = gzip.compress(SOUND["gpx"], mtime=0)
# mutations of each file; the long campaign asks for more
SLICE = int(os.environ.get("STRAVALIB_MUTATIONS", "300"))


def reason_of(error: FormatError) -> str:
    assert error.reason in REASONS
    assert error.message
    return error.reason


def try_to_read(data: bytes) -> str:
    """Return ``read`` or the reason of the refusal; nothing else may happen."""
    try:
        tracks = formats.read(data)
    except FormatError as error:
        return reason_of(error)
    assert tracks
    for track in tracks:
        track.points.check()
        track.segments()
        track.lap_ranges()
        for kind in ("gpx", "tcx", "fit", "geojson", "csv"):
            try:
                formats.write(track, kind)
            except FormatError as error:
                reason_of(error)
    return "read"


def mutate(data: bytes, dice: random.Random) -> bytes:
    """Cut, flip, repeat, swap or blow up some bytes."""
    body = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 5, 20))):
        at = dice.randrange(len(body)) if body else 0
        match dice.randrange(7):
            case 0:
                del body[at:]
            case 1 if body:
                body[at] = dice.randrange(256)
            case 2 if body:
                body[at] ^= 1 << dice.randrange(8)
            case 3:
                body[at:at] = body[at : at + dice.randrange(1, 400)]
            case 4:
                del body[at : at + dice.randrange(1, 60)]
            case 5:
                body[at:at] = dice.choice(
                    (b"999999999999", b"-", b"NaN", b"1e308", b"\xff" * 9, b"<", b'"')
                )
            case 6 if body:
                other = dice.randrange(len(body))
                body[at], body[other] = body[other], body[at]
    return bytes(body)


@pytest.mark.slow
@pytest.mark.parametrize("name", SOUND)
def test_mutations(name: str) -> None:
    dice = random.Random(f"seed of {name}")
    outcomes = {try_to_read(mutate(SOUND[name], dice)) for _ in range(SLICE)}
    assert len(outcomes) > 1  # the mutations are neither all harmless nor all fatal


@pytest.mark.parametrize("name", [name for name in SOUND if "gz" not in name])
def test_every_truncation(name: str) -> None:
    data = SOUND[name]
    step = max(1, len(data) // 150)
    for size in range(0, len(data), step):
        outcome = try_to_read(data[:size])
        if name.startswith(("gpx", "tcx", "json")):
            assert outcome != "read", size


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes(data: bytes) -> None:
    try_to_read(data)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([b".FIT", b"<gpx>", b"<TrainingCenterDatabase>", b'{"version":']),
    st.binary(max_size=300),
)
def test_random_bytes_behind_a_sound_beginning(mark: bytes, data: bytes) -> None:
    head = b"\x0e\x10\x00\x00" + b"\xff\xff\x00\x00" if mark == b".FIT" else b""
    try_to_read(head + mark + data)


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["version", "sets", "streams", "time", "start_time", "weight"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
def test_any_json(body: object) -> None:
    try_to_read(json.dumps(body).encode())


def test_file_of_every_byte_repeated() -> None:
    for byte in range(256):
        try_to_read(bytes([byte]) * 5000)


ENTITIES = "".join(
    '<!ENTITY lol{} "{}">'.format(n, "&lol{};".format(n - 1 or "") * 10)
    for n in range(1, 10)
)
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + ENTITIES
    + "]><gpx><trk><name>&lol9;</name></trk></gpx>"
)


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        '<!DOCTYPE gpx SYSTEM "file:///etc/passwd"><gpx/>',
        (
            '<?xml version="1.0"?>\n<!-- <gpx> --><!DOCTYPE gpx [<!ENTITY x SYSTEM '
            '"file:///etc/passwd">]><gpx><trk><name>&x;</name></trk></gpx>'
        ),
        "<!-- " + "x" * 70_000 + ' --><!DOCTYPE gpx [<!ENTITY a "b">]><gpx/>',
    ],
    ids=["laughs", "external", "comment", "long comment"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(text: str, encoding: str) -> None:
    if encoding == "utf-16":
        text = text.replace('version="1.0"', 'version="1.0" encoding="utf-16"')
    with pytest.raises(FormatError) as caught:
        formats.read(text.encode(encoding), "gpx")
    assert caught.value.reason == "unsafe"
    assert "passwd" not in str(caught.value)


def test_doctype_in_a_comment_or_a_text_is_harmless() -> None:
    data = SOUND["gpx"].replace(b"<trk>", b"<!-- <!DOCTYPE x> --><trk>", 1)
    assert try_to_read(data) == "read"


def memory_peak(data: bytes) -> tuple[str, float]:
    tracemalloc.start()
    try:
        formats.read(data)
        outcome = "read"
    except FormatError as error:
        outcome = error.reason
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return outcome, peak / len(data)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"<gpx>" + b"<a>" * 300_000, "too_large"),
        (b"<gpx>" + b"<a/>" * 300_000, "malformed"),
        (
            b"<gpx " + b" ".join(b'a%d=""' % i for i in range(60_000)) + b"/>",
            "too_large",
        ),
        (
            b"<gpx><trk><name>" + b"x" * 3_000_000 + b"</name></trk></gpx>",
            "not_an_activity",
        ),
        (b"<gpx>" + b"<trk/>" * 200_000 + b"</gpx>", "too_large"),
        (b'{"version":' + b"[" * 400_000, "too_large"),
        (b'{"version":"1.0","utc_offset":' + b"9" * 400_000 + b"}", "too_large"),
    ],
    ids=["nested", "flat", "attributes", "text", "tracks", "json", "digits"],
)
def test_memory_stays_near_the_size_of_the_file(data: bytes, expected: str) -> None:
    outcome, times = memory_peak(data)
    assert outcome == expected
    assert times < 60


def test_gzip_bombs_stop_at_the_limit() -> None:
    bomb = gzip.compress(bytes(30_000_000))
    with pytest.raises(FormatError) as caught:
        formats.read(bomb, max_bytes=1_000_000)
    assert caught.value.reason == "too_large"
    assert "1,000,000" in str(caught.value)
    packed = SOUND["gpx"]
    for _ in range(5):
        packed = gzip.compress(packed)
    with pytest.raises(FormatError, match="more than 3 times"):
        formats.read(packed)


def test_fit_message_of_nothing_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A definition without fields makes every byte a message."""
    monkeypatch.setattr(fit_structure, "MAX_MESSAGES", 50_000)
    body = bytes((0x40, 0, 0, 20, 0, 0)) + bytes(60_000)
    head = b"\x0e\x10\x00\x00" + len(body).to_bytes(4, "little") + b".FIT\x00\x00"
    with pytest.raises(FormatError) as caught:
        formats.read(head + body + b"\x00\x00")
    assert caught.value.reason == "too_large"


def test_fit_of_endless_laps_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    from stravalib.formats import fit_messages

    monkeypatch.setattr(fit_messages, "MAX_OTHERS", 5)
    with pytest.raises(FormatError) as caught:
        formats.read(SOUND["fit"])
    assert caught.value.reason == "too_large"


def test_fit_is_decoded_in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = formats.read(SOUND["fit"])
    monkeypatch.setattr(fit_structure, "_PER_SLICE", 7)
    parts = fit_structure.split(SOUND["fit"])
    assert len(parts[0].slices) > 5
    assert formats.read(SOUND["fit"]) == whole

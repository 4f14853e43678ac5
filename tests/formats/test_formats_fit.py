"""FIT: what devices write, and what is left of damaged files."""

from __future__ import annotations

import builtins
from typing import Any

import pytest
from pyfitparsernative import write_fit_bytes
from track_samples import T0, ride

from stravalib import formats
from stravalib.formats import FormatError, Track
from stravalib.formats.fit_structure import crc16, split

FILE_ID = {"message_type": "file_id", "type": "activity", "manufacturer": "garmin"}


def at(second: int) -> str:
    return f"2025-05-01T06:{second // 60:02d}:{second % 60:02d}"


def record(second: int, **values: object) -> dict[str, Any]:
    return {"message_type": "record", "timestamp": at(second), **values}


def session(start: int, end: int, **values: object) -> dict[str, Any]:
    return {
        "message_type": "session",
        "start_time": at(start),
        "timestamp": at(end),
        "total_elapsed_time": float(end - start),
        **values,
    }


def event(second: int, what: str) -> dict[str, Any]:
    timer = {"message_type": "event", "event": "timer", "event_type": what}
    return timer | {"timestamp": at(second)}


def read(*messages: dict[str, Any]) -> list[Track]:
    return formats.read(write_fit_bytes([FILE_ID, *messages]))


@pytest.mark.parametrize(
    ("sport", "sub_sport", "expected"),
    [
        ("running", "trail", "TrailRun"),
        ("running", "treadmill", "Run"),
        ("cycling", "gravel_cycling", "GravelRide"),
        ("cycling", "indoor_cycling", "Ride"),
        ("cycling", "virtual_activity", "VirtualRide"),
        ("training", "strength_training", "WeightTraining"),
        ("fitness_equipment", "elliptical", "Elliptical"),
        ("racket", "padel", "Padel"),
        ("generic", "generic", "Workout"),
        ("flying", "generic", None),
    ],
)
def test_sport(sport: str, sub_sport: str, expected: str | None) -> None:
    [track] = read(record(0), session(0, 1, sport=sport, sub_sport=sub_sport))
    assert track.sport == expected


def test_pauses_come_from_the_timer() -> None:
    events = [
        event(0, "start"),
        event(10, "stop_all"),
        event(11, "stop"),  # again: the first one counts
        event(20, "start"),
        event(30, "start"),
        event(40, "stop_disable_all"),
    ]
    [track] = read(*events, record(0), record(25), session(0, 40))
    start = track.start_seconds
    assert start is not None
    assert track.pauses == [(start + 10, start + 20)]
    assert [list(part) for part in track.segments()] == [[0], [1]]


def test_every_session_gets_what_is_its_own() -> None:
    laps = [
        {"message_type": "lap", "start_time": at(0), "timestamp": at(10)},
        {"message_type": "lap", "start_time": at(10), "timestamp": at(20)},
    ]
    tracks = read(
        record(1, heart_rate=100),
        record(9, heart_rate=101),
        record(12, heart_rate=102),
        *laps,
        session(10, 20, sport="cycling"),
        session(0, 9, sport="swimming"),
    )
    assert [track.sport for track in tracks] == ["Swim", "Ride"]
    assert [track.points.heartrate for track in tracks] == [[100, 101], [102]]
    assert [len(track.laps) for track in tracks] == [1, 1]


def test_heart_rate_of_a_strap_is_merged() -> None:
    anchor = {
        "message_type": "hr",
        "timestamp": at(1),
        "fractional_timestamp": 0.5,
        "event_timestamp": [100.0],
        "filtered_bpm": [90],
    }
    [track] = read(
        anchor,
        *(record(second) for second in range(1, 9)),
        record(9, heart_rate=150),
        session(0, 10),
    )
    # known from 1.5 s on, and kept for five seconds
    assert track.points.heartrate == [90, 90, 90, 90, 90, 90, None, None, 150]


def test_packed_times_of_a_strap() -> None:
    from stravalib.formats.fit_messages import Collector

    collector = Collector([])
    collector.take(
        {
            "message_type": "hr",
            "timestamp": at(0),
            "event_timestamp": [3.5],
            "filtered_bpm": [60],
        }
    )
    # 4.5 s = 4608 ticks = 512 of 12 bits, 5.5 s = 1536: 0x200, 0x600
    collector.take(
        {
            "message_type": "hr",
            "event_timestamp_12": [0x00, 0x02, 0x60],
            "filtered_bpm": [61, 62],
        }
    )
    first = collector.hearts[0][0]
    assert [(time - first, rate) for time, rate in collector.hearts] == [
        (0, 60),
        (1.0, 61),
        (2.0, 62),
    ]


def test_speed_and_distance_packed_in_three_bytes() -> None:
    from stravalib.formats.fit_messages import Collector

    collector = Collector([])
    for second, packed in enumerate(([98, 1, 0], [99, 0x41, 14], [0, 0x10, 1])):
        collector.take(record(second, compressed_speed_distance=packed))
    assert collector.points.speed == [3.54, 3.55, 0.0]
    # 228/16 m, then a rollover of the 12 bits: 17 < 228
    assert collector.points.distance == [0, 14.25, 257.0625]


def test_cadence_counts_fractions() -> None:
    [track] = read(record(0, cadence=84, fractional_cadence=0.5), session(0, 1))
    assert track.points.cadence == [84.5]


def test_offset_of_local_time() -> None:
    activity = {"message_type": "activity", "timestamp": at(1)}
    activity |= {"local_timestamp": "2025-05-01T11:45:01"}
    [track] = read(record(0), session(0, 1), activity)
    assert track.utc_offset == 5 * 3600 + 2700


def test_device_has_a_name_for_people() -> None:
    about = {"message_type": "device_info", "timestamp": at(0), "product": 3121}
    about |= {"device_index": "creator", "manufacturer": "garmin"}
    [track] = read(FILE_ID | {"product": 3121}, about, record(0), session(0, 1))
    assert track.device.manufacturer == "garmin"
    assert str(track.device).startswith("Garmin")


@pytest.mark.parametrize("kind", ["settings", "workout", "monitoring_b", "totals"])
def test_other_kinds_are_no_activity(kind: str) -> None:
    with pytest.raises(FormatError, match=kind) as caught:
        formats.read(write_fit_bytes([FILE_ID | {"type": kind}, record(0)]))
    assert caught.value.reason == "not_an_activity"


def test_nothing_recorded() -> None:
    with pytest.raises(FormatError) as caught:
        read()
    assert caught.value.reason == "not_an_activity"


# -- damage


def test_cut_short_keeps_what_is_there() -> None:
    data = formats.write_fit(ride())
    [track] = formats.read(data[: len(data) // 2])
    assert 30 < len(track.points) < 119
    assert track.points.time[0] == T0
    words = " ".join(track.warnings)
    assert "cut short" in words
    assert "no session" in words
    with pytest.raises(FormatError, match="damaged"):
        formats.read(data[: len(data) // 2], recover=False)


def test_wrong_checksums_and_lengths_do_not_matter() -> None:
    data = bytearray(formats.write_fit(ride(20)))
    sound = formats.read(bytes(data))
    data[-2:] = b"\x12\x34"
    assert formats.read(bytes(data)) == sound
    data[12:14] = b"\x12\x34"
    assert formats.read(bytes(data)) == sound
    data[4:8] = bytes(4)  # as a device leaves it when its battery dies
    [track] = formats.read(bytes(data))
    assert track.points == sound[0].points
    assert "no length" in track.warnings[0]


def test_garbage_behind_the_end_is_reported() -> None:
    [track] = formats.read(formats.write_fit(ride(20)) + b"garbage behind")
    assert len(track.points) == 20
    assert "14 bytes behind the end" in track.warnings[0]
    [track] = formats.read(formats.write_fit(ride(20)) + bytes(20))
    assert track.warnings == []


def test_unknown_base_types_do_not_make_the_decoder_panic(
    capfd: pytest.CaptureFixture[str],
) -> None:
    definition = bytes((0x41, 0, 0, 20, 0, 2, 253, 4, 0x86, 99, 3, 0x55))
    body = definition + b"\x01" + (1_000_000_000).to_bytes(4, "little") + b"abc"
    head = b"\x0e\x10\x00\x00" + len(body).to_bytes(4, "little") + b".FIT\x00\x00"
    content = head + body
    [track] = formats.read(content + crc16(content).to_bytes(2, "little"))
    assert track.points.time == [631_065_600 + 1_000_000_000]
    assert "panick" not in capfd.readouterr().err


def test_compressed_timestamps() -> None:
    definition = bytes((0x40, 0, 0, 20, 0, 2, 253, 4, 0x86, 3, 1, 2))
    short = bytes((0x41, 0, 0, 20, 0, 1, 3, 1, 2))
    time = 1_000_000_000 // 32 * 32
    body = definition + b"\x00" + time.to_bytes(4, "little") + b"\x64" + short
    for offset in (5, 31, 3):  # 3 comes after 31: the next 32 seconds
        body += bytes((0x80 | 0x20 | offset, 0x65))
    head = b"\x0e\x10\x00\x00" + len(body).to_bytes(4, "little") + b".FIT\x00\x00"
    [track] = formats.read(head + body + b"\x00\x00")
    start = 631_065_600 + time
    assert track.points.time == [start, start + 5, start + 31, start + 35]
    assert track.points.heartrate == [100, 101, 101, 101]


def test_chained_files_are_all_read() -> None:
    both = formats.write_fit(ride(20)) + formats.write_fit(ride(30))
    assert len(split(both)) == 2
    assert [len(track.points) for track in formats.read(both)] == [20, 30]


def test_checksum_of_long_data_is_the_same_as_of_short() -> None:
    from stravalib.formats import fit_structure

    assert crc16(b"123456789") == 0xBB3D  # CRC-16/ARC
    data = bytes(range(256)) * 300 + b"odd"
    value = 0
    for byte in data:
        table = fit_structure._CRC_TABLE
        value = (value >> 8) ^ table[(value ^ byte) & 0xFF]
    assert crc16(data) == value


def test_messages_that_nobody_reads_are_not_decoded() -> None:
    more = [
        {"message_type": "device_settings", "utc_offset": 0},
        {"message_type": "user_profile", "gender": "female"},
    ]
    data = write_fit_bytes([FILE_ID, *more, record(0), session(0, 1)])
    [part] = split(data)
    assert part.messages == 3
    assert len(formats.read(data)) == 1


def test_without_a_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    data = formats.write_fit(ride(5))
    real = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name in ("pyfitparsernative", "fitdecode"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ImportError, match=r"stravalib\[fit\]"):
        formats.read(data)
    with pytest.raises(ImportError, match=r"stravalib\[fit\]"):
        formats.write_fit(ride(5))


def hide(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name in names:
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)


def test_the_pure_library_serves_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    data = formats.write_fit(ride())
    expected = formats.read(data)
    hide(monkeypatch, "pyfitparsernative")
    assert formats.read(data) == expected


def test_the_pure_library_helps_out_when_the_fast_one_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import pyfitparsernative

    data = formats.write_fit(ride())
    expected = formats.read(data)

    class Panic(BaseException):
        pass

    def panic(data: bytes) -> None:
        raise Panic("divisor of zero")

    monkeypatch.setattr(pyfitparsernative, "parse_fit_bytes", panic)
    assert formats.read(data) == expected
    hide(monkeypatch, "fitdecode")
    with pytest.raises(FormatError, match="divisor of zero"):
        formats.read(data)


def test_an_interrupt_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    import pyfitparsernative

    data = formats.write_fit(ride(5))

    def interrupt(data: bytes) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pyfitparsernative, "parse_fit_bytes", interrupt)
    with pytest.raises(KeyboardInterrupt):
        formats.read(data)

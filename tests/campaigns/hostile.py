"""Hostile uploads from a seed: broken, huge, lying and plainly malicious files."""

from __future__ import annotations

import gzip
import json
import random
import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Case = tuple[str, str, bytes]  # what it is, data_type, bytes
START = 1_780_000_000


def gpx(draw: random.Random, count: int = 60) -> bytes:
    """Write a sound track."""
    lat, lng = draw.uniform(-80, 80), draw.uniform(-179, 179)
    points = "".join(
        f'<trkpt lat="{lat + i * 3e-5:.6f}" lon="{lng:.6f}"><ele>{i % 50}</ele>'
        f"<time>2026-05-28T{7 + i // 3600:02d}:{i // 60 % 60:02d}:{i % 60:02d}Z</time>"
        f"<extensions><hr>{100 + i % 60}</hr></extensions></trkpt>"
        for i in range(count)
    )
    return (
        '<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><type>running</type><trkseg>{points}</trkseg></trk></gpx>"
    ).encode()


def tcx(draw: random.Random, count: int = 60) -> bytes:
    """Write a sound activity."""
    points = "".join(
        f"<Trackpoint><Time>2026-05-28T07:{i // 60:02d}:{i % 60:02d}Z</Time>"
        f"<DistanceMeters>{i * draw.uniform(2.9, 3.1):.1f}</DistanceMeters>"
        "</Trackpoint>"
        for i in range(count)
    )
    return (
        '<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/'
        'TrainingCenterDatabase/v2"><Activities><Activity Sport="Running">'
        '<Id>x</Id><Lap StartTime="2026-05-28T07:00:00Z"><TotalTimeSeconds>60'
        f"</TotalTimeSeconds><Track>{points}</Track></Lap></Activity></Activities>"
        "</TrainingCenterDatabase>"
    ).encode()


def fit(draw: random.Random, count: int = 60) -> bytes:
    """Write a sound FIT activity by hand: file id, records, session."""
    body = bytearray()
    body += b"\x40\0\0" + struct.pack("<H", 0) + b"\x02" + b"\x00\x01\x00\x04\x04\x86"
    stamp = START - 631_065_600
    body += b"\x00\x04" + struct.pack("<I", stamp)
    fields = b"\xfd\x04\x86\x00\x04\x85\x01\x04\x85\x03\x01\x02"
    body += b"\x41\0\0" + struct.pack("<H", 20) + b"\x04" + fields
    lat = draw.randrange(-(2**29), 2**29)
    for i in range(count):
        body += b"\x01" + struct.pack(
            "<IiiB", stamp + i, lat + i * 300, lat // 2, 100 + i % 50
        )
    fields = b"\xfd\x04\x86\x02\x04\x86\x05\x01\x00\x07\x04\x86\x09\x04\x86"
    body += b"\x42\0\0" + struct.pack("<H", 18) + b"\x05" + fields
    body += b"\x02" + struct.pack("<IIBII", stamp, stamp, 1, count * 1000, 30_000)
    return sealed(bytes(body))


def sealed(body: bytes) -> bytes:
    """Put a FIT header and right checksums around records."""
    head = struct.pack("<BBHI4s", 14, 0x10, 2078, len(body), b".FIT")
    head += struct.pack("<H", crc(head))
    whole = head + body
    return whole + struct.pack("<H", crc(whole))


TABLE = (0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401,
         0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400)  # fmt: skip


def crc(data: bytes) -> int:
    """Return FIT's checksum."""
    value = 0
    for byte in data:
        for half in (byte & 15, byte >> 4):
            value = (value >> 4) & 0x0FFF ^ TABLE[value & 15] ^ TABLE[half]
    return value


def strength(draw: random.Random) -> bytes:
    """Write a sound strength workout."""
    count = draw.randrange(2, 50)
    return json.dumps(
        {
            "version": "1.0",
            "start_time": "2026-05-28T07:00:00Z",
            "utc_offset": 7200,
            "elapsed_time": 1800,
            "streams": {
                "time": list(range(count)),
                "heartrate": [100 + i for i in range(count)],
            },
            "sets": [{"exercise_type": "BARBELL_DEADLIFT", "repetitions": 5}],
        }
    ).encode()


MAKERS: dict[str, Callable[[random.Random], bytes]] = {
    "gpx": gpx,
    "tcx": tcx,
    "fit": fit,
    "json": strength,
}
ODD_NUMBERS = (
    "-1", "0", "1e309", "NaN", "Infinity", "-Infinity", "9" * 400, "0x10", "1_000",
    "1e-400", "٣", "", " ", "+", "--5", "91", "-181", "1.7976931348623157e308",
    "4294967295", "-9223372036854775809",
)  # fmt: skip
ODD_TIMES = (
    "0000-00-00T00:00:00Z", "9999-12-31T23:59:59Z", "1969-12-31T23:59:59Z",
    "2026-02-30T00:00:00Z", "2026-05-28T24:00:01Z", "2026-05-28T07:00:60Z",
    "2026-05-28T07:00:00+99:99", "1601-01-01T00:00:00Z", "now", "-0001-01-01T00:00:00Z",
)  # fmt: skip


def flipped(draw: random.Random, data: bytes) -> bytes:
    """Change some bytes."""
    answer = bytearray(data)
    for _ in range(draw.randrange(1, 30)):
        answer[draw.randrange(len(answer))] = draw.randrange(256)
    return bytes(answer)


def cut(draw: random.Random, data: bytes) -> bytes:
    """Cut the end off, or a piece out of the middle."""
    a, b = sorted(draw.randrange(len(data)) for _ in range(2))
    return data[:a] if draw.random() < 0.6 else data[:a] + data[b:]


def repeated(draw: random.Random, data: bytes) -> bytes:
    """Repeat a piece many times."""
    a = draw.randrange(len(data))
    piece = data[a : a + draw.randrange(1, 200)]
    return data[:a] + piece * draw.choice((2, 50, 3000)) + data[a:]


def odd_value(draw: random.Random, data: bytes) -> bytes:
    """Put an odd number or time where one stands."""
    text = data.decode("latin-1")
    spots = [i for i, c in enumerate(text) if c.isdigit()]
    for _ in range(draw.randrange(1, 4)):
        if not spots:
            break
        at = draw.choice(spots)
        end = at
        while end < len(text) and text[end] not in '"<,]}':
            end += 1
        text = text[:at] + draw.choice(ODD_NUMBERS + ODD_TIMES) + text[end:]
        spots = [i for i in spots if i < at]
    return text.encode("utf-8", "replace")


def laughs(draw: random.Random, data: bytes) -> bytes:
    """Put entities into the head: billion laughs, quadratic blow-up, outside files."""
    kind = draw.randrange(4)
    if kind == 0:
        depth = draw.randrange(3, 30)
        head = '<!ENTITY e0 "lol">' + "".join(
            f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(depth)
        )
        use = f"&e{depth};"
    elif kind == 1:
        head, use = f'<!ENTITY e "{"a" * 50_000}">', "&e;" * 20_000
    elif kind == 2:
        head = '<!ENTITY e SYSTEM "file:///etc/passwd">'
        use = "&e;"
    else:
        head = '<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;'
        use = ""
    root = b"<gpx" if b"<gpx" in data else b"<TrainingCenterDatabase"
    data = data.replace(root, f"<!DOCTYPE x [{head}]>".encode() + root, 1)
    return data.replace(b">", b">" + use.encode(), 3) if use else data


def nested(draw: random.Random, data: bytes) -> bytes:
    """Nest very deep."""
    depth = draw.choice((100, 5_000, 200_000))
    if data[:1] == b"{":
        return b'{"version":"1.0","sets":' + b"[" * depth + b"]" * depth + b"}"
    return b"<gpx>" + b"<a>" * depth + b"</a>" * depth + b"</gpx>"


def wide(draw: random.Random, data: bytes) -> bytes:
    """Give an element very many attributes or a name without end."""
    if draw.random() < 0.5:
        many = " ".join(f'a{i}="1"' for i in range(20_000))
        return data.replace(b"<trkpt ", f"<trkpt {many} ".encode(), 1)
    return b"<" + b"a" * 1_000_000 + b">"


def lying_fit(draw: random.Random, data: bytes) -> bytes:
    """Make FIT records that promise fields, sizes and times that are absurd."""
    body = bytearray()
    for _ in range(draw.randrange(1, 40)):
        local = draw.randrange(16)
        count = draw.choice((0, 1, 3, 255))
        number = draw.choice((0, 18, 19, 20, 21, 23, 34, 78, 206, 207, 225, 0xFFFF))
        body += bytes([0x40 | (0x20 if draw.random() < 0.2 else 0) | local, 0])
        body += bytes([draw.randrange(3)]) + struct.pack("<H", number) + bytes([count])
        size = 0
        for _ in range(count):
            width = draw.choice((0, 1, 2, 4, 8, 255))
            size += width
            body += bytes([draw.randrange(256), width, draw.choice(
                (0, 1, 2, 0x83, 0x84, 0x85, 0x86, 7, 0x88, 0x89, 0x0D, 0x8F, 0xEE)
            )])  # fmt: skip
        for _ in range(draw.randrange(4)):
            body += bytes([local]) + draw.randbytes(size)
        if draw.random() < 0.3:
            body += bytes([0x80 | draw.randrange(128)]) + draw.randbytes(size)
    return sealed(bytes(body))


def huge_fit(draw: random.Random, data: bytes) -> bytes:
    """Write very many tiny records in a small packed file."""
    stamp = START - 631_065_600
    body = bytearray(b"\x40\0\0\0\0\x02\x00\x01\x00\x04\x04\x86")
    body += b"\x00\x04" + struct.pack("<I", stamp)
    body += b"\x41\0\0" + struct.pack("<H", 20) + b"\x01\x03\x01\x02"
    body += b"\x01\x64" * draw.choice((10_000, 60_000))
    head = struct.pack("<BBHI4s", 14, 0x10, 2078, len(body), b".FIT") + b"\0\0"
    whole = head + bytes(body)
    return whole + struct.pack("<H", crc(whole) if len(body) < 130_000 else 0)


def header_lies(draw: random.Random, data: bytes) -> bytes:
    """Change the size that a FIT header states."""
    size = draw.choice((0, 1, 0xFFFFFFFF, 0x7FFFFFFF, len(data) * 2, 13))
    return data[:4] + struct.pack("<I", size) + data[8:]


def bomb(draw: random.Random, data: bytes) -> bytes:
    """Pack a lot of nothing, also in several members, or gzip in gzip."""
    kind = draw.randrange(4)
    if kind == 0:
        return gzip.compress(
            data[:200] + b" " * draw.choice((10**6, 60_000_000)), 1, mtime=0
        )
    if kind == 1:
        return gzip.compress(b"<gpx>" + b"\0" * 5_000_000, mtime=0) * 12
    if kind == 2:
        for _ in range(draw.randrange(2, 8)):
            data = gzip.compress(data, mtime=0)
        return data
    engine = zlib.compressobj(9, zlib.DEFLATED, 31)
    return (engine.compress(data * 50) + engine.flush())[: draw.randrange(20, 400)]


def noise(draw: random.Random, data: bytes) -> bytes:
    """Return random bytes, sometimes after a magic number."""
    head = draw.choice(
        (b"", b"\x1f\x8b\x08", b"<gpx>", b"{", data[:14], b"\xef\xbb\xbf")
    )
    return head + draw.randbytes(draw.choice((0, 1, 15, 200, 5000)))


def encoded(draw: random.Random, data: bytes) -> bytes:
    """Say one encoding and use another."""
    text = data.decode("latin-1")
    name = draw.choice(("utf-16", "utf-32", "utf-7", "cp037", "utf-8-sig"))
    said = draw.choice(("UTF-16", "UTF-7", "EBCDIC-CP-US", "x-nothing", "ISO-8859-1"))
    text = text.replace('<?xml version="1.0"?>',
                        f'<?xml version="1.0" encoding="{said}"?>')  # fmt: skip
    return text.encode(name, "replace")


def untouched(draw: random.Random, data: bytes) -> bytes:
    """Leave the file as it is: some must come through."""
    return data


BY_KIND: dict[str, tuple[Callable[[random.Random, bytes], bytes], ...]] = {
    "gpx": (untouched, flipped, cut, repeated, odd_value, odd_value, laughs, nested,
            wide, bomb, noise, encoded),
    "tcx": (untouched, flipped, cut, repeated, odd_value, odd_value, laughs, nested,
            bomb, noise, encoded),
    "fit": (untouched, flipped, flipped, cut, repeated, lying_fit, lying_fit, huge_fit,
            header_lies, bomb, noise),
    "json": (untouched, flipped, cut, repeated, odd_value, odd_value, nested, bomb,
             noise),
}  # fmt: skip


def cases(count: int, seed: int = 1) -> Iterator[Case]:
    """Make so many cases; the same seed makes the same ones."""
    draw = random.Random(seed)
    kinds = tuple(MAKERS)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        spoil = draw.choice(BY_KIND[kind])
        data = spoil(draw, MAKERS[kind](draw))
        packed = data[:2] == b"\x1f\x8b"
        if kind != "json" and not packed and draw.random() < 0.1:
            data, packed = gzip.compress(data, mtime=0), True
        suffix = ".gz" if packed and kind != "json" else ""
        yield f"{kind}/{spoil.__name__}", kind + suffix, data

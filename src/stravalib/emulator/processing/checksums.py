"""Check the checksums of a FIT file: a damaged upload is no valid file."""

from __future__ import annotations

import struct

from stravalib.formats.fit_structure import crc16


def fit_is_whole(data: bytes) -> bool:
    """Tell whether every file chained in these bytes has its checksum right.

    A stored checksum of zero means that the device wrote none.
    See https://developer.garmin.com/fit/protocol/
    """
    place = 0
    while place < len(data):
        if data[place + 8 : place + 12] != b".FIT":
            return place > 0 and not any(data[place:])
        (size,) = struct.unpack("<I", data[place + 4 : place + 8])
        end = place + data[place] + size
        if len(data) < end + 2:
            return False
        (stored,) = struct.unpack("<H", data[end : end + 2])
        if stored and stored != crc16(data[place:end]):
            return False
        place = end + 2
    return place > 0

"""Make sets of streams for the tests."""

from __future__ import annotations

from stravalib.model import Stream
from stravalib.streams import StreamSet


def stream_set(**streams: list) -> StreamSet:
    return StreamSet(
        (
            name,
            Stream(
                type=name,
                data=data,
                series_type="distance",
                original_size=len(data),
                resolution="high",
            ),
        )
        for name, data in streams.items()
    )

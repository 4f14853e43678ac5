"""Streams that Strava really sent, through every shape; skipped without the corpus."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stravalib._core.params import stream_rows
from stravalib.model import Stream
from stravalib.streams import StreamSet

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here"),
]
FILES = sorted(CORPUS.glob("*/streams/*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_recorded_streams(path: Path) -> None:
    rows = stream_rows(json.loads(path.read_text()))
    streams = StreamSet(
        (kind, Stream.model_validate(row)) for kind, row in rows.items()
    )
    assert streams.raw == rows
    size = max((len(row["data"]) for row in rows.values()), default=0)
    assert len(streams.points) == size
    for name, array in streams.to_numpy().items():
        assert len(array) == size, name
    assert len(streams.to_pandas()) == len(streams.to_polars()) == size
    assert streams.to_arrow().num_rows == (size if rows else 0)
    if streams.get("latlng") is not None:
        assert streams.latlng == [
            tuple(pair) for pair in rows["latlng"]["data"] if pair is not None
        ]
    if "time" in rows:
        even = streams.resample(1)
        times = even["time"].data
        assert times == list(range(times[0], times[-1] + 1))
        for name, row in rows.items():
            for moment, value in zip(rows["time"]["data"], row["data"], strict=True):
                if moment is not None and value is not None:
                    assert even[name].data[moment - times[0]] == value, name

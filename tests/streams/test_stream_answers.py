"""What a client makes of the answers about streams, odd ones too."""

from __future__ import annotations

import logging
from typing import Any
from unittest import mock

import pytest

from stravalib import Client, exc
from stravalib._models import drift
from stravalib.streams import StreamSet

WATTS = {"data": [1, 2], "series_type": "distance", "original_size": 2}


def ask(answer: Any) -> StreamSet:
    client = Client("T")
    with mock.patch.object(client.protocol, "get", return_value=answer):
        found = client.get_activity_streams(1, types=["watts"])
    assert isinstance(found, StreamSet)
    return found


@pytest.mark.parametrize(
    "answer", [{"watts": WATTS}, [{"type": "watts", **WATTS}]], ids=["object", "array"]
)
def test_both_shapes(answer: Any) -> None:
    assert ask(answer)["watts"].data == [1, 2]


@pytest.mark.parametrize(
    "answer",
    [{"watts": WATTS, "temp": None}, [{"type": "watts", **WATTS}, None]],
    ids=["object", "array"],
)
def test_an_entry_that_is_no_stream_is_told(
    answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    drift.reported.clear()
    with caplog.at_level(logging.WARNING, "stravalib.drift"):
        assert list(ask(answer)) == ["watts"]
    (record,) = caplog.records
    assert "row 2 of 2 is null" in record.getMessage()


@pytest.mark.parametrize("answer", [None, 5, "streams", True])
def test_an_answer_that_is_no_streams_at_all_is_an_error(answer: Any) -> None:
    with pytest.raises(exc.InvalidResponse, match=r"a list \(Stream\) was expected"):
        ask(answer)


@pytest.mark.parametrize("answer", [{}, []])
def test_no_streams(answer: Any) -> None:
    assert ask(answer) == {}

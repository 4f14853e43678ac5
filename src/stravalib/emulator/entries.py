"""Activities as the state keeps them: packed, with the summary ready to send."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from stravalib.emulator.clock import parse_stamp
from stravalib.emulator.jsonio import dumps, loads, pack, unpack
from stravalib.emulator.records import ActivityRecord, Json, Streams
from stravalib.emulator.shapes import summary_activity

if TYPE_CHECKING:
    from collections.abc import Callable

LISTS = ("kudos", "comments", "photos", "zones")


class ActivityEntry:
    """One activity: bytes of its summary, everything else packed.

    A hundred thousand of these fit in memory where as many dicts would not.
    """

    __slots__ = (
        "_detail",
        "_lists",
        "_streams",
        "athlete_id",
        "id",
        "only_me",
        "start",
        "summary",
        "tag",
    )

    id: int
    athlete_id: int
    start: float
    only_me: bool
    summary: bytes
    tag: bytes  # tells one version of the summary from another
    _detail: bytes
    _lists: dict[str, bytes] | None
    _streams: bytes | Callable[[], Streams] | None

    def __init__(self, record: ActivityRecord, athlete_id: int) -> None:
        self.athlete_id = athlete_id
        self._lists = None
        self.detail = record.detail
        for name in LISTS:
            self.put_list(name, getattr(record, name))
        if callable(record.streams):
            self._streams = record.streams
        else:
            self.put_streams(record.streams)

    @property
    def detail(self) -> Json:
        """The detailed activity, a fresh copy at each reading."""
        value: Json = loads(unpack(self._detail))
        return value

    @detail.setter
    def detail(self, value: Json) -> None:
        self.id = int(value["id"])
        self.start = parse_stamp(value["start_date"])
        self.only_me = hidden(value)
        self._detail = pack(dumps(value))
        # A copy: the encoder's own buffer is far larger than what is in it.
        self.summary = bytes(memoryview(dumps(summary_activity(value))))
        self.tag = blake2b(self.summary, digest_size=12).digest()

    @property
    def streams(self) -> Streams:
        """All samples at full resolution."""
        if self._streams is None:
            return {}
        if callable(self._streams):
            return self._streams()
        value: Streams = loads(unpack(self._streams))
        return value

    def put_streams(self, streams: Streams) -> None:
        """Keep samples."""
        self._streams = pack(dumps(streams)) if streams else None

    def get_list(self, name: str) -> list[Json]:
        """Read kudos, comments, photos or zones."""
        if self._lists is None or name not in self._lists:
            return []
        value: list[Json] = loads(unpack(self._lists[name]))
        return value

    def put_list(self, name: str, items: list[Json]) -> None:
        """Keep kudos, comments, photos or zones."""
        if items:
            self._lists = self._lists or {}
            self._lists[name] = pack(dumps(items))
        elif self._lists is not None:
            self._lists.pop(name, None)

    def to_json(self) -> dict[str, Any]:
        """Give everything, for a file."""
        return {
            "athlete_id": self.athlete_id,
            "detail": self.detail,
            "streams": self.streams,
            **{name: self.get_list(name) for name in LISTS},
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> ActivityEntry:
        """Read what :meth:`to_json` gave."""
        record = ActivityRecord(
            value["detail"],
            value["streams"],
            **{name: value[name] for name in LISTS},
        )
        return cls(record, value["athlete_id"])


def hidden(detail: Json) -> bool:
    """Whether an activity is visible to its athlete only."""
    visibility = detail.get("visibility")
    if visibility is None:
        return bool(detail.get("private"))
    return bool(visibility == "only_me")

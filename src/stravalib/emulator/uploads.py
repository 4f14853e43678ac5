"""Uploads on their way to becoming activities.

See https://developers.strava.com/docs/uploads/
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread

from stravalib._facts import texts
from stravalib.emulator.entries import ActivityEntry
from stravalib.emulator.records import (
    ActivityRecord,
    Json,
    RejectedUpload,
    UploadOptions,
    UploadProcessor,
)
from stravalib.emulator.state import FIRST_ACTIVITY_ID, FIRST_UPLOAD_ID, State

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("stravalib.emulator")


@dataclass(slots=True)
class Upload:
    """One file that was sent."""

    id: int
    athlete_id: int
    data: bytes = field(repr=False)
    data_type: str
    file_name: str
    options: UploadOptions
    created: float
    status: str = texts.UPLOAD_PROCESSING
    error: str | None = None
    activity_id: int | None = None

    @property
    def external_id(self) -> str | None:
        """The given id or file name, with the extension."""
        name = self.options.external_id or self.file_name
        if not name:
            return None
        suffix = "." + self.data_type
        return name if name.lower().endswith(suffix) else name + suffix

    def show(self) -> Json:
        """Write the upload the way the API does."""
        waiting = self.status == texts.UPLOAD_PROCESSING
        return {
            "id": self.id,
            "id_str": str(self.id),
            "external_id": None if waiting else self.external_id,
            "error": self.error,
            "status": self.status,
            "activity_id": self.activity_id,
        }

    def to_json(self) -> dict[str, Any]:
        """Give what has to be kept; the bytes only while they wait."""
        waiting = self.status == texts.UPLOAD_PROCESSING
        value = asdict(self)
        value["data"] = self.data.hex() if waiting else ""
        return value

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Upload:
        """Read what was kept."""
        options = UploadOptions(**value["options"])
        data = bytes.fromhex(value["data"])
        return cls(**{**value, "options": options, "data": data})


class Uploads:
    """All uploads of a local Strava.

    Parameters
    ----------
    delay
        Seconds on the clock for which an upload is still being processed.
    processor
        What reads the files; None is the emulator's own.
    created
        Told of each new activity.
    """

    def __init__(
        self,
        state: State,
        *,
        delay: float = 0.2,
        processor: UploadProcessor | None = None,
        created: Callable[[ActivityEntry], None] | None = None,
    ) -> None:
        self._state = state
        self._processor = processor
        self._busy: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.delay = delay
        self.created = created
        self.items: dict[int, Upload] = {}
        for value in state.restored.get("upload", ()):
            upload = Upload.from_json(value)
            self.items[upload.id] = upload

    def resume(self) -> None:
        """Go on with the uploads that a file held unfinished."""
        for upload in self.items.values():
            if upload.status == texts.UPLOAD_PROCESSING:
                self.start(upload)

    def receive(
        self,
        athlete_id: int,
        data: bytes,
        data_type: str,
        file_name: str,
        options: UploadOptions,
    ) -> Upload:
        """Take a file; it is processed in the background."""
        upload = Upload(
            self._state.next_id("upload", FIRST_UPLOAD_ID),
            athlete_id,
            data,
            data_type,
            file_name,
            options,
            self._state.clock.now(),
        )
        self.items[upload.id] = upload
        self._keep(upload)
        self.start(upload)
        return upload

    def start(self, upload: Upload) -> None:
        """Process in the background; under trio, at the next look."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        task = loop.create_task(self._later(upload))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def look(self, upload_id: int) -> Upload | None:
        """Find an upload, finished if its time has come."""
        upload = self.items.get(upload_id)
        if upload is not None:
            await self.finish(upload)
        return upload

    async def finish(self, upload: Upload) -> None:
        """Process an upload if its time has come and it still waits."""
        if upload.status != texts.UPLOAD_PROCESSING:
            return
        if self._state.clock.now() < upload.created + self.delay:
            return
        if upload.id in self._busy:
            return
        self._busy.add(upload.id)
        try:
            await self._process(upload)
        finally:
            self._busy.discard(upload.id)

    def forget_activity(self, activity_id: int) -> None:
        """Say on the upload that its activity has been deleted."""
        for upload in self.items.values():
            if upload.activity_id == activity_id:
                upload.activity_id = None
                upload.status = texts.UPLOAD_DELETED
                self._keep(upload)

    async def _later(self, upload: Upload) -> None:
        # On a clock that stands still the next look at the upload finishes it.
        await asyncio.sleep(self.delay)
        await self.finish(upload)

    async def _process(self, upload: Upload) -> None:
        athlete = self._state.athletes[upload.athlete_id]
        processor = self._processor or _own_processor()
        twin = self._twin(upload)
        try:
            if twin is not None:
                raise RejectedUpload(
                    f"{upload.external_id or 'file'} duplicate of an uploading "
                    f"activity ({twin.id})"
                )
            record = await anyio.to_thread.run_sync(
                partial(
                    processor,
                    upload.data,
                    upload.data_type,
                    athlete=athlete.record(),
                    now=self._state.clock.now(),
                    options=upload.options,
                )
            )
            original = self._duplicate(upload.athlete_id, record.detail)
            if original is not None:
                raise RejectedUpload(
                    texts.UPLOAD_DUPLICATE.format(
                        file=upload.external_id or "file",
                        id=original.id,
                        name=_escaped(original.detail.get("name", "")),
                    )
                )
            if self._processor is None:
                await anyio.to_thread.run_sync(
                    self._find_efforts, record, upload.athlete_id
                )
        except RejectedUpload as refusal:
            self.refuse(upload, refusal.text)
        except Exception:
            # A parser's fault must not take the server down.
            log.exception("upload %s could not be processed", upload.id)
            self.refuse(upload, texts.UPLOAD_MALFORMED)
        else:
            self._accept(upload, record)

    def refuse(self, upload: Upload, text: str) -> None:
        """Say that an upload does not become an activity."""
        upload.error = text
        upload.status = texts.UPLOAD_ERROR
        upload.data = b""
        self._keep(upload)
        self._state.keeper.commit()

    def _accept(self, upload: Upload, record: ActivityRecord) -> None:
        state = self._state
        entry = adopt(state, record, upload.athlete_id, upload)
        upload.activity_id = entry.id
        upload.status = texts.UPLOAD_READY
        upload.data = b""
        self._keep(upload)
        state.keeper.commit()
        if self.created is not None:
            self.created(entry)

    def _find_efforts(self, record: ActivityRecord, athlete_id: int) -> None:
        """Find the segments that the track of an upload runs over."""
        from stravalib.emulator.processing.efforts import add_efforts

        state = self._state

        def earlier(segment_id: int) -> list[float]:
            return [
                effort.elapsed
                for effort in list(state.efforts_of_segment.get(segment_id, ()))
                if effort.athlete_id == athlete_id
            ]

        add_efforts(record, list(state.segments.values()), earlier=earlier)

    def _twin(self, upload: Upload) -> Upload | None:
        """Find an earlier upload of the same bytes that is still waiting."""
        for other in self.items.values():
            if (
                other.id < upload.id
                and other.status == texts.UPLOAD_PROCESSING
                and other.athlete_id == upload.athlete_id
                and other.data == upload.data
            ):
                return other
        return None

    def _duplicate(self, athlete_id: int, detail: Json) -> ActivityEntry | None:
        """Find an activity that covers about the same time.

        The rule is not published; same athlete and times that overlap by half is ours.
        """
        from stravalib.emulator.clock import parse_stamp

        start = parse_stamp(detail["start_date"])
        length = max(float(detail.get("elapsed_time") or 0), 1.0)
        near = self._state.activities_between(athlete_id, start - 86400, start + length)
        for entry in near:
            other = entry.detail
            if other.get("manual"):
                continue
            other_length = max(float(other.get("elapsed_time") or 0), 1.0)
            overlap = min(start + length, entry.start + other_length) - max(
                start, entry.start
            )
            if overlap * 2 > min(length, other_length):
                return entry
        return None

    def _keep(self, upload: Upload) -> None:
        self._state.keeper.put("upload", str(upload.id), upload.to_json())


def _escaped(text: Any) -> str:
    from html import escape

    return escape(str(text))


def _own_processor() -> UploadProcessor:
    from stravalib.emulator.processing import process_upload

    return process_upload


def adopt(
    state: State,
    record: ActivityRecord,
    athlete_id: int,
    upload: Upload | None = None,
) -> ActivityEntry:
    """Give a new activity its ids and put it into the world."""
    detail = record.detail
    number = state.next_id("activity", FIRST_ACTIVITY_ID)
    detail |= {
        "id": number,
        "id_str": str(number),
        "resource_state": 3,
        "athlete": {"id": athlete_id, "resource_state": 1},
    }
    if upload is not None:
        detail |= {
            "upload_id": upload.id,
            "upload_id_str": str(upload.id),
            "external_id": upload.external_id,
        }
    if isinstance(detail.get("map"), dict):
        detail["map"]["id"] = f"a{number}"
    meta = {"id": number, "resource_state": 1}
    if "visibility" in detail:
        meta["visibility"] = detail["visibility"]
    whose = {"id": athlete_id, "resource_state": 1}
    for name in ("laps", "best_efforts", "segment_efforts"):
        for place, item in enumerate(detail.get(name) or []):
            item["id"] = number * 1000 + _ID_ROOM[name] + place
            if "id_str" in item:
                item["id_str"] = str(item["id"])
            item["activity"] = dict(meta)
            item["athlete"] = dict(whose)
    entry = ActivityEntry(record, athlete_id)
    state.place(entry, detail)
    return entry


_ID_ROOM = {"laps": 0, "best_efforts": 500, "segment_efforts": 700}

"""An upload and what becomes of it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from stravalib._async import _compat
from stravalib._core import shape
from stravalib._core.deprecation import warn_undocumented_method
from stravalib._core.lazy import lazy
from stravalib._facts import texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stravalib import exc, model
    from stravalib._async.client import AsyncClient
    from stravalib._async.protocol import SupportsRead
    from stravalib._core import uploads
else:
    exc = lazy("stravalib.exc")
    uploads = lazy("stravalib._core.uploads")


class AsyncActivityUploader:
    """The "future" of an upload: poll it, or wait for the activity.

    Attributes
    ----------
    upload_id, external_id, activity_id, status, error
        As in Strava's last answer; ``activity_id`` is None until the activity exists.
    response
        The answer itself.
    """

    upload_id: int | None
    external_id: str | None
    activity_id: int | None
    status: str | None
    error: str | None

    def __init__(
        self,
        client: AsyncClient,
        response: dict[str, Any],
        raise_exc: bool = True,
        *,
        sent_twice_as: str | None = None,
    ) -> None:
        self.client = client
        # Its external id, where it was sent again after it may have arrived.
        self._sent_twice_as = sent_twice_as
        self._suspect: uploads.Suspect | None = None
        self._answer = response
        self.response = response
        self._photo_metadata: Any = None
        self.update_from_response(response, raise_exc=raise_exc)

    def __repr__(self) -> str:
        """Show what is known."""
        return (
            f"<{type(self).__name__} upload_id={self.upload_id} "
            f"activity_id={self.activity_id} status={self.status!r}>"
        )

    def update_from_response(
        self, response: dict[str, Any], raise_exc: bool = True
    ) -> None:
        """Take over an answer of Strava.

        Raises
        ------
        ActivityUploadFailed
            Or one of its subclasses, where the answer is a failure and ``raise_exc``
            is true.
        """
        shape.an_object(response, "the state of an upload")
        self._answer = response
        self._suspect = uploads.suspect(response) if self._sent_twice_as else None
        if self._suspect is not None:
            response = uploads.in_doubt(response)
        self.response = response
        self.upload_id = response.get("id")
        self.external_id = response.get("external_id")
        self.activity_id = response.get("activity_id")
        self.status = response.get("status") or response.get("message")
        self.error = response.get("error")
        if response.get("photo_metadata"):
            self._photo_metadata = response["photo_metadata"]
        if raise_exc:
            self.raise_for_error()

    @property
    def photo_metadata(self) -> list[dict[str, Any]] | None:
        """Where to send photos to; None for ordinary applications."""
        warn_undocumented_method("photo_metadata")
        return cast("list[dict[str, Any]] | None", self._photo_metadata)

    @photo_metadata.setter
    def photo_metadata(self, value: list[dict[str, Any]] | None) -> None:
        warn_undocumented_method("photo_metadata")
        self._photo_metadata = value

    @property
    def is_processing(self) -> bool:
        """Whether Strava is still at work."""
        return self.status == texts.UPLOAD_PROCESSING

    @property
    def is_error(self) -> bool:
        """Whether there will be no activity: refused, or deleted since."""
        return uploads.failure(self.response) is not None

    @property
    def is_complete(self) -> bool:
        """Whether the activity exists."""
        return self.activity_id is not None and not self.is_error

    def raise_for_error(self) -> None:
        """Raise what Strava's answer stands for; do nothing where it is fine.

        Raises
        ------
        DuplicateActivity
            The file is on Strava already; ``duplicate_of`` has the id.
        ErrorProcessingActivity
            Strava could not process the file.
        CreatedActivityDeleted
            The activity was made and deleted since.
        """
        error = uploads.failure(self.response)
        if error is not None:
            raise error

    async def poll(self) -> None:
        """Ask Strava for the state of the upload: one request.

        An upload whose first answer was lost, and which is said to be a duplicate,
        is looked up there: it may be a duplicate of itself.

        Raises
        ------
        ActivityUploadFailed
            Or one of its subclasses, where it failed.
        """
        if self._suspect is not None and self._sent_twice_as is not None:
            await self._look_at(self._suspect, self._sent_twice_as)
            return
        response = await self.client.protocol.get(
            "/uploads/{upload_id}", upload_id=self.upload_id
        )
        self.update_from_response(response)

    async def _look_at(self, suspect: uploads.Suspect, external_id: str) -> None:
        """Look whether a duplicate is one of our own first sending."""
        original: dict[str, Any] = {}
        # What is not to be seen is not to be claimed.
        unseen = (exc.AccessForbidden, exc.AccessUnauthorized, exc.ObjectNotFound)
        with suppress(*unseen):
            original = await self.client.protocol.get(suspect.path)
        is_ours = uploads.is_ours(original, external_id)
        if is_ours:
            first = uploads.as_first(self._answer, suspect, original)
            self.update_from_response(first)
        elif is_ours is not None:
            self._sent_twice_as = None
            self.update_from_response(self._answer)

    async def wait(
        self, timeout: float | None = None, poll_interval: float = 1.0
    ) -> model.DetailedActivity:
        """Poll until the activity is there, then fetch it.

        Parameters
        ----------
        timeout
            Seconds to wait at most; None for as long as it takes.
        poll_interval
            Seconds between two requests; Strava asks for at least one.

        Raises
        ------
        TimeoutExceeded
            Strava is still processing after ``timeout`` seconds.
        ActivityUploadFailed
            Or one of its subclasses, where it failed.
        """
        started = _compat.monotonic()
        while (activity_id := self._made()) is None:
            await self.poll()
            if self._made() is not None:
                continue
            waited = _compat.monotonic() - started
            if timeout is not None and waited + poll_interval > timeout:
                raise exc.TimeoutExceeded(
                    f"Upload {self.upload_id} is still being processed after "
                    f"{waited:.0f} s; call wait() again, or poll() later."
                )
            await _compat.sleep(poll_interval)
        return await self.client.get_activity(activity_id)

    def _made(self) -> int | None:
        return self.activity_id

    async def upload_photo(
        self, photo: SupportsRead[bytes] | bytes, timeout: float | None = None
    ) -> None:
        """Send a photo to the activity; for partner applications only.

        Parameters
        ----------
        photo
            The picture, JPEG: bytes or an open file.
        timeout
            Seconds to wait for the upload to be processed first.

        Raises
        ------
        ActivityPhotoUploadNotSupported
            Strava gave no address for photos.
        ActivityPhotoUploadFailed
            The photo did not arrive.
        """
        warn_undocumented_method("upload_photo")
        content: Any = photo
        read = getattr(photo, "read", None)
        if read is not None:
            content = await _compat.run_blocking(read)
        if not isinstance(content, bytes):
            raise exc.ActivityPhotoUploadFailed(TypeError("Photo must be bytes type"))
        await self.poll()
        if self.is_processing:
            await self.wait(timeout)
        targets: list[Mapping[str, Any]] | None = self._photo_metadata
        if not targets:
            raise exc.ActivityPhotoUploadNotSupported(
                "Photo upload not supported: Strava offers it to partner "
                "applications only."
            )
        await self.client.protocol.send_photo(targets[0], content)

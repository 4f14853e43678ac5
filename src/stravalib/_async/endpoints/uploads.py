"""Uploads: https://developers.strava.com/docs/uploads/."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Literal

from stravalib._async.endpoints.base import AsyncEndpoints
from stravalib._async.uploads import AsyncActivityUploader
from stravalib._core import params
from stravalib._core.deprecation import warn_undocumented, warn_unsupported
from stravalib._core.lazy import lazy

if TYPE_CHECKING:
    from stravalib import exc
    from stravalib._async.protocol import SupportsRead
    from stravalib._core import uploads
    from stravalib.strava_model import ActivityType, SportType
    from stravalib.strength import StrengthWorkout
else:
    exc = lazy("stravalib.exc")
    uploads = lazy("stravalib._core.uploads")

DataType = Literal["fit", "fit.gz", "tcx", "tcx.gz", "gpx", "gpx.gz", "json"]


class AsyncUploadsEndpoints(AsyncEndpoints):
    """Calls that turn files into activities."""

    async def upload_activity(
        self,
        activity_file: SupportsRead[str | bytes] | str | bytes | StrengthWorkout,
        data_type: DataType,
        name: str | None = None,
        description: str | None = None,
        activity_type: ActivityType | str | None = None,
        private: bool | None = None,
        external_id: str | None = None,
        trainer: bool | None = None,
        commute: bool | None = None,
        *,
        sport_type: SportType | str | None = None,
    ) -> AsyncActivityUploader:
        """Send a file; the returned uploader tells what becomes of it.

        One request; scope ``activity:write``. With an ``external_id`` it is sent
        again if its answer gets lost, and Strava makes one activity of both; without
        one it is never repeated once it may have arrived. Strava needs a few seconds
        afterwards: call ``wait()`` on the result.

        Parameters
        ----------
        activity_file
            An open file, or its contents as bytes or text, at most 25 MB; for
            ``data_type="json"`` also a `stravalib.strength.StrengthWorkout`.
        data_type
            fit, tcx or gpx, with ``.gz`` where the contents are compressed; json for
            strength workouts.
        name, description
            Texts; Strava makes up a name by time and place.
        activity_type
            Undocumented, use ``sport_type``.
        private
            Without effect at Strava.
        external_id
            A name of your own for the file, unique; comes back in the activity.
        trainer
            Whether it was indoors.
        commute
            Whether it was a commute.
        sport_type
            Sport word that overrides what the file says; upper and lower case as in
            Strava's list.

        Raises
        ------
        ValueError
            An unknown data type or sport.
        ActivityUploadFailed
            Strava refused the file at once.

        See https://developers.strava.com/docs/reference/#api-Uploads-createUpload
        """
        query: dict[str, Any] = {"data_type": params.data_type(data_type)}
        if name is not None:
            query["name"] = name
        if description is not None:
            query["description"] = description
        if activity_type is not None:
            warn_undocumented("activity_type")
            words = params.activity_type_params(activity_type, None)
            query["activity_type"] = words["type"]
        if sport_type is not None:
            query.update(params.activity_type_params(None, sport_type))
        if query["data_type"].lower() == "json":
            word = query.get("sport_type") or query.get("activity_type")
            if word is not None:
                params.strength_sport(word)
        if private is not None:
            warn_unsupported("private")
            query["private"] = params.flag(private)
        if external_id is not None:
            query["external_id"] = external_id
        if trainer is not None:
            query["trainer"] = params.flag(trainer)
        if commute is not None:
            query["commute"] = params.flag(commute)
        try:
            response = await self.protocol.post(
                "/uploads", files={"file": _content(activity_file)}, **query
            )
        except exc.BadRequest as fault:
            refused = uploads.refused_upload(fault)
            if refused is None:
                raise
            if not isinstance(refused, exc.DuplicateActivity) or not _sent_twice(fault):
                raise refused from fault
            # Perhaps of itself, so `poll` has to look.
            response = fault.response.json()
        return AsyncActivityUploader(
            self,  # type: ignore[arg-type] # the client is this mixin
            response,
            sent_twice_as=external_id if _sent_twice(self.protocol.sender) else None,
        )


def _sent_twice(source: Any) -> bool:
    """Tell whether a request was sent again after it may have arrived."""
    meta = source.meta if isinstance(source, exc.Fault) else source.last
    return meta is not None and meta.uncertain


def _content(activity_file: Any) -> Any:
    """Return what goes into the multipart field: an open file or bytes."""
    if hasattr(activity_file, "read"):
        return activity_file
    if hasattr(activity_file, "to_json"):
        activity_file = activity_file.to_json()
    if isinstance(activity_file, str):
        uploads.check_is_no_name(activity_file)
        activity_file = activity_file.encode()
    if isinstance(activity_file, (bytes, bytearray, memoryview)):
        return io.BytesIO(activity_file)
    raise TypeError(
        f"activity_file is a {type(activity_file).__name__}; give an open file, or "
        "the file's contents as bytes or text."
    )

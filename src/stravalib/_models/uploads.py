"""Uploads and errors as Strava reports them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from stravalib._models.base import Entity
from stravalib._models.doors import behind
from stravalib._models.rules import MANY, String, Whole


class Upload(Entity):
    """What became of an uploaded file.

    See https://developers.strava.com/docs/uploads/
    """

    _shown = ("id", "status", "error", "activity_id")

    activity_id: Whole | None = None
    """Set once the activity exists."""
    error: String | None = None
    """Text, may hold escaped HTML. None does not mean success; see `activity_id`."""
    external_id: String | None = None
    id: Whole | None = None
    id_str: String | None = None
    status: String | None = None
    photo_metadata: Annotated[Sequence[Any], MANY] | None = None
    """Where partners send the photos."""


class Error(Entity):
    """What was wrong with one part of a request."""

    _shown = ("resource", "field", "code")

    code: String | None = None
    field: String | None = None
    resource: String | None = None


class Fault(Entity):
    """An answer with an error status.

    See https://developers.strava.com/docs/reference/#api-models-Fault; the exception
    of the same name is `stravalib.exc.Fault`.
    """

    _shown = ("message", "errors")

    errors: Annotated[Sequence[Error], MANY] | None = None
    message: String | None = None


behind("stravalib.strava_model", Error, Fault, Upload)

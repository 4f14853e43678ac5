"""Uploads: https://developers.strava.com/docs/reference/#api-Uploads."""

from __future__ import annotations

from stravalib._facts import texts
from stravalib._facts.sports import ACTIVITY_TYPES, SPORT_TYPES, UPLOAD_DATA_TYPES
from stravalib.emulator.errors import bad_request, not_found
from stravalib.emulator.records import UploadOptions
from stravalib.emulator.routing import Answer, Call, File, Param, Route, answer

_TYPES = {word.lower(): word for word in ACTIVITY_TYPES}


async def create_upload(call: Call) -> Answer:
    """Take a file; what becomes of it is told by ``GET /uploads/{id}``."""
    args = call.args
    file = args["file"]
    if not isinstance(file, File):
        raise bad_request("Upload", "file")
    data_type = args["data_type"].lower()
    if data_type not in UPLOAD_DATA_TYPES:
        raise bad_request("Upload", "data_type")
    if args["sport_type"] is not None and args["sport_type"] not in SPORT_TYPES:
        raise bad_request("Upload", "sport_type")
    options = UploadOptions(
        name=args["name"] or None,
        description=args["description"],
        sport_type=args["sport_type"],
        activity_type=_TYPES.get((args["activity_type"] or "").lower()),
        external_id=args["external_id"] or None,
        trainer=args["trainer"] or False,
        commute=args["commute"] or False,
    )
    uploads = call.server.uploads
    upload = uploads.receive(call.athlete.id, file.data, data_type, file.name, options)
    if not file.data:
        # Refused at once, in the shape of an upload and not of an error.
        uploads.refuse(upload, texts.UPLOAD_MALFORMED)
        return answer(upload.show(), 400)
    return answer(upload.show(), 201)


async def get_upload(call: Call) -> Answer:
    """Tell how far an upload is."""
    upload = await call.server.uploads.look(call.args["id"])
    if upload is None or upload.athlete_id != call.athlete.id:
        raise not_found("Upload")
    return answer(upload.show())


ROUTES = (
    Route(
        "POST",
        "/uploads",
        create_upload,
        "Upload Activity",
        "Upload",
        "Upload",
        (
            Param("file", "file", "form", required=True),
            Param(
                "data_type",
                "string",
                "form",
                required=True,
                about="One of " + ", ".join(UPLOAD_DATA_TYPES),
            ),
            Param("name", "string", "form"),
            Param("description", "string", "form"),
            Param("sport_type", "string", "form"),
            Param("activity_type", "string", "form", about="Deprecated"),
            Param("trainer", "boolean", "form", lenient=True),
            Param("commute", "boolean", "form", lenient=True),
            Param("external_id", "string", "form"),
        ),
        ("activity:write",),
        read=False,
        statuses=(201, 400),
    ),
    Route(
        "GET",
        "/uploads/{id}",
        get_upload,
        "Get Upload",
        "Upload",
        "Upload",
        (Param("id", "integer", "path", required=True),),
        ("activity:write",),
        statuses=(200, 404),
    ),
)

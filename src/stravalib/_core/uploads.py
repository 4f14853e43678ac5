"""What an upload's status and error text mean."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from stravalib import exc
from stravalib._facts import texts
from stravalib._facts.sports import UPLOAD_DATA_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

LINK = re.compile(r"<a\b[^>]*/activities/(?P<id>\d+)[^>]*>(?P<name>.*?)</a>", re.DOTALL)
_BAD_FILE = (
    "Look at the file: `stravalib.formats.read` reads it and tells what is wrong."
)
DUPLICATE = re.compile(r"\bduplicate of\b(?:\D*?(?P<id>\d+))?", re.IGNORECASE)


def duplicate_of(error: str) -> tuple[bool, int | None]:
    """Tell whether an error text speaks of a duplicate, and of which activity.

    All variants seen in the field are read: plain, with an (escaped) link, and
    "an uploading activity (id)".
    """
    match = DUPLICATE.search(html.unescape(error))
    if match is None:
        return False, None
    number = match["id"]
    return True, int(number) if number else None


def plain_text(error: str) -> str:
    """Return an error text without the HTML that Strava puts into it.

    A link to an activity keeps the number that it leads to.
    """
    text = LINK.sub(r'activity \g<id> ("\g<name>")', html.unescape(error))
    return re.sub(r"<[^>]+>", "", text).strip()


def failure(response: Mapping[str, Any]) -> exc.ActivityUploadFailed | None:
    """Return the error that an upload's answer stands for; None where it is fine.

    A status of "deleted" is a failure although ``error`` is null.
    """
    upload_id = response.get("id")
    error = response.get("error")
    status = response.get("status")
    kind: type[exc.ActivityUploadFailed]
    number = None
    if status == texts.UPLOAD_DELETED:
        kind, message = exc.CreatedActivityDeleted, texts.UPLOAD_DELETED
        hint = "Upload the file again if the activity is still wanted."
    elif error:
        text = str(error)
        message = f"Activity upload failed: {plain_text(text)} (Upload ID: {upload_id})"
        is_duplicate, number = duplicate_of(text)
        if is_duplicate:
            kind, hint = exc.DuplicateActivity, "It is there; nothing is left to do."
            if number is not None:
                hint = f"It is there: get_activity({number}) returns it."
        else:
            kind, hint = exc.ErrorProcessingActivity, _BAD_FILE
    elif status == texts.UPLOAD_ERROR:
        kind, hint = exc.ErrorProcessingActivity, _BAD_FILE
        message = f"{status} (Upload ID: {upload_id})"
    else:
        return None
    found = kind(message)  # the text is 2.6's, letter by letter
    found.hint, found.docs = hint, f"docs/errors.md#{kind.__name__.lower()}"
    found.duplicate_of = number
    found.upload_id = upload_id if isinstance(upload_id, int) else None
    return found


class Suspect(NamedTuple):
    """What a second sending is said to be a duplicate of: perhaps the first."""

    path: str
    number: int
    is_upload: bool


def suspect(response: Mapping[str, Any]) -> Suspect | None:
    """Return what an answer calls the original of a duplicate.

    For an upload that was sent twice because the first answer was lost. The original
    is the first sending, or something that has been on Strava for long. It is an
    activity, or while that is being made an upload.
    """
    is_duplicate, number = duplicate_of(str(response.get("error") or ""))
    if not is_duplicate or number is None:
        return None
    is_upload = "uploading" in str(response["error"])
    path = "/uploads" if is_upload else "/activities"
    return Suspect(f"{path}/{number}", number, is_upload)


def is_ours(original: Mapping[str, Any], external_id: str) -> bool | None:
    """Tell whether the original of a duplicate was sent under our name.

    None while Strava does not tell: an upload has a name once it is processed.
    """
    name = original.get("external_id")
    if name is None and original.get("status") == texts.UPLOAD_PROCESSING:
        return None
    # Strava puts the data type behind the name.
    return isinstance(name, str) and (
        name == external_id
        or (
            name.startswith(f"{external_id}.")
            and name[len(external_id) + 1 :] in UPLOAD_DATA_TYPES
        )
    )


def in_doubt(response: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer as it counts until the original has been looked at."""
    unknown = {"activity_id": None, "error": None}
    return {**response, **unknown, "status": texts.UPLOAD_PROCESSING}


def as_first(
    response: Mapping[str, Any], found: Suspect, original: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the answer that the first sending got, which was lost."""
    if found.is_upload:
        return dict(original)
    made = {"activity_id": found.number, "error": None}
    return {**response, **made, "status": texts.UPLOAD_READY}


def refused_upload(fault: exc.Fault) -> exc.ActivityUploadFailed | None:
    """Read an upload that was refused at once: a 400 whose body is an upload."""
    try:
        body = fault.response.json() if fault.response is not None else None
    except ValueError:
        return None
    return failure(body) if isinstance(body, dict) and body.get("error") else None


def check_is_no_name(content: str) -> None:
    """Refuse the name of a file where its contents are wanted.

    Raises
    ------
    ValueError
        Where the text can only be a name.
    """
    is_short = len(content) < 1000 and not set(content) & set("<{\r\n")
    if is_short and content.lower().endswith((".fit", ".gpx", ".tcx", ".json", ".gz")):
        raise ValueError(
            f"activity_file={content!r} is the name of a file; give the open file: "
            f"open({content!r}, 'rb')."
        )

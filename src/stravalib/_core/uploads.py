"""What an upload's status and error text mean."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from stravalib import exc
from stravalib._facts import texts

if TYPE_CHECKING:
    from collections.abc import Mapping

LINK = re.compile(r"<a\b[^>]*/activities/(?P<id>\d+)[^>]*>(?P<name>.*?)</a>", re.DOTALL)
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
    found: exc.ActivityUploadFailed
    if status == texts.UPLOAD_DELETED:
        found = exc.CreatedActivityDeleted(texts.UPLOAD_DELETED)
    elif error:
        text = str(error)
        message = f"Activity upload failed: {plain_text(text)} (Upload ID: {upload_id})"
        is_duplicate, number = duplicate_of(text)
        if is_duplicate:
            found = exc.DuplicateActivity(message)
            found.duplicate_of = number
        else:
            found = exc.ErrorProcessingActivity(message)
    elif status == texts.UPLOAD_ERROR:
        found = exc.ErrorProcessingActivity(f"{status} (Upload ID: {upload_id})")
    else:
        return None
    found.upload_id = upload_id if isinstance(upload_id, int) else None
    return found


def own_duplicate(response: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the answer as that of the first sending, where it names that one.

    For an upload that was sent twice because the first answer was lost: that the
    second is a duplicate means that the first has arrived. It names the activity, or
    the first upload while that is being processed.
    """
    is_duplicate, number = duplicate_of(str(response.get("error") or ""))
    if not is_duplicate or number is None:
        return None
    if "uploading" in str(response["error"]):
        still = {"id": number, "id_str": str(number), "activity_id": None}
        return {**response, **still, "error": None, "status": texts.UPLOAD_PROCESSING}
    return {
        **response,
        "activity_id": number,
        "error": None,
        "status": texts.UPLOAD_READY,
    }


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

"""Photos of activities: which files are missing, and keeping them beside the file."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from stravalib.archive.files import keep_file
from stravalib.archive.parts import Call
from stravalib.archive.store import StoredFile

if TYPE_CHECKING:
    from stravalib.archive.core import Archive
    from stravalib.archive.sqlite import SQLiteStore

_TYPES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/svg+xml": ".svg",
    "video/mp4": ".mp4",
}
MAX_BYTES = 100 * 2**20
_LOCAL = ("127.0.0.1", "localhost", "::1")


def calls(
    store: SQLiteStore,
    athlete_id: int,
    resting: set[tuple[str, str]],
    *,
    key: str | None = None,
) -> list[Call]:
    """List the files that the photos name and that are not here yet."""
    found = []
    for record in store.records(
        "activity_photos", athlete_id=athlete_id, source="api", key=key
    ):
        here = {
            name
            for (name,) in store.query(
                "SELECT name FROM file WHERE record_id = ?", (record.id,)
            )
        }
        for photo in record.body if isinstance(record.body, list) else ():
            name = photo.get("unique_id") if isinstance(photo, dict) else None
            url = largest(photo) if name else None
            if not name or url is None or name in here:
                continue
            mark = f"{record.key}/{name}"
            if ("photo_file", mark) not in resting:
                found.append(Call("files", "photo_file", mark, url, mode="file"))
    return found


def largest(photo: dict[str, Any]) -> str | None:
    """Return the address of the largest picture that may be fetched."""
    urls = photo.get("urls")
    if not isinstance(urls, dict):
        return None
    sizes = sorted(urls, key=lambda size: int(size) if str(size).isdecimal() else -1)
    for size in reversed(sizes):
        url = urls[size]
        if isinstance(url, str) and allowed(url):
            return url
    return None


def allowed(url: str) -> bool:
    """Tell whether an address is https and can exist, or is on this machine."""
    parts = urlsplit(url)
    if parts.scheme == "http":
        return parts.hostname in _LOCAL
    # RFC 2606: nothing is there, worlds of a local Strava use it.
    return parts.scheme == "https" and not (parts.hostname or "").endswith(".example")


def download(url: str) -> tuple[bytes, str]:
    """Get a picture, without the token; return it and its media type."""
    import requests

    with requests.get(url, timeout=(10, 60), stream=True) as response:
        response.raise_for_status()
        parts, size = [], 0
        for part in response.iter_content(2**16):
            size += len(part)
            if size > MAX_BYTES:
                raise OSError(f"{url}: larger than {MAX_BYTES:,} bytes, left out")
            parts.append(part)
        media = response.headers.get("Content-Type", "").partition(";")[0].strip()
    return b"".join(parts), media


def keep(archive: Archive, athlete_id: int, call: Call, body: Any) -> None:
    """Write a picture beside the archive and note it."""
    data, media = body
    activity, _, name = call.key.partition("/")
    # Names come from outside: only their hash becomes a file name.
    mark = hashlib.sha256(call.key.encode()).hexdigest()[:24]
    path = f"{athlete_id}/api/{mark}{_TYPES.get(media, '.bin')}"
    record = archive.store.get(athlete_id, "activity_photos", activity, "api")
    if record is None:
        return
    archive.store.begin_file(path)
    sha256 = keep_file(archive.store.files, path, data)
    archive.store.attach(
        record.id, StoredFile(name, path, sha256, len(data), media or None)
    )

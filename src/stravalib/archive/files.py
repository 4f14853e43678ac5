"""Files that are either whole or not there."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from stravalib.archive.errors import ArchiveFull, ArchiveReadOnly

if TYPE_CHECKING:
    from collections.abc import Iterator

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def atomic_path(
    path: str | os.PathLike[str], *, part: Path | None = None, folder: bool = False
) -> Iterator[Path]:
    """Give a path to write to; it takes the place of `path` when all went well.

    `part` is where it is written first, by default a new file beside it; `folder`
    makes the folder too.
    """
    target = Path(path)
    place = part
    try:
        if folder:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if place is None:
            handle, name = tempfile.mkstemp(
                dir=target.parent, prefix=f".{target.name}.", suffix=".part"
            )
            place = Path(name)
        else:
            handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        os.close(handle)
        yield place
        with place.open("rb") as file:
            os.fsync(file.fileno())
        place.replace(target)
    except OSError as error:
        if error.errno in _FULL:
            raise ArchiveFull(
                f"no room left to write {target}: make room and try again"
                " (what was there before is untouched)"
            ) from error
        if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
            raise ArchiveReadOnly(
                f"cannot write {target}: {error.strerror}. Choose a folder that you"
                " may write to"
            ) from error
        raise
    finally:
        if place is not None:
            place.unlink(missing_ok=True)


def keep_stream(folder: Path, name: str, source: BinaryIO) -> tuple[int, str]:
    """Copy a stream to a file of the archive; return its size and its SHA-256."""
    target = folder / name
    mark = hashlib.sha256()
    size = 0
    part = target.with_name(target.name + ".part")
    with (
        atomic_path(target, part=part, folder=True) as place,
        place.open("wb") as file,
    ):
        while data := source.read(2**18):
            mark.update(data)
            size += len(data)
            file.write(data)
    return size, mark.hexdigest()


def keep_file(folder: Path, name: str, data: bytes) -> str:
    """Write a file of the archive; return its SHA-256."""
    return keep_stream(folder, name, BytesIO(data))[1]

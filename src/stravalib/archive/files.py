"""Files that are either whole or not there."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from stravalib.archive.errors import ArchiveFull, ArchiveReadOnly

if TYPE_CHECKING:
    from collections.abc import Iterator

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a path to write to; it takes the place of `path` when all went well."""
    target = Path(path)
    place: Path | None = None
    try:
        handle, name = tempfile.mkstemp(
            dir=target.parent, prefix=f".{target.name}.", suffix=".part"
        )
        os.close(handle)
        place = Path(name)
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
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark = hashlib.sha256()
    size = 0
    with atomic_path(target) as place, place.open("wb") as file:
        while part := source.read(2**18):
            mark.update(part)
            size += len(part)
            file.write(part)
    return size, mark.hexdigest()


def keep_file(folder: Path, name: str, data: bytes) -> tuple[str, str]:
    """Write a file of the archive; return its path within `folder` and its SHA-256."""
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with atomic_path(target) as place:
        place.write_bytes(data)
    return name, hashlib.sha256(data).hexdigest()

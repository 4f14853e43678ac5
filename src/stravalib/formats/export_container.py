"""The ZIP or folder that a bulk export is in, read without unpacking or trusting it."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Final, Protocol, cast

from stravalib.formats.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable

    from stravalib.formats.errors import Reason

    Report = Callable[[Reason, str, str], None]

MAX_ENTRIES: Final = 1_000_000
# Deflate reaches 1032:1 on zeros; the highest ratio seen in an export is 26:1.
_MAX_RATIO: Final = 250
_RATIO_FROM: Final = 4 * 1024 * 1024
_READ_ERRORS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    OverflowError,
    struct.error,
)


class Container(Protocol):
    """Files by their path, with ``/`` between the parts."""

    @property
    def names(self) -> list[str]:
        """All paths that may be read, in the order of the container."""
        ...

    def size(self, name: str) -> int:
        """Return the unpacked size that is stated for a path."""
        ...

    def open(self, name: str) -> BinaryIO:
        """Open a path for reading."""
        ...

    def close(self) -> None:
        """Let go of the container."""
        ...


def open_container(path: str | os.PathLike[str], report: Report) -> Container:
    """Open a ZIP file, or a folder that somebody unpacked.

    `report` is told ``(reason, path, message)`` of entries that are not taken.
    """
    where = Path(path)
    if where.is_dir():
        return _Folder(where, report)
    return _Zip(where, report)


def unsafe_name(name: str) -> str | None:
    """Return why an entry's name is refused, or None when it is fine."""
    if "\x00" in name:
        return "has a NUL character"
    path = name.replace("\\", "/")
    if path.startswith("/") or (len(path) > 1 and path[1] == ":"):
        return "is absolute"
    if ".." in path.split("/"):
        return "leaves the archive"
    return None


class _Zip:
    def __init__(self, path: Path, report: Report) -> None:
        self._file = path.open("rb")
        try:
            self._zip = zipfile.ZipFile(self._file)
        except Exception as error:  # zipfile lets struct.error and others through
            self._file.close()
            raise FormatError(
                f"{path.name!r} is no readable ZIP file: {error}.",
                hint="Download the export again; large ones often arrive cut short.",
            ) from error
        try:
            self._infos = self._choose(path, report)
        except BaseException:
            self.close()
            raise

    def _choose(self, path: Path, report: Report) -> dict[str, zipfile.ZipInfo]:
        infos = self._zip.infolist()
        if len(infos) > MAX_ENTRIES:
            raise FormatError(
                f"The ZIP file has {len(infos):,} entries.",
                reason="too_large",
                hint=f"At most {MAX_ENTRIES:,} are read.",
            )
        if sum(info.compress_size for info in infos) > path.stat().st_size:
            raise FormatError(
                "The entries of the ZIP file overlap each other.",
                reason="unsafe",
                hint="Strava makes no such files; download the export again.",
            )
        chosen: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            # zipfile cuts names at NUL; the name as it stands in the file tells
            name = info.orig_filename
            if info.is_dir() or name.startswith("__MACOSX/"):
                continue
            wrong = unsafe_name(name)
            if wrong is None and stat.S_ISLNK(info.external_attr >> 16):
                wrong = "is a symbolic link"
            if wrong is not None:
                report("unsafe", name, f"its name {wrong}; it is not read")
                continue
            name = info.filename.replace("\\", "/")
            if name in chosen:
                report("unsafe", name, "it stands twice in the ZIP; the first is read")
                continue
            chosen[name] = info
        return chosen

    @property
    def names(self) -> list[str]:
        return list(self._infos)

    def size(self, name: str) -> int:
        return self._infos[name].file_size

    def open(self, name: str) -> BinaryIO:
        info = self._infos[name]
        if info.flag_bits & 0x1:
            raise FormatError(
                f"{name!r} is encrypted.",
                reason="unsupported",
                hint="Unpack the ZIP with its password, and open the folder.",
            )
        packed = max(info.compress_size, 1)
        if info.file_size > _RATIO_FROM and info.file_size > _MAX_RATIO * packed:
            raise FormatError(
                f"{name!r} would unpack {packed:,} bytes to {info.file_size:,}.",
                reason="unsafe",
                hint="Strava makes no such files; it may be a ZIP bomb.",
            )
        try:
            return cast("BinaryIO", _Guarded(self._zip.open(info), name))
        except _READ_ERRORS as error:
            raise _broken(name, error) from error

    def close(self) -> None:
        self._zip.close()
        self._file.close()


class _Folder:
    def __init__(self, path: Path, report: Report) -> None:
        self._root = path.resolve()
        self._files: dict[str, Path] = {}
        for folder, folders, files in os.walk(self._root):
            folders.sort()
            for file in sorted(files):
                place = Path(folder) / file
                name = place.relative_to(self._root).as_posix()
                if not place.resolve().is_relative_to(self._root):
                    report("unsafe", name, "it is a link that leaves the folder")
                    continue
                if len(self._files) >= MAX_ENTRIES:
                    raise FormatError(
                        f"The folder has more than {MAX_ENTRIES:,} files.",
                        reason="too_large",
                        hint="Give the folder of the export itself.",
                    )
                self._files[name] = place

    @property
    def names(self) -> list[str]:
        return list(self._files)

    def size(self, name: str) -> int:
        return self._files[name].stat().st_size

    def open(self, name: str) -> BinaryIO:
        return self._files[name].open("rb")

    def close(self) -> None:
        self._files = {}


class _Guarded:
    """A file in a ZIP whose faults come out as FormatError."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        self._name = name

    def read(self, size: int = -1) -> bytes:
        try:
            return self._file.read(size)
        except _READ_ERRORS as error:
            raise _broken(self._name, error) from error

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> _Guarded:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _broken(name: str, error: BaseException) -> FormatError:
    unsupported = isinstance(error, NotImplementedError)
    return FormatError(
        f"{name!r} cannot be unpacked: {error}.",
        reason="unsupported" if unsupported else "malformed",
        hint="Download the export again.",
    )

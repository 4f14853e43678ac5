"""What the archive raises; everything is a `StravalibError`."""

from __future__ import annotations

from stravalib.exc import StravalibError


class ArchiveError(StravalibError, RuntimeError):
    """Something is wrong with the archive; the text says what to do next."""


class ArchiveFull(ArchiveError, OSError):
    """There is no room left; what was kept before is intact."""


class ArchiveReadOnly(ArchiveError, PermissionError):
    """The file or its folder cannot be written to; what is in it is intact."""


class ArchiveBusy(ArchiveError, TimeoutError):
    """Another program held the archive for longer than the busy timeout."""


class ArchiveTooNew(ArchiveError):
    """A newer release has written the archive; this one leaves it alone."""


class NotAnArchive(ArchiveError, ValueError):
    """The file is something else, or it is damaged."""


class AlreadyRunning(ArchiveError):
    """Another sync or import of the same archive is under way.

    ``pid`` is the process that said so, if it did.
    """

    def __init__(self, message: str, *, pid: int | None = None) -> None:
        super().__init__(message)
        self.pid = pid

    def __reduce__(self) -> tuple[object, ...]:
        return (_already_running, (str(self), self.pid))


class MixedSources(ArchiveError, ValueError):
    """API data would have gone into the permanent part (API policy 6.6)."""


class NotKept(ArchiveError, LookupError):
    """The archive does not hold what was asked for."""


def _already_running(message: str, pid: int | None) -> AlreadyRunning:
    return AlreadyRunning(message, pid=pid)

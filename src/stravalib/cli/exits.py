"""Exit codes, and which error has which; those of a sync are the archive's."""

from __future__ import annotations

EXIT_CODES: dict[int, str] = {
    0: "done",
    1: "failed; the text on stderr says why",
    2: "the command line is wrong",
    3: "the quota is used up; try again at the time named",
    4: "done in part; the rest follows with the next run, or cannot be had",
    5: "another run holds the archive",
    6: "refused: a login is needed, or a scope was not granted",
    7: "Strava or the network could not be reached; try again later",
    8: "not found at Strava, or in the archive",
    130: "stopped with Ctrl-C",
}


def explain(error: Exception) -> tuple[int, str | None]:
    """Return the exit code and text of an error; no text for one that is a bug."""
    import requests

    from stravalib import exc
    from stravalib.archive.errors import AlreadyRunning, NotKept

    text = str(error) or type(error).__name__
    if isinstance(error, OSError) and error.filename and error.strerror:
        text = f"{error.filename}: {error.strerror}"
    if isinstance(error, exc.RateLimitExceeded):
        return 3, _with_time(text, error.retry_after)
    table: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], int], ...]
    table = (
        (AlreadyRunning, 5),
        (NotKept, 8),
        ((exc.AuthError, exc.AccessUnauthorized, exc.AccessForbidden), 6),
        (exc.ObjectNotFound, 8),
        ((exc.ServerFault, requests.ConnectionError, requests.Timeout), 7),
        (exc.StravalibError, 1),
        ((OSError, ValueError, ImportError, LookupError), 1),
    )
    for kinds, found in table:
        if isinstance(error, kinds):
            return found, text
    return 1, None


def _with_time(text: str, seconds: float | None) -> str:
    if seconds is None:
        return text
    from datetime import datetime, timedelta

    until = datetime.now().astimezone() + timedelta(seconds=seconds)
    return f"{text} Try again at {until:%Y-%m-%d %H:%M:%S %Z}."

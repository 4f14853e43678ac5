"""Exit codes, and which error has which."""

from __future__ import annotations

EXIT_CODES: dict[int, str] = {
    0: "done",
    1: "failed; the text on stderr says why",
    2: "the command line is wrong",
    3: "a login is needed, or a scope was not granted",
    4: "the quota is used up; try again at the time named",
    5: "not found at Strava, or in the archive",
    6: "Strava or the network failed; try again later",
    7: "another run holds the archive",
    8: "done in part; the rest follows with the next run",
    130: "stopped with Ctrl-C",
}


def explain(error: Exception) -> tuple[int, str | None]:
    """Return the exit code and text of an error; no text for one that is a bug."""
    import requests

    from stravalib import exc

    text = str(error) or type(error).__name__
    if isinstance(error, exc.RateLimitExceeded):
        return 4, _with_time(text, error.retry_after)
    table: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], int], ...]
    table = (
        ((exc.AuthError, exc.AccessUnauthorized, exc.AccessForbidden), 3),
        (exc.ObjectNotFound, 5),
        ((exc.ServerFault, requests.ConnectionError, requests.Timeout), 6),
        (exc.StravalibError, 1),
        ((OSError, ValueError, ImportError, LookupError), 1),
    )
    code = getattr(error, "exit_code", None)
    for kinds, found in table:
        if isinstance(error, kinds):
            return code if isinstance(code, int) else found, text
    return 1, None


def _with_time(text: str, seconds: float | None) -> str:
    if seconds is None:
        return text
    from datetime import datetime, timedelta

    until = datetime.now().astimezone() + timedelta(seconds=seconds)
    return f"{text} Try again at {until:%Y-%m-%d %H:%M:%S %Z}."

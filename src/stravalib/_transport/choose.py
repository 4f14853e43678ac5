"""Which transport serves an async client."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stravalib._transport.base import AsyncTransport


class BorrowedTransport:
    """Sends with a transport that was given, and never closes it."""

    def __init__(self, transport: AsyncTransport) -> None:
        self.send = transport.send

    async def aclose(self) -> None:
        """Do nothing: what was given stays open."""


def async_transport(session: Any = None) -> AsyncTransport:
    """Pick the transport by the session that was given.

    Without one aiohttp serves, except under trio, where httpx2 does.

    Raises
    ------
    ImportError
        Where the HTTP library is not installed; names the extra.
    TypeError
        Where the session is of no known library.
    """
    if session is None:
        return _default()
    library = {kind.__module__.partition(".")[0] for kind in type(session).__mro__} & {
        "aiohttp",
        "httpx2",
    }
    if "aiohttp" in library:
        from stravalib._transport.aio import AiohttpTransport

        return AiohttpTransport(session)
    if "httpx2" in library:
        from stravalib._transport.httpx2 import Httpx2Transport

        return Httpx2Transport(session)
    if hasattr(session, "send") and hasattr(session, "aclose"):
        return BorrowedTransport(session)
    raise TypeError(
        f"session is a {type(session).__name__}; give an aiohttp.ClientSession, an "
        "httpx2.AsyncClient, or an object with async send(request) and aclose()."
    )


def under_trio() -> bool:
    """Tell whether the code runs inside a trio loop, without importing trio."""
    trio = sys.modules.get("trio")
    return trio is not None and bool(trio.lowlevel.in_trio_run())


def _default() -> AsyncTransport:
    if under_trio():
        try:
            from stravalib._transport.httpx2 import Httpx2Transport
        except ImportError as error:
            raise ImportError(
                'AsyncClient under trio needs httpx2: pip install "stravalib[httpx2]"'
            ) from error
        return Httpx2Transport()
    try:
        from stravalib._transport.aio import AiohttpTransport
    except ImportError as error:
        raise ImportError(
            'AsyncClient needs aiohttp: pip install "stravalib[async]"'
        ) from error
    return AiohttpTransport()

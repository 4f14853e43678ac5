"""Who may talk to a server on a desk: Host and Origin are checked.

A web page elsewhere could otherwise reach the server through the visitor's browser, by
a name that it points at this machine or by plain requests across origins.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from stravalib._facts.hosts import STRAVA_HOSTS
from stravalib.emulator.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def _host_of(authority: str) -> str | None:
    try:
        return urlsplit("//" + authority).hostname
    except ValueError:
        return None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=64)
def _is_safe(authority: str) -> bool:
    """Whether a Host is an address, a name of this machine or one of Strava's.

    Nobody else can point Strava's names at this machine; clients that are redirected
    below HTTP go on sending them.
    """
    host = _host_of(authority)
    return host is not None and (
        _is_address(host) or is_local_name(host) or host in STRAVA_HOSTS
    )


def is_local_name(host: str) -> bool:
    """Whether a host name or address means this machine for every browser."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refusal(
    headers: Iterable[tuple[bytes, bytes]], allowed: Collection[str]
) -> ApiError | None:
    """Tell why a request is refused; None if it may pass.

    The Host must be an address, a name of this machine or one of ``allowed``; a name
    can be pointed anywhere by whoever owns it. The Origin, where a browser sends one,
    must be this server, this machine or one of ``allowed``.
    """
    host = origin = site = mode = None
    for name, value in headers:
        if name == b"host":
            host = value.decode("latin-1").lower()
        elif name == b"origin":
            origin = value.decode("latin-1").lower()
        elif name == b"sec-fetch-site":
            site = value
        elif name == b"sec-fetch-mode":
            mode = value
    if host is not None and not (_is_safe(host) or _host_of(host) in allowed):
        return _refused("Host", host)
    if origin is not None:
        parts = urlsplit(origin)
        ours = parts.netloc == host
        origin_host = parts.hostname or ""
        if not (ours or is_local_name(origin_host) or origin_host in allowed):
            return _refused("Origin", origin)
    elif site == b"cross-site" and mode != b"navigate":
        return _refused("Sec-Fetch-Site", "cross-site")
    return None


def _refused(header: str, value: str) -> ApiError:
    return ApiError(
        403,
        {
            "message": (
                f"The local Strava refuses {header}: {value[:100]}. Use localhost, or "
                "allow the host when starting the server."
            ),
            "errors": [{"resource": "LocalStrava", "field": header, "code": "refused"}],
        },
    )

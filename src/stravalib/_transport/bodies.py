"""Read a body of requests piece by piece, and no longer than allowed.

A read timeout bounds the pause between two pieces; a server that sends a byte now and
then would hold a call for ever. ``response.content`` cannot look at a clock between
the pieces, because it asks for more than one at a time.
"""

from __future__ import annotations

import time
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

import requests
import urllib3
from urllib3.exceptions import DecodeError, ProtocolError, ReadTimeoutError, SSLError

if TYPE_CHECKING:
    from stravalib._core.http import HttpRequest

PIECE = 65536


def read_body(response: Any, request: HttpRequest) -> bytes:
    """Return the body; as ``response.content`` afterwards as well.

    Raises
    ------
    requests.RequestException
        What requests raises, but a timeout is a `requests.ReadTimeout`.
    """
    raw = response.raw
    if (
        request.total is None
        or type(raw) is not urllib3.HTTPResponse
        or type(raw._fp) is not HTTPResponse
        or not hasattr(raw, "read1")
        or response._content is not False
    ):
        # From a file, a recording or a cache: there is nothing to wait for.
        content: bytes = response.content
        return content
    until = 0.0
    pieces: list[bytes] = []
    try:
        while piece := raw.read1(PIECE, decode_content=True):
            pieces.append(piece)
            if raw.length_remaining == 0:
                continue  # what is left has only to be unpacked
            now = time.monotonic()
            until = until or now + request.total - response.elapsed.total_seconds()
            if now >= until:
                raise requests.ReadTimeout(
                    f"the body was not complete after {request.total:g} s"
                )
            _wait_no_longer(raw, until - now, request.timeout[1])
    except ProtocolError as error:
        raise requests.exceptions.ChunkedEncodingError(error) from error
    except DecodeError as error:
        raise requests.exceptions.ContentDecodingError(error) from error
    except ReadTimeoutError as error:
        raise requests.ReadTimeout(error) from error
    except SSLError as error:
        raise requests.exceptions.SSLError(error) from error
    finally:
        if not raw.closed:
            raw.close()
    response._content = b"".join(pieces)
    response._content_consumed = True
    content = response._content
    return content


def _wait_no_longer(raw: Any, left: float, read: float | None) -> None:
    """Shorten the socket's timeout; urllib3 sets it anew for the next request."""
    if read is not None and read <= left:
        return
    file = getattr(getattr(raw._fp, "fp", None), "raw", None)
    connection = getattr(file, "_sock", None)
    if connection is not None:
        connection.settimeout(left)

"""Requests and responses as values, addresses, decoding, and what must not leak."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import (
    parse_qsl,
    quote,
    urlencode,
    urljoin,
    urlsplit,
    urlunsplit,
)

from stravalib import __version__
from stravalib._core.lazy import lazy
from stravalib._core.options import is_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stravalib import exc
else:
    exc = lazy("stravalib.exc")

Timeout = tuple[float | None, float | None]
# connect, read; seconds
DEFAULT_TIMEOUT: Timeout = (10.0, 60.0)
# seconds for all attempts of a call
DEFAULT_DEADLINE = 120.0

USER_AGENT = f"stravalib/{__version__}"
MOST_REDIRECTS = 5
REDACTED = "[redacted]"
SECRET_NAMES = frozenset(
    {
        "access_token",
        "client_secret",
        "code",
        "refresh_token",
        "token",
        "verify_token",
        "hub.verify_token",
    }
)
SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie"})
LOOPBACK = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[?::1\]?)\Z", re.IGNORECASE)
PATH_VARIABLE = re.compile(r"{(\w+)}")


class SecretForm(dict[str, Any]):
    """A form that does not show itself: tools that report crashes show locals."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {', '.join(self)}>"


class HttpRequest(NamedTuple):
    """One request, ready for a transport."""

    method: str
    url: str
    params: Mapping[str, Any] | None = None
    # a form, or bytes as they are
    data: Mapping[str, Any] | bytes | None = None
    json: Any = None
    files: Mapping[str, Any] | None = None
    headers: dict[str, str] = {}  # noqa: RUF012 - replaced, never changed
    timeout: Timeout = DEFAULT_TIMEOUT
    # seconds for the whole of it, None without bound
    total: float | None = DEFAULT_DEADLINE

    def __repr__(self) -> str:
        # Tools that report crashes show the locals of each frame.
        return f"<{type(self).__name__} {self.method} {redact_query(self.url)}>"


class HttpResponse(NamedTuple):
    """One answer, whole; ``headers`` answers to any case."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str = ""
    reason: str = ""
    elapsed: float = 0.0
    # The object of the HTTP library where it is a `requests.Response`.
    native: Any = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status} {len(self.content)} bytes>"


class Origin(NamedTuple):
    """Scheme, host and port of an address, comparable."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Origin:
        """Read the origin of an absolute address."""
        parts = urlsplit(url)
        scheme = parts.scheme.lower()
        port = parts.port or (80 if scheme == "http" else 443)
        return cls(scheme, (parts.hostname or "").lower(), port)

    @property
    def is_safe(self) -> bool:
        """Whether secrets may be sent there: https, or this machine."""
        if not self.host:
            return False
        return self.scheme == "https" or (
            self.scheme == "http" and LOOPBACK.match(self.host) is not None
        )


def check_base_url(url: str, name: str) -> str:
    """Return a configured base address without its trailing slash.

    Raises
    ------
    UnsafeAddress
        Where it is neither https nor on this machine.
    """
    shown = _without_userinfo(str(url))
    try:
        # Parsing takes line breaks and white space out without a word.
        safe = url.isprintable() and " " not in url and Origin.of(url).is_safe
    except (AttributeError, ValueError):
        safe = False
    parts = urlsplit(url) if safe else None
    if parts is None or parts.username or parts.query or parts.fragment:
        raise exc.UnsafeAddress(
            f"{name}={shown!r} is not an address to send tokens to: "
            "use https://, or http:// on localhost or 127.0.0.1 for a local server, "
            "without user name, query or fragment."
        )
    address = parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower())
    return urlunsplit(address).rstrip("/")


def _without_userinfo(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//", url.split("?")[0])


def normal_timeout(timeout: float | Timeout | None) -> Timeout:
    """Return a timeout as (connect, read); one number stands for both.

    Raises
    ------
    TypeError, ValueError
        Where it is neither of these, or not positive.
    """
    pair = timeout if isinstance(timeout, tuple) else (timeout, timeout)
    if len(pair) != 2 or not all(map(_is_time, pair)):
        raise TypeError(
            f"timeout={timeout!r} is no timeout; give seconds, (connect, read), or "
            "None to wait for ever."
        )
    # Written so that it catches NaN.
    if not all(part is None or part > 0 for part in pair):
        raise ValueError(
            f"timeout={timeout!r} is not positive; give seconds, (connect, read), or "
            "None to wait for ever."
        )
    return pair


def _is_time(value: object) -> bool:
    return value is None or is_number(value)


def carries_token(url: str, base_url: str, oauth_url: str) -> bool:
    """Tell whether a request to this address is a call on behalf of an athlete.

    Not the token endpoint, and never another origin than the API's: a token does
    not follow an absolute address elsewhere.
    """
    if url.startswith((base_url + "/", base_url + "?")):
        return not url.endswith("/oauth/token")
    if url.startswith(oauth_url + "/"):
        return url == oauth_url + "/deauthorize"
    return Origin.of(url) == Origin.of(base_url) and "/oauth/" not in url


@lru_cache(maxsize=8)
def origin_text(url: str) -> str:
    """Return scheme, host and port of an address as text."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def redirect_target(
    request: HttpRequest, status: int, location: str, hops: int
) -> str | None:
    """Return where a redirected GET goes on; None where it does not.

    Raises
    ------
    UnsafeAddress
        Where the redirect leads to another origin.
    """
    try:
        target = urljoin(request.url, location)
        stays = Origin.of(target) == Origin.of(request.url)
    except ValueError:  # no address at all
        target, stays = location, False
    if not stays:
        raise exc.UnsafeAddress(
            f"{redact_query(request.url)!r} redirects ({status}) to "
            f"{_without_userinfo(target)!r}, which is not followed: tokens and data "
            "stay with one address. Set base_url if the API has moved there."
        )
    return target if request.method == "GET" and hops < MOST_REDIRECTS else None


def check_query(params: Mapping[str, Any] | None) -> None:
    """Refuse an access token as a parameter: addresses end up in logs.

    Raises
    ------
    ValueError
        Where there is one.
    """
    if params and "access_token" in params:
        raise ValueError(
            "access_token= would be part of the address; set client.access_token, "
            "the client sends it in the header."
        )


def check_destination(url: str) -> None:
    """Refuse to send a secret anywhere but to https or this machine.

    Raises
    ------
    UnsafeAddress
        Where the address is neither.
    """
    if url.startswith("https://"):
        return
    end = url.find("/", len("http://"))
    if not _is_safe(url if end < 0 else url[:end]):
        raise exc.UnsafeAddress(
            f"{_without_userinfo(url)!r} is neither https nor on this machine; a "
            "token or client secret is not sent there."
        )


def bearer(url: str, token: str | None) -> dict[str, str]:
    """Return the headers that carry a token to an address; none without a token.

    White space around it, as from a file with a last line end, is left out.

    Raises
    ------
    UnsafeAddress
        Where it may not be sent there.
    ValueError
        Where it has characters that no token has: the HTTP libraries' own errors
        would show it.
    """
    if not token:
        return {}
    check_destination(url)
    if not isinstance(token, str):
        raise TypeError(
            f"The access token is a {type(token).__name__}; it has to be text. It is "
            "not shown here, because it is secret."
        )
    token = token.strip()
    if not token.isascii() or not token.isprintable():
        raise ValueError(
            "The access token has characters that no token has (a line break, or "
            "beyond ASCII): copy it again. It is not shown here, because it is secret."
        )
    return {"Authorization": f"Bearer {token}"}


@lru_cache(maxsize=64)
def _is_safe(address: str) -> bool:
    return Origin.of(address).is_safe


def path_variables(url: str) -> list[str]:
    """Names in braces of a path template, in order."""
    return PATH_VARIABLE.findall(url)


def fill_path(url: str, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Put path variables in; return the path and the values left for the query.

    Raises
    ------
    KeyError
        Where a variable of the path has no value.
    ValueError
        Where its value is None or empty.
    """
    names = PATH_VARIABLE.findall(url)
    if not names:
        return url, values
    left = dict(values)
    parts = {name: path_part(left.pop(name), name) for name in dict.fromkeys(names)}
    return url.format(**parts), left


def path_part(value: object, name: str = "id") -> str:
    """Return a value as one step of a path; it cannot leave that step.

    Raises
    ------
    ValueError
        Where it is None or empty.
    """
    if type(value) is int:
        return str(value)
    text = "" if value is None else str(value)
    if text in ("", ".", ".."):
        raise ValueError(f"{name}={value!r} names nothing; give the id of an object.")
    return quote(text, safe="")


def parameter_names(*groups: Mapping[str, Any] | None) -> list[str]:
    """Sorted names of all parameters, for the log: never their values."""
    return sorted({str(name) for group in groups if group for name in group})


def decode(content: bytes, url: str = "") -> Any:
    """Decode a JSON body, losing nothing.

    msgspec keeps integers of any length. Streams hold samples and no ids, so orjson,
    which is faster and would turn an integer of 20 digits into a float, decodes
    those. What either refuses (NaN, lone surrogates, other encodings) goes to the
    standard library.

    Raises
    ------
    ValueError
        Where the body is not JSON.
    """
    try:
        return _decode_samples(content) if "/streams" in url else _decode_exact(content)
    except (ValueError, RecursionError):
        import json

        try:
            return json.loads(content)
        except RecursionError:
            raise ValueError("The JSON is nested too deeply.") from None


def _decode_exact(content: bytes) -> Any:
    try:
        import msgspec
    except ImportError:  # there is none for every platform
        return _decode_without(content)
    try:
        return msgspec.json.decode(content)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from error


def _decode_samples(content: bytes) -> Any:
    try:
        from orjson import loads
    except ImportError:
        return _decode_without(content)
    return loads(content)


def _decode_without(content: bytes) -> Any:
    """Decode with what pydantic brings along."""
    from pydantic_core import from_json

    return from_json(content, cache_strings="keys")


def redact_query(url: str) -> str:
    """Return the address with the values of secret parameters taken out."""
    if "?" not in url:
        return url
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if not any(name in SECRET_NAMES for name, _ in pairs):
        return url
    query = urlencode([(n, REDACTED if n in SECRET_NAMES else v) for n, v in pairs])
    return urlunsplit(parts._replace(query=query))


def redact_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Copy headers with the values of secret ones taken out."""
    return {
        name: REDACTED if name.lower() in SECRET_HEADERS else value
        for name, value in headers
    }


def redact_text(text: str, secrets: Iterable[str | None]) -> str:
    """Take known secrets out of a text that came from a library."""
    for secret in secrets:
        if secret:
            text = text.replace(str(secret), REDACTED)
    return text


def redact_bytes(content: bytes, secrets: Iterable[str | None]) -> bytes:
    """Take known secrets out of an answer."""
    for secret in secrets:
        if secret:
            content = content.replace(str(secret).encode(), REDACTED.encode())
    return content


def secrets_of(request: HttpRequest) -> list[str]:
    """Return the secrets that a request carries."""
    found = [
        str(value)
        for group in (request.params, request.data)
        if group and not isinstance(group, bytes)
        for name, value in group.items()
        if name in SECRET_NAMES and value
    ]
    for name, value in request.headers.items():
        if name.lower() in SECRET_HEADERS:
            found.append(value.partition(" ")[2] or value)
    return found

"""Where an authorisation may go back to."""

from __future__ import annotations

from urllib.parse import SplitResult, urlencode, urlsplit, urlunsplit

_LOCAL = frozenset({"localhost", "127.0.0.1"})
_NEVER = frozenset({"javascript", "data", "file", "blob", "vbscript", "about"})


def allowed(redirect_uri: str, callback_domain: str) -> bool:
    """Whether an address lies within the application's callback domain.

    ``localhost`` and ``127.0.0.1`` always do; a scheme of one's own uses the domain as
    its host, e.g. ``myapp://www.example.com/x``.
    """
    if any(char <= " " or char == "\x7f" for char in redirect_uri):
        return False
    try:
        parts = urlsplit(redirect_uri)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    if not parts.scheme or parts.scheme in _NEVER or not host:
        return False
    domain = callback_domain.lower().strip()
    return host in _LOCAL or host == domain or host.endswith("." + domain)


def back_to(redirect_uri: str, answers: dict[str, str]) -> str:
    """Add the answer to the address, behind a query that is already there."""
    parts = urlsplit(redirect_uri)
    query = urlencode(answers, safe=",:")
    query = f"{parts.query}&{query}" if parts.query else query
    return urlunsplit(
        SplitResult(parts.scheme, parts.netloc, parts.path, query, parts.fragment)
    )


def form_target(redirect_uri: str) -> str:
    """Name the address as a source in a content security policy."""
    parts = urlsplit(redirect_uri)
    if parts.scheme in ("http", "https"):
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return f"{parts.scheme}:"

"""The layer below the client: addresses, tokens, requests, errors."""

from __future__ import annotations

from stravalib._facts.texts import INACTIVE_APPLICATION_MESSAGE
from stravalib._sync.access import AccessInfo, Scope
from stravalib._sync.protocol import ApiV3, RequestMethod

__all__ = [
    "INACTIVE_APPLICATION_MESSAGE",
    "AccessInfo",
    "ApiV3",
    "RequestMethod",
    "Scope",
]

for _public in (AccessInfo, ApiV3):
    _public.__module__ = __name__
del _public

"""Request quotas: what is known about them, and who shares the count.

See https://developers.strava.com/docs/rate-limits/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stravalib._core.quota import Estimate, RateLimits, Wait, WindowUsage
from stravalib._core.retries import RetryPolicy
from stravalib._stores.base import Ledger

if TYPE_CHECKING:
    from stravalib._stores.memory import MemoryLedger
    from stravalib._stores.redis import RedisLedger
    from stravalib._stores.sqlite import SQLiteLedger

__all__ = [
    "Estimate",
    "Ledger",
    "MemoryLedger",
    "RateLimits",
    "RedisLedger",
    "RetryPolicy",
    "SQLiteLedger",
    "Wait",
    "WindowUsage",
]

_ROOMS = {"MemoryLedger": "memory", "RedisLedger": "redis", "SQLiteLedger": "sqlite"}

for _public in (Estimate, Ledger, RateLimits, RetryPolicy, Wait, WindowUsage):
    _public.__module__ = __name__
del _public


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        from importlib import import_module

        found = getattr(import_module(f"stravalib._stores.{_ROOMS[name]}"), name)
        found.__module__ = __name__
        globals()[name] = found
        return found
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return __all__

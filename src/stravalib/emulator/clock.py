"""The clock of a local Strava: real time plus a shift, or standing still."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


_END = 253_370_764_800.0  # 9999-01-01


class Clock:
    """A clock that can be moved, frozen and let go again.

    Parameters
    ----------
    start
        Epoch seconds or an aware datetime to begin at; None is the present.
    frozen
        Stand still until moved.
    source
        What tells real time, in epoch seconds.
    """

    def __init__(
        self,
        start: float | datetime | None = None,
        *,
        frozen: bool = False,
        source: Callable[[], float] = time.time,
    ) -> None:
        self._source = source
        self._shift = 0.0
        self._frozen_at: float | None = None
        if frozen:
            self.freeze()
        if start is not None:
            self.set(start)

    def now(self) -> float:
        """Tell the time in epoch seconds."""
        if self._frozen_at is not None:
            return self._frozen_at
        return self._source() + self._shift

    def utc(self) -> datetime:
        """Tell the time as an aware datetime in UTC."""
        return datetime.fromtimestamp(self.now(), UTC)

    def set(self, moment: float | datetime) -> None:
        """Go to a moment, forwards or backwards."""
        if isinstance(moment, datetime):
            if moment.tzinfo is None:
                raise ValueError(
                    f"the clock needs an aware datetime, got {moment!r}; add tzinfo"
                )
            moment = moment.timestamp()
        if not 0 <= moment < _END:
            raise ValueError(
                f"the clock cannot go to {moment!r}; use a moment from 1970 to 9998"
            )
        if self._frozen_at is not None:
            self._frozen_at = float(moment)
        else:
            self._shift = float(moment) - self._source()

    def move(self, seconds: float) -> None:
        """Go forwards (or backwards) by some seconds."""
        self.set(self.now() + seconds)

    def freeze(self) -> None:
        """Stand still at the present moment."""
        self._frozen_at = self.now()

    def release(self) -> None:
        """Run again from the moment where the clock stands."""
        if self._frozen_at is not None:
            moment, self._frozen_at = self._frozen_at, None
            self.set(moment)

    def to_json(self) -> dict[str, float | None]:
        """Give what has to be kept."""
        return {"shift": self._shift, "frozen_at": self._frozen_at}

    def restore(self, value: dict[str, float | None]) -> None:
        """Go back to what was kept; time has gone on unless it was frozen."""
        self._shift = value["shift"] or 0.0
        self._frozen_at = value["frozen_at"]

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still."""
        return self._frozen_at is not None

    def __repr__(self) -> str:
        return f"<Clock {self.utc():%Y-%m-%dT%H:%M:%SZ} frozen={self.frozen}>"


def stamp(moment: float) -> str:
    """Write epoch seconds the way Strava does, e.g. ``2026-11-23T10:00:00Z``."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_stamp(text: str) -> float:
    """Read a stamp of Strava's (``Z``, offset or none, taken as UTC) to epoch."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.timestamp()

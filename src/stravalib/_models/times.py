"""When: moments, wall-clock times, dates and spans, and how Strava spells them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from operator import methodcaller
from typing import Annotated, Any, cast

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema
from pydantic_core import core_schema as cs

from stravalib._models.rules import ANY_DUMP, MISFIT, Fit, How, Rule, leniently

_CANONICAL = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
_drop_zone = methodcaller("replace", tzinfo=None)


def lax_datetime(value: Any) -> dt.datetime | None:
    """Read a date and time from text, a number of seconds or a date."""
    found: dt.datetime | None = leniently("datetime", value)
    if found is not None and found.utcoffset() == dt.timedelta(0):
        return found.replace(tzinfo=dt.UTC)
    return found


class Instant(Rule):
    """A moment, usually ``2026-05-01T07:30:00Z``."""

    wanted = "a date and time"
    json: Mapping[str, Any] = {"type": "string", "format": "date-time"}
    local = False

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accept the one spelling that the value alone tells."""
        text = cs.str_schema(strict=True, pattern=_CANONICAL)
        exact: CoreSchema = cs.no_info_after_validator_function(
            dt.datetime.fromisoformat, text
        )
        if self.local:
            exact = cs.no_info_after_validator_function(_drop_zone, exact)
        strict = cs.datetime_schema(strict=True)
        exact = cs.lax_or_strict_schema(lax_schema=exact, strict_schema=strict)
        return cast("CoreSchema", {**exact, "serialization": ANY_DUMP})

    def fit(self, value: Any) -> Fit:
        """Read every other spelling that pydantic reads."""
        found = lax_datetime(value)
        if found is None:
            return MISFIT
        if self.local:
            found = found.replace(tzinfo=None)
        if isinstance(value, dt.date):
            return Fit(found, How.KEPT)
        return Fit(found, How.BESIDE if isinstance(value, str) else How.DRIFT)

    def back(self, value: Any) -> Any:
        """Write the moment as Strava does."""
        if not isinstance(value, dt.datetime):
            return value
        if not self.local and value.utcoffset() != dt.timedelta(0):
            return value.isoformat()
        return value.replace(tzinfo=None).isoformat() + "Z"


class Local(Instant):
    """Wall-clock time without a zone; Strava writes a false ``Z`` after it."""

    local = True


class Epoch(Instant):
    """A moment given as seconds since 1970."""

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Whole seconds."""
        return cs.chain_schema(
            [cs.int_schema(strict=True, ge=0, lt=2**33), cs.datetime_schema()],
            serialization=ANY_DUMP,
        )

    def fit(self, value: Any) -> Fit:
        """Fractions and text are read too."""
        found = super().fit(value)
        if found.how is How.DRIFT and isinstance(value, float) and found.value:
            return Fit(found.value, How.BESIDE)
        return found

    def back(self, value: Any) -> Any:
        """Return seconds since 1970."""
        return int(value.timestamp()) if isinstance(value, dt.datetime) else value


class Day(Rule):
    """A date without a time: ``2018-06-22``."""

    wanted = "a date"
    json: Mapping[str, Any] = {"type": "string", "format": "date"}

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accept the one spelling that the value alone tells."""
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
        return cs.chain_schema(
            [cs.str_schema(strict=True, pattern=pattern), cs.date_schema()],
            serialization=ANY_DUMP,
        )

    def fit(self, value: Any) -> Fit:
        """Take the day of a date and time."""
        if isinstance(value, str):
            moment = lax_datetime(value)
            return Fit(moment.date(), How.BESIDE) if moment else MISFIT
        found = leniently("date", value)
        if found is None:
            return MISFIT
        return Fit(found, How.KEPT if isinstance(value, dt.date) else How.DRIFT)

    def back(self, value: Any) -> Any:
        """Write the day as Strava does."""
        return value.isoformat() if isinstance(value, dt.date) else value


class Span(Rule):
    """A span of time, sent as a number of seconds."""

    wanted = "a number of seconds"
    json: Mapping[str, Any] = {"type": "string", "format": "duration"}

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Whole seconds of less than three thousand years."""
        seconds = cs.int_schema(strict=True, gt=-(10**11), lt=10**11)
        return cs.chain_schema([seconds, cs.timedelta_schema()], serialization=ANY_DUMP)

    def fit(self, value: Any) -> Fit:
        """Read ISO 8601 and clock text too."""
        found = leniently("timedelta", value)
        if found is None or isinstance(value, bool):
            return MISFIT
        return Fit(found, How.KEPT if isinstance(value, dt.timedelta) else How.BESIDE)

    def back(self, value: Any) -> Any:
        """Return seconds."""
        if not isinstance(value, dt.timedelta):
            return value
        seconds = value.total_seconds()
        return int(seconds) if seconds % 1 == 0 else seconds


Moment = Annotated[dt.datetime, Instant()]
Clock = Annotated[dt.datetime, Local()]
EpochTime = Annotated[dt.datetime, Epoch()]
Date = Annotated[dt.date, Day()]
Elapsed = Annotated[dt.timedelta, Span()]

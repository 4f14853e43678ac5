"""When: moments, wall-clock times, dates and spans, and how Strava spells them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from operator import methodcaller
from typing import Annotated, Any, Literal, cast

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, SchemaValidator, to_json
from pydantic_core import core_schema as cs

from stravalib._models.rules import (
    ANY_DUMP,
    MISFIT,
    Fit,
    How,
    Rule,
    leniently,
    other_spelling,
)

_CANONICAL = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
_drop_zone = methodcaller("replace", tzinfo=None)


def lax_datetime(value: Any) -> dt.datetime | None:
    """Read a date and time from text, a number of seconds or a date."""
    found: dt.datetime | None = leniently("datetime", value)
    if found is not None and _is_utc(found):
        return found.replace(tzinfo=dt.UTC)
    return found


def _is_utc(moment: dt.datetime) -> bool:
    return moment.utcoffset() == dt.timedelta(0)


@cache
def _validator(kind: str) -> SchemaValidator:
    return SchemaValidator(cast("CoreSchema", {"type": kind, "strict": True}))


class Written(Rule):
    """What JSON has no type of its own for: written as text, or as a number.

    Strict readings of JSON take the text that pydantic takes then, and what Strava
    sends; strict readings of Python's values take the very type.
    """

    kind: Literal["datetime", "date", "timedelta"]
    numbers = range(0)  # where Strava sends a number: those that are meant

    def either(self, lax: CoreSchema) -> CoreSchema:
        """Return a schema for lenient and strict readings."""
        very = cast("CoreSchema", {"type": self.kind, "strict": True})
        strict = cs.json_or_python_schema(
            cs.no_info_plain_validator_function(self.in_json),
            cs.no_info_after_validator_function(self.made, very),
        )
        found = cs.lax_or_strict_schema(lax_schema=lax, strict_schema=strict)
        return cast("CoreSchema", {**found, "serialization": ANY_DUMP})

    def in_json(self, value: Any) -> Any:
        """Read a value of JSON as pydantic does where it is strict."""
        if type(value) is int and value in self.numbers:
            found = leniently(self.kind, value)
        else:  # a wrapped reading of JSON is one of Python's values: back to text
            found = _validator(self.kind).validate_json(to_json(value))
        if found is not None:
            found = self.made(found)
            if self.back(found) == value:
                return found
        raise other_spelling()

    def made(self, value: Any) -> Any:
        """Return the value of the attribute."""
        return value


class Instant(Written):
    """A moment, usually ``2026-05-01T07:30:00Z``."""

    wanted = "a date and time"
    json: Mapping[str, Any] = {"type": "string", "format": "date-time"}
    kind = "datetime"
    local = False

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accept the one spelling that the value alone tells."""
        text = cs.str_schema(strict=True, pattern=_CANONICAL)
        exact: CoreSchema = cs.no_info_after_validator_function(
            dt.datetime.fromisoformat, text
        )
        if self.local:
            exact = cs.no_info_after_validator_function(_drop_zone, exact)
        return self.either(exact)

    def made(self, value: dt.datetime) -> dt.datetime:
        """Drop a false zone, and write UTC as Python does."""
        if self.local:
            return value.replace(tzinfo=None)
        return value.replace(tzinfo=dt.UTC) if _is_utc(value) else value

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

    numbers = range(2**33)

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Whole seconds."""
        most = self.numbers.stop
        seconds = cs.int_schema(strict=True, ge=self.numbers.start, lt=most)
        return self.either(cs.chain_schema([seconds, cs.datetime_schema()]))

    def fit(self, value: Any) -> Fit:
        """Fractions and text are read too."""
        found = super().fit(value)
        if found.how is How.DRIFT and isinstance(value, float) and found.value:
            return Fit(found.value, How.BESIDE)
        return found

    def back(self, value: Any) -> Any:
        """Return seconds since 1970."""
        return int(value.timestamp()) if isinstance(value, dt.datetime) else value


class Day(Written):
    """A date without a time: ``2018-06-22``."""

    wanted = "a date"
    json: Mapping[str, Any] = {"type": "string", "format": "date"}
    kind = "date"

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accept the one spelling that the value alone tells."""
        pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
        text = cs.str_schema(strict=True, pattern=pattern)
        return self.either(cs.chain_schema([text, cs.date_schema()]))

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


class Span(Written):
    """A span of time, sent as a number of seconds."""

    wanted = "a number of seconds"
    json: Mapping[str, Any] = {"type": "string", "format": "duration"}
    kind = "timedelta"
    numbers = range(1 - 10**11, 10**11)

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Whole seconds of less than three thousand years."""
        most = self.numbers.stop
        seconds = cs.int_schema(strict=True, ge=self.numbers.start, lt=most)
        return self.either(cs.chain_schema([seconds, cs.timedelta_schema()]))

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

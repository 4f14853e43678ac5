"""What each kind of field accepts, how it is made good, and how it was written.

A rule gives pydantic-core a schema that accepts, without a line of Python, just the
values whose conversion can be undone exactly. Everything else fails there and comes
to :meth:`Rule.fit`, which decides: a value, a value beside its original, or None.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from typing import Annotated, Any, NamedTuple, TypeVar, cast

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError, SchemaValidator
from pydantic_core import core_schema as cs

from stravalib._models.values import (
    Distance,
    Duration,
    Timezone,
    Velocity,
    timezone_of,
)

EXACT = 2**53  # above it a float no longer holds every whole number
ANY_DUMP = cs.simple_ser_schema("any")  # never warns about what a field holds
SPELLING = "spelling"  # of errors: right, but not as Strava writes it


class How(Enum):
    """What became of a value that the fast path refused."""

    KEPT = "the attribute says it all"
    BESIDE = "the attribute is right, `raw` gives the original"
    QUIRK = "a known oddity: None, silently, and the original in dumps"
    DRIFT = "not what was meant: listed in `drift`, the original in dumps"


class Fit(NamedTuple):
    """A value for the attribute, and how it relates to what was received."""

    value: Any
    how: How


MISFIT = Fit(None, How.DRIFT)


@cache
def _lax(kind: str) -> Callable[[Any], Any]:
    """Return pydantic's own lenient conversion to a kind of value."""
    schema = cast("CoreSchema", {"type": kind})
    return SchemaValidator(schema).validate_python


def leniently(kind: str, value: Any) -> Any:
    """Convert as pydantic would, None where it would refuse."""
    try:
        return _lax(kind)(value)
    except (ValidationError, OverflowError):
        return None


def other_spelling() -> PydanticCustomError:
    """Return the error of a value that is right, but not as Strava writes it.

    Lenient or strict, `rescue` then takes the value and keeps the original.
    """
    return PydanticCustomError(SPELLING, "Input is not spelled as Strava does")


class Rule:
    """How one kind of field is read, repaired and written back."""

    wanted = "a value"
    json: Mapping[str, Any] = {}
    plain = False  # True where the attribute is the very JSON value
    is_quirk: Callable[[Any], bool] | None = None  # see `odd`

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return what the fast path accepts."""
        raise NotImplementedError

    def fit(self, value: Any) -> Fit:
        """Decide about a value that the fast path refused."""
        raise NotImplementedError

    def back(self, value: Any) -> Any:
        """Return the JSON value that an attribute was made from."""
        return value

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return self.schema(source, handler)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return dict(self.json) if self.json else handler(schema)


_R = TypeVar("_R", bound=Rule)


class Int(Rule):
    """A whole number; a number with a fraction stays as it is."""

    wanted = "a whole number"
    json: Mapping[str, Any] = {"type": "integer"}
    plain = True
    into: type[int] | None = None

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Whole numbers first, then floats that are whole, then any float."""
        whole: CoreSchema = cs.int_schema(strict=True)
        shortened: CoreSchema = cs.chain_schema(
            [cs.float_schema(strict=True), cs.int_schema(strict=False)]
        )
        if self.into:
            whole = cs.no_info_after_validator_function(self.into, whole)
            shortened = cs.no_info_after_validator_function(self.into, shortened)
        loose = cs.union_schema(
            [whole, shortened, cs.float_schema(strict=True)],
            mode="left_to_right",
            custom_error_type="int_type",
        )
        return cs.lax_or_strict_schema(
            lax_schema=loose, strict_schema=whole, serialization=ANY_DUMP
        )

    def fit(self, value: Any) -> Fit:
        """Numeric text and booleans count as pydantic counts them."""
        if isinstance(value, float):  # infinite, or beyond what pydantic turns whole
            whole = int(value) if math.isfinite(value) and value % 1 == 0 else value
            return Fit(self.made(whole), How.KEPT)
        found = leniently("int", value)
        return MISFIT if found is None else Fit(self.made(found), How.DRIFT)

    def made(self, number: float) -> Any:
        """Return the number in the class of this field."""
        return self.into(number) if self.into and isinstance(number, int) else number

    def back(self, value: Any) -> Any:
        """Return the bare number."""
        return int(value) if type(value) is self.into else value


class Seconds(Int):
    """A span of time in whole seconds."""

    plain = False
    into = Duration


class Float(Rule):
    """A number; whole ones become floats unless that would change them."""

    wanted = "a number"
    json: Mapping[str, Any] = {"type": "number"}
    plain = True
    into: type[float] = float

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Any number that a float holds exactly."""
        exact: CoreSchema = cs.float_schema(strict=True, gt=-EXACT, lt=EXACT)
        if self.into is not float:
            exact = cs.no_info_after_validator_function(self.into, exact)
        return cast("CoreSchema", {**exact, "serialization": ANY_DUMP})

    def fit(self, value: Any) -> Fit:
        """Keep a large whole number whole; read numeric text as pydantic does."""
        if isinstance(value, int) and not isinstance(value, bool):
            try:
                fits = int(float(value)) == value
            except OverflowError:
                fits = False
            return Fit(self.into(value) if fits else value, How.KEPT)
        if isinstance(value, float):
            return Fit(self.into(value), How.KEPT)
        found = leniently("float", value)
        return MISFIT if found is None else Fit(self.into(found), How.DRIFT)

    def back(self, value: Any) -> Any:
        """Return the bare number."""
        return float(value) if type(value) is self.into else value


class Meters(Float):
    """A length in meters."""

    plain = False
    into = Distance


class Speed(Float):
    """A speed in meters per second."""

    plain = False
    into = Velocity


class Bool(Rule):
    """True or false."""

    wanted = "true or false"
    json: Mapping[str, Any] = {"type": "boolean"}
    plain = True

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Just the two."""
        return cs.bool_schema(strict=True, serialization=ANY_DUMP)

    def fit(self, value: Any) -> Fit:
        """Read 0, 1, "true", "no" and their like as pydantic does."""
        found = leniently("bool", value)
        return MISFIT if found is None else Fit(found, How.DRIFT)


class Text(Rule):
    """Text, empty or not."""

    wanted = "text"
    json: Mapping[str, Any] = {"type": "string"}
    plain = True

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Just text."""
        return cs.str_schema(strict=True, serialization=ANY_DUMP)

    def fit(self, value: Any) -> Fit:
        """Nothing else is text, but a subclass or an enumeration's member."""
        if isinstance(value, str):
            return Fit(str(getattr(value, "value", value)), How.KEPT)
        return MISFIT


class Label(Text):
    """Text of which a list has a few, again and again; one object serves them all."""


class Word(Text):
    """A word of a list that Strava lengthens without notice; new words are kept."""

    wanted = "a word"

    def __init__(self, *known: str) -> None:
        self.known = known
        self.json = {"anyOf": [{"enum": list(known)}, {"type": "string"}]}

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Any word; only the known ones where strictness is asked for."""
        return cs.lax_or_strict_schema(
            lax_schema=cs.str_schema(strict=True),
            strict_schema=cs.literal_schema(list(self.known)),
            serialization=ANY_DUMP,
        )


class Zone(Text):
    """A time zone, one object for each text."""

    wanted = "a time zone"
    plain = False

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Look the text up among those seen."""
        return cs.no_info_after_validator_function(
            timezone_of, cs.str_schema(strict=True), serialization=ANY_DUMP
        )

    def fit(self, value: Any) -> Fit:
        """Only text names a zone."""
        return Fit(timezone_of(value), How.KEPT) if isinstance(value, str) else MISFIT

    def back(self, value: Any) -> Any:
        """Return bare text."""
        return str(value)


class Code(Rule):
    """A word that Strava sends as a number."""

    wanted = "a known number"

    def __init__(self, words: Mapping[int, str]) -> None:
        self.words = dict(words)
        self.numbers = {word: number for number, word in words.items()}
        self.json = {"enum": list(self.numbers)}

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Known numbers only."""
        return cs.no_info_plain_validator_function(
            self.read,
            serialization=ANY_DUMP,
            metadata={"pydantic_js_functions": []},
        )

    def read(self, value: Any) -> str:
        """Return the word of a number."""
        if type(value) is int and value in self.words:
            return self.words[value]
        if isinstance(value, str) and value in self.numbers:
            raise other_spelling()
        message = f"{value!r} is none of {sorted(self.words)}"
        raise ValueError(message)

    def fit(self, value: Any) -> Fit:
        """Take the word itself too, as dumps of 2.6 hold it."""
        if isinstance(value, str) and value in self.numbers:
            return Fit(value, How.BESIDE)
        return MISFIT

    def back(self, value: Any) -> Any:
        """Return the number of a word."""
        return self.numbers.get(value, value)


class Many(Rule):
    """A list; one bad item makes the whole field a misfit."""

    wanted = "a list"

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accept lists of what the annotation says."""
        (item,) = getattr(source, "__args__", (Any,))
        return cs.list_schema(handler.generate_schema(item), strict=True)

    def fit(self, value: Any) -> Fit:
        """Nothing else is a list; tuples are handled before this."""
        return MISFIT


class Samples(Many):
    """A list whose items are not looked at."""

    json: Mapping[str, Any] = {"type": "array", "items": {}}

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Take the list as it is, without a copy."""
        return cs.is_instance_schema(list, serialization=cs.simple_ser_schema("any"))


class Table(Rule):
    """An object with free keys."""

    wanted = "an object"
    json: Mapping[str, Any] = {}

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Text keys, and values of what the annotation says."""
        _, value = source.__args__
        return cs.dict_schema(
            cs.str_schema(strict=True), handler.generate_schema(value), strict=True
        )

    def fit(self, value: Any) -> Fit:
        """Nothing else is an object."""
        return MISFIT


class Position(Rule):
    """A latitude and a longitude; an empty list says that there is none."""

    wanted = "a pair of numbers"

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Two numbers."""
        return handler(source)

    def fit(self, value: Any) -> Fit:
        """Take ``[]`` for none, and text with a comma as 2.6 does."""
        from stravalib._models.shapes import LatLon
        from stravalib._models.values import check_valid_location

        if isinstance(value, (list, tuple)):
            if not value:
                return Fit(None, How.QUIRK)
            how = How.KEPT if isinstance(value, tuple) else How.DRIFT
        elif isinstance(value, str):
            how = How.DRIFT
        else:
            return MISFIT
        try:
            found = check_valid_location(value)
            return Fit(LatLon.model_validate(found), how)
        except ValueError:  # also pydantic's
            return MISFIT

    def back(self, value: Any) -> Any:
        """Return the pair."""
        return list(value.root) if hasattr(value, "root") else value


def odd(rule: _R, is_quirk: Callable[[Any], bool]) -> _R:
    """Return a rule that reads known oddities of Strava as None, without a note."""
    rule.is_quirk = is_quirk
    return rule


INT = Int()
FLOAT = Float()
TEXT = Text()

Whole = Annotated[int, INT]
Number = Annotated[float, FLOAT]
Flag = Annotated[bool, Bool()]
String = Annotated[str, TEXT]
Name = Annotated[str, Label()]
Length = Annotated[Distance, Meters()]
Pace = Annotated[Velocity, Speed()]
Time = Annotated[Duration, Seconds()]
ZoneName = Annotated[Timezone, Zone()]
MANY = Many()
TABLE = Table()
POSITION = Position()

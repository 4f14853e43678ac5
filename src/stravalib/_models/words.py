"""Sports and stream types: words of lists that grow without notice.

A word equals its text and hashes like it, known or not: ``activity.sport_type ==
"Run"`` holds, and a sport that Strava invents tomorrow arrives as it was sent.
There is one object for each word, and it cannot be changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, RootModel
from pydantic_core import CoreSchema
from pydantic_core import core_schema as cs

from stravalib._facts.sports import ACTIVITY_TYPES, SPORT_TYPES
from stravalib._facts.streams import STREAM_TYPES
from stravalib._models.doors import behind

if TYPE_CHECKING:
    from collections.abc import Callable

_new = object.__new__
_set = object.__setattr__


class _Words(dict[str, Any]):
    """Every word seen so far, made into its object once."""

    def __init__(self, kind: type[_Word]) -> None:
        self.kind = kind

    def __missing__(self, text: str) -> Any:
        word = _new(self.kind)
        _set(word, "__dict__", {"root": text})
        _set(word, "__pydantic_fields_set__", {"root"})
        _set(word, "__pydantic_extra__", None)
        _set(word, "__pydantic_private__", None)
        if len(self) < 1000:
            self[text] = word
        return word


def _text_of(word: Any) -> Any:
    return word.root if isinstance(word, _Word) else word


class _Word(RootModel[str]):
    """A word; see the module."""

    if TYPE_CHECKING:
        _seen: Callable[[str], Self]

    def __new__(cls, root: Any = None, **data: Any) -> Self:
        text = data.get("root") if root is None else root
        if isinstance(text, _Word):
            text = text.root
        if type(text) is not str:
            cls.__pydantic_validator__.validate_python(text)  # says what is wrong
            text = str(text)
        return cls._words()(text)

    def __init__(self, root: Any = None, **data: Any) -> None:
        pass

    @classmethod
    def _words(cls) -> Callable[[str], Self]:
        seen: Callable[[str], Self] | None = cls.__dict__.get("_seen")
        if seen is None:
            seen = _Words(cls).__getitem__
            type.__setattr__(cls, "_seen", staticmethod(seen))
        return seen

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        text = cs.no_info_after_validator_function(
            cls._words(), cs.str_schema(strict=True)
        )
        itself = cs.is_instance_schema(cls)
        return cs.union_schema(
            [text, itself],
            mode="left_to_right",
            custom_error_type="string_type",
            serialization=cs.plain_serializer_function_ser_schema(
                _text_of, return_schema=cs.any_schema()
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        words = {"anyOf": [{"enum": list(cls.known())}, {"type": "string"}]}
        return {"title": cls.__name__, **words}

    @classmethod
    def known(cls) -> tuple[str, ...]:
        """Return the words that this release knows."""
        return ()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            return bool(self.root == other)
        return isinstance(other, _Word) and bool(self.root == other.root)

    def __hash__(self) -> int:
        return hash(self.root)

    def __str__(self) -> str:
        return self.root

    def __format__(self, spec: str) -> str:
        return format(self.root, spec)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.root!r})"

    if not TYPE_CHECKING:

        def __setattr__(self, name: str, value: Any) -> None:
            message = f"{self!r} is shared and cannot be changed; assign another word"
            raise TypeError(message)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any = None) -> Self:
        return self

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        return type(self), (self.root,)


class RelaxedActivityType(_Word):
    """The old kind of an activity, such as ``Ride``; see `RelaxedSportType`.

    Strava keeps the list frozen and prefers ``sport_type``.
    """

    @classmethod
    def known(cls) -> tuple[str, ...]:
        """Return the words that this release knows."""
        return ACTIVITY_TYPES

    @classmethod
    def check_activity_type(cls, values: str) -> str:
        """Return the word as it is; 2.6 turned unknown ones into Workout."""
        return values


class RelaxedSportType(_Word):
    """The sport of an activity, such as ``GravelRide``.

    See https://developers.strava.com/docs/reference/#api-models-SportType
    """

    @classmethod
    def known(cls) -> tuple[str, ...]:
        """Return the words that this release knows."""
        return SPORT_TYPES

    @classmethod
    def check_sport_type(cls, values: str) -> str:
        """Return the word as it is; 2.6 turned unknown ones into Workout."""
        return values


class StreamType(_Word):
    """The name of a stream, such as ``heartrate``."""

    @classmethod
    def known(cls) -> tuple[str, ...]:
        """Return the words that this release knows."""
        return STREAM_TYPES


ActivityType = RelaxedActivityType
SportType = RelaxedSportType


behind("stravalib.model", RelaxedActivityType, RelaxedSportType)
behind("stravalib.strava_model", StreamType)

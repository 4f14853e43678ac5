"""The one error that reading and writing files of activities raises."""

from __future__ import annotations

from typing import Final, Literal

Reason = Literal[
    "empty",
    "unknown_type",
    "malformed",
    "no_time",
    "no_position",
    "not_an_activity",
    "too_large",
    "unsupported",
    "unsafe",
    "missing",
]

REASONS: Final[tuple[Reason, ...]] = (
    "empty",
    "unknown_type",
    "malformed",
    "no_time",
    "no_position",
    "not_an_activity",
    "too_large",
    "unsupported",
    "unsafe",
    "missing",
)


class FormatError(ValueError):
    """A file that cannot be read, or a track that a format cannot hold.

    Attributes
    ----------
    reason
        A word of `REASONS`, for programs: ``empty`` (no bytes), ``unknown_type``
        (none of the known formats), ``malformed`` (a known format, but broken),
        ``no_time`` and ``no_position`` (what is asked for needs them),
        ``not_an_activity`` (sound, but settings, a workout, an empty recording),
        ``too_large`` (above a limit of size or count), ``unsupported`` (a sound
        file of a kind that is not read), ``unsafe`` (an entity, a path outside the
        archive), ``missing`` (a part that is named but is not there).
    offset
        The byte in the (decompressed) file, where known.
    line
        The line in the (decompressed) file, counted from 1, where known.
    hint
        What to do next.
    """

    def __init__(
        self,
        message: str,
        *,
        reason: Reason = "malformed",
        offset: int | None = None,
        line: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reason: Reason = reason
        self.offset = offset
        self.line = line
        self.hint = hint

    def __str__(self) -> str:
        place = ""
        if self.line is not None:
            place = f" (line {self.line})"
        elif self.offset is not None:
            place = f" (byte {self.offset})"
        return f"{self.message}{place}" + (f" {self.hint}" if self.hint else "")

    def __reduce__(
        self,
    ) -> tuple[type[FormatError], tuple[str], dict[str, object]]:
        return (type(self), (self.message,), self.__dict__)

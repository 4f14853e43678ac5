"""What is done to one column: check it, or convert it.

A step takes a column and gives the converted one, or None where the values stay. It
raises `Odd` for rows that it leaves to pydantic and the rules.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, repeat
from operator import itemgetter
from typing import Any

from pydantic import BaseModel

from stravalib._models import rules, times
from stravalib._models.memo import remember
from stravalib._models.rules import Rule
from stravalib._models.shapes import LatLon
from stravalib._models.values import timezone_of

Column = Sequence[Any]
NONE = type(None)
PLAIN: dict[type[Rule], type[Any]] = {  # the attribute is the very value
    rules.Text: str,
    rules.Label: str,
    rules.Word: str,
    rules.Bool: bool,
    rules.Int: int,
    rules.Float: float,
    rules.Samples: list,
}
new = object.__new__
set_dict = BaseModel.__dict__["__dict__"].__set__
set_value = object.__setattr__
_DIGITS = dict.fromkeys(map(ord, "123456789"), "0")
_STAMP = "0000-00-00T00:00:00Z"
_WHOLE_DEGREES = {(float, int), (int, float), (int, int)}
_INT, _FLOAT, _LIST = frozenset((int,)), frozenset((float,)), frozenset((list,))
_TWO = frozenset((2,))
_first_19 = itemgetter(slice(19))
_is_whole = float.is_integer
_from_iso = dt.datetime.fromisoformat


class Odd(Exception):
    """Some records hold what a step does not expect; the rest can go on."""

    def __init__(self, rows: Iterable[int]) -> None:
        super().__init__()
        self.rows = frozenset(rows)


# Is given a column, and whether its values are nobody else's.
Step = Callable[[Column, bool], Column | None]


# Runs an iterator to its end in one loop of C, and keeps nothing of it.
consume: Callable[[Iterable[Any]], None] = deque(maxlen=0).extend


@remember(4096)
def step_of(kind: type[Rule]) -> Step | None:
    """Return the step for fields of a kind, None for the rarer ones."""
    if kind in PLAIN and not issubclass(kind, (rules.Int, rules.Float)):
        return _only(PLAIN[kind])
    if kind is rules.Zone:
        return mapped(str, timezone_of)
    if issubclass(kind, rules.Float):
        return _floats(kind.into)
    if issubclass(kind, rules.Int):
        return _whole(kind.into)
    if kind is times.Instant:
        return _stamps(local=False)
    if kind is times.Local:
        return _stamps(local=True)
    if kind is rules.Position:
        return _positions
    return None


def refuse(column: Column, *expected: type[Any]) -> None:
    """Raise for the rows whose value is of another type."""
    raise Odd(
        index for index, value in enumerate(column) if type(value) not in expected
    )


@remember()
def _only(kind: type[Any]) -> Step:
    allowed = {kind, NONE}

    def step(column: Column, own: bool) -> None:
        if not allowed.issuperset(map(type, column)):
            refuse(column, kind, NONE)

    return step


class _Labels(dict[str | None, str | None]):
    """One object per text; forgets all when there are many."""

    def __missing__(self, text: str) -> str:
        if len(text) <= 40:
            if len(self) > 4096:
                self.clear()
                self[None] = None
            self[text] = text
        return text


shared = _Labels({None: None}).__getitem__


def mapped(kind: type[Any], convert: Callable[[Any], Any]) -> Step:
    """Return a step that converts values of one type."""
    only, optional = frozenset((kind,)), frozenset((kind, NONE))

    def step(column: Column, own: bool) -> Column:
        if only.issuperset(map(type, column)):
            return list(map(convert, column))
        if not optional.issuperset(map(type, column)):
            refuse(column, kind, NONE)
        return [None if value is None else convert(value) for value in column]

    return step


@remember()
def _floats(into: type[float]) -> Step:
    limit = rules.EXACT

    def step(column: Column, own: bool) -> Column | None:
        if _FLOAT.issuperset(map(type, column)):
            return None if into is float else list(map(into, column))
        types = set(map(type, column))
        if types <= {float, NONE}:
            if into is float:
                return None
        elif not types <= {float, int, NONE}:
            refuse(column, float, int, NONE)
        elif int in types:
            large = [
                index
                for index, value in enumerate(column)
                if type(value) is int and not -limit < value < limit
            ]
            if large:
                raise Odd(large)
        return [None if value is None else into(value) for value in column]

    return step


@remember()
def _whole(into: type[int] | None) -> Step:
    limit = rules.EXACT

    def step(column: Column, own: bool) -> Column | None:
        if _INT.issuperset(map(type, column)):
            return None if into is None else list(map(into, column))
        types = set(map(type, column))
        if types <= {int, NONE}:
            if into is None:
                return None
            return [None if value is None else into(value) for value in column]
        if not types <= {int, float, NONE}:
            refuse(column, int, float, NONE)
        make: Callable[[Any], int] = into or int
        if types == {float} and all(map(_is_whole, column)):
            whole = list(map(make, column))
            if -limit < min(whole) and max(whole) < limit:
                return whole
        odd = [
            index
            for index, value in enumerate(column)
            if type(value) is float
            and not (value.is_integer() and -limit < value < limit)
        ]
        if odd:
            raise Odd(odd)
        return [None if value is None else make(value) for value in column]

    return step


@remember()
def _stamps(*, local: bool) -> Step:
    def step(column: Column, own: bool) -> Column:
        texts = column
        sparse = None in column
        if sparse:
            texts = [value for value in column if value is not None]
        try:
            shape = "".join(texts).translate(_DIGITS)
            if shape != _STAMP * len(texts):
                raise ValueError
            cut = map(_first_19, texts) if local else texts
            moments = list(map(_from_iso, cut))
        except (TypeError, ValueError):
            raise Odd(_bad_stamps(column)) from None
        if not sparse:
            return moments
        rest = iter(moments)
        return [None if value is None else next(rest) for value in column]

    return step


def _bad_stamps(column: Column) -> Iterable[int]:
    for index, value in enumerate(column):
        if value is None:
            continue
        try:
            if value.translate(_DIGITS) != _STAMP:
                raise ValueError
            _from_iso(value)
        except (AttributeError, TypeError, ValueError):
            yield index


class Positions(list[Any]):
    """A column of positions, and the rows where the position was ``[]``."""

    empty: list[int]


def _positions(column: Column, own: bool) -> Column:
    if (
        _LIST.issuperset(map(type, column))
        and _FLOAT.issuperset(map(type, chain.from_iterable(column)))
        and _TWO.issuperset(map(len, column))
    ):
        return _spots(column if own else list(map(list.copy, column)))
    if not {list, NONE}.issuperset(map(type, column)):
        refuse(column, list, NONE)
    limit = rules.EXACT
    pairs: list[list[float]] = []
    empty = []
    odd = []
    for index, value in enumerate(column):
        if value:
            if len(value) == 2:
                north, east = value
                kinds = type(north), type(east)
                if kinds == (float, float):
                    pairs.append([north, east])
                    continue
                if kinds in _WHOLE_DEGREES and max(abs(north), abs(east)) < limit:
                    pairs.append([float(north), float(east)])
                    continue
            odd.append(index)
        elif value is not None:
            empty.append(index)
    if odd:
        raise Odd(odd)
    rest = iter(_spots(pairs))
    found = Positions(next(rest) if value else None for value in column)
    found.empty = empty
    return found


def _spots(pairs: Sequence[list[float]]) -> list[LatLon]:
    spots = list(map(new, repeat(LatLon, len(pairs))))
    # Set one by one, attributes share their keys: a dictionary each is three times
    # as large.
    consume(map(set_value, spots, repeat("root"), pairs))
    return spots

"""The fast path for many records: field by field over all of them, not row by row.

Records of a page, or efforts of an activity, have the same keys in the same order.
Their values are turned into columns; a column of text is checked by one pass over its
types, a column of distances is converted by one ``map``. No step here decides
anything: a record with a value that a step does not expect goes to pydantic and the
rules, alone, and the others go on. What is built is equal to what pydantic builds.

Records that nobody else holds (``own``) become the models' own dictionaries; others are
copied. So no record is changed before it is certain that none of its group is odd.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain, repeat
from operator import itemgetter, or_
from sys import getsizeof
from typing import Any, NamedTuple

from pydantic import BaseModel

from stravalib._models import rules
from stravalib._models.base import SMALL, BoundClientEntity, Entity, Json, _set_client
from stravalib._models.fields import Field, Fields, fields_of, model_of
from stravalib._models.memo import remember
from stravalib._models.steps import (
    NONE,
    PLAIN,
    Column,
    Odd,
    Positions,
    Step,
    consume,
    mapped,
    new,
    refuse,
    set_dict,
    set_value,
    shared,
    step_of,
)

PlannedStep = tuple[int, str, Step]  # position, name of the field, what to do
Pick = Callable[[list[Column]], Iterable[Column]]


class Inner(NamedTuple):
    """What is done to a column of records, or of lists of them."""

    check: Callable[[Column], Any]  # raises Odd
    make: Callable[[Column, Any, bool], Column]


PlannedInner = tuple[int, str, Inner]
_FEW = 4  # fewer records than this are not worth a table
_RECORD = frozenset((dict,))
_RECORD_OR_NONE = frozenset((dict, NONE))
_LIST_OR_NONE = frozenset((list, NONE))
_MANY = 50  # in so many, texts that repeat are worth looking for
_set_names = BaseModel.__dict__["__pydantic_fields_set__"].__set__
_set_extra = BaseModel.__dict__["__pydantic_extra__"].__set__


class Plan(NamedTuple):
    """How records with the same keys are made."""

    plain: tuple[tuple[frozenset[type[Any]], Pick, tuple[PlannedStep, ...]], ...]
    steps: tuple[PlannedStep, ...]
    inner: tuple[PlannedInner, ...]
    bound: bool
    empty: dict[str, None]  # every field
    names: set[str]
    absent: dict[str, None]  # fields that were not sent
    unknown: tuple[str, ...]
    small: tuple[tuple[str, int | None], ...]  # name and position of each field
    labels: tuple[tuple[str, int], ...]


def build_rows(
    cls: type[Any], rows: list[Json], client: Any, *, own: bool = False
) -> list[Any]:
    """Make models of records; each must be a dictionary.

    With ``own`` the dictionaries are used up: the models may take them over.
    """
    if not _ours(cls):
        return [_alone(cls, row, client) for row in rows]
    if len(rows) >= _FEW:
        first = list(rows[0])
        if len(first) <= SMALL and set(map(len, rows)) == {len(first)}:
            try:
                columns: list[Column] = [
                    list(map(itemgetter(key), rows)) for key in first
                ]
            except KeyError:
                pass  # other keys
            else:
                return _same(cls, tuple(first), rows, client, own, columns)
        elif list(map(list, rows)).count(first) == len(rows):
            return _same(cls, tuple(first), rows, client, own)
    shapes: dict[tuple[str, ...], list[int]] = {}
    for index, row in enumerate(rows):
        shapes.setdefault(tuple(row), []).append(index)
    found: list[Any] = [None] * len(rows)
    for keys, where in shapes.items():
        group = [rows[index] for index in where]
        if len(group) < _FEW:
            made = [_alone(cls, row, client) for row in group]
        else:
            made = _same(cls, keys, group, client, own)
        for index, model in zip(where, made, strict=True):
            found[index] = model
    return found


def build_one(cls: type[Any], row: Json, client: Any, *, own: bool = False) -> Any:
    """Make a model of one record, and of the lists in it by columns."""
    lists: dict[str, list[Any]] = {}
    if _ours(cls):
        for kind, names in _lists(cls):
            together: list[Json] = []
            within = []
            for name in names:
                items = row.get(name)
                if (
                    type(items) is list
                    and items
                    and _RECORD.issuperset(map(type, items))
                ):
                    within.append((name, len(items)))
                    together += items
            if len(together) >= _FEW:
                made = build_rows(kind, together, client, own=own)
                start = 0
                for name, count in within:
                    lists[name] = made[start : start + count]
                    start += count
    if not lists:
        return _alone(cls, row, client)
    found = _alone(cls, {k: v for k, v in row.items() if k not in lists}, client)
    found.__dict__.update(lists)
    found.__pydantic_fields_set__.update(lists)
    return found


def _alone(cls: type[Any], row: Json, client: Any) -> Any:
    from stravalib._models.base import bind

    found = cls.model_validate(row)
    if client is not None:
        bind(found, client)
    return found


@remember()
def _ours(cls: type[Any]) -> bool:
    """Tell whether only this library has a say in how a class is made."""
    return issubclass(cls, Entity) and cls.__module__.startswith("stravalib.")


@remember()
def _lists(cls: type[Any]) -> tuple[tuple[type[Any], tuple[str, ...]], ...]:
    """Return the fields that are lists of records, by the class of these."""
    found: dict[type[Any], tuple[str, ...]] = {}
    for name, field in fields_of(cls).by_name.items():
        kind = model_of(cls, name)
        if isinstance(field.rule, rules.Many) and kind is not None and _ours(kind):
            found[kind] = (*found.get(kind, ()), name)
    return tuple(found.items())


def _same(
    cls: type[Any],
    keys: tuple[str, ...],
    rows: list[Json],
    client: Any,
    own: bool,
    columns: list[Column] | None = None,
) -> list[Any]:
    """Make models of records that have the same keys."""
    plan = _plan(cls, keys)
    if plan is None:
        return [_alone(cls, row, client) for row in rows]
    if columns is None:
        columns = list(zip(*map(dict.values, rows), strict=True))
    made: list[tuple[str, Column]] = []
    quirks: list[tuple[str, int]] = []
    steps = plan.steps
    many = len(rows) >= _MANY
    for allowed, pick, spare in plan.plain:
        if not allowed.issuperset(map(type, chain.from_iterable(pick(columns)))):
            steps = (*spare, *steps)  # look closer
    try:
        for position, name, step in steps:
            column = step(columns[position], own and not many)
            if column is not None:
                if type(column) is Positions:
                    quirks += [(name, row) for row in column.empty]
                made.append((name, column))
        for position, _, inner in plan.inner:
            inner.check(columns[position])
    except Odd as odd:
        return _without(cls, rows, client, own, odd.rows)
    for position, name, inner in plan.inner:
        made.append((name, inner.make(columns[position], client, own)))
    if many:
        for name, position in plan.labels:
            if columns[position].count(None) < len(rows):
                made.append((name, list(map(shared, columns[position]))))
    found = list(map(new, repeat(cls, len(rows))))
    consume(map(_set_names, found, repeat(plan.names)))
    if client is not None and plan.bound:
        consume(map(_set_client, found, repeat(client)))
    if plan.small and (many or not own):
        _fill(found, plan, columns, dict(made))
        return found
    records = _records(plan, rows, own)
    if made:
        _put(records, made)
    if many and own:
        _share_keys(records)
    consume(map(set_dict, found, records))
    if plan.unknown:
        for model, record in zip(found, records, strict=True):
            _set_extra(model, {key: record.pop(key) for key in plan.unknown})
    for name, index in quirks:
        model = found[index]
        del records[index][name]
        _set_extra(model, {**model.__pydantic_extra__, name: []})
    return found


def _fill(
    found: list[Any], plan: Plan, columns: list[Column], made: dict[str, Column]
) -> None:
    """Set the fields one by one: objects of one class then share their names.

    Beside a dictionary each that is a third of the memory, but slower for many fields.
    """
    for name, position in plan.small:
        if position is None:
            column: Iterable[Any] = repeat(None)
        else:
            column = values = made.get(name) or columns[position]
            if type(values[0]) is int and values.count(values[0]) == len(values):
                column = repeat(values[0])  # as an athlete's own id: one object
        consume(map(set_value, found, repeat(name), column))


def _records(plan: Plan, rows: list[Json], own: bool) -> list[Json]:
    """Return a dictionary for each row, with every field in it."""
    if 2 * len(plan.absent) > len(plan.names):
        return list(map(or_, repeat(plan.empty), rows))
    # To copy a dictionary is much faster than to fill one.
    records = rows if own else list(map(dict.copy, rows))
    if plan.absent:
        consume(map(dict.update, records, repeat(plan.absent)))
    return records


def _put(records: list[Json], columns: list[tuple[str, Column]]) -> None:
    """Put columns into records, four at a time: a loop costs more than its body."""
    whole = len(columns) - len(columns) % 4
    for at in range(0, whole, 4):
        (one, ones), (two, twos), (three, threes), (four, fours) = columns[at : at + 4]
        for record, first, second, third, fourth in zip(
            records, ones, twos, threes, fours, strict=True
        ):
            record[one] = first
            record[two] = second
            record[three] = third
            record[four] = fourth
    for name, column in columns[whole:]:
        for record, value in zip(records, column, strict=True):
            record[name] = value


def _share_keys(records: list[Json]) -> None:
    """Let records have the same text for a key.

    The decoder keeps keys in a table: of two keys that belong in one place of it, it
    makes a new text for each record.
    """
    one, two = records[:2]
    for mine, key in list(zip(one, two, strict=True)):
        if mine is key:
            continue
        size = getsizeof(two)
        two[mine] = two.pop(mine)
        if getsizeof(two) > size:  # no room for another entry
            break
        for record in records[2:]:
            record[mine] = record.pop(mine)


def _without(
    cls: type[Any],
    rows: list[Json],
    client: Any,
    own: bool,
    odd: frozenset[int],
) -> list[Any]:
    """Make the odd records one by one, and the others again together."""
    even = [row for index, row in enumerate(rows) if index not in odd]
    # Not `_same`: the columns of small records were made by key, whatever the order.
    made = iter(build_rows(cls, even, client, own=own))
    return [
        _alone(cls, row, client) if index in odd else next(made)
        for index, row in enumerate(rows)
    ]


@remember(4096)
def _plan(cls: type[Any], keys: tuple[str, ...]) -> Plan | None:
    """Decide the steps for a class and the keys of its records."""
    table = fields_of(cls)
    sent = set(keys)
    if not table.second.isdisjoint(sent):
        return None  # which key counts is for the slow path
    steps: list[PlannedStep] = []
    inner: list[PlannedInner] = []
    plain: dict[type[Any], list[PlannedStep]] = {}
    unknown = []
    labels = []
    for position, key in enumerate(keys):
        field = table.by_key.get(key) if key in table.own else None
        if field is None:
            unknown.append(key)
            continue
        if field.name != key:
            return None
        model = model_of(cls, field.name)
        if model is not None and _ours(model):
            many = isinstance(field.rule, rules.Many)
            found = _lists_of(model) if many else _records_of(model)
            inner.append((position, field.name, found))
            continue
        step = _step(cls, field, model)
        kind = PLAIN.get(type(field.rule))
        if kind is not None and field.item is None:
            plain.setdefault(kind, []).append((position, field.name, step))
        else:
            steps.append((position, field.name, step))
        if type(field.rule) in (rules.Label, rules.Word):
            labels.append((field.name, position))
    if any(not isinstance(key, str) for key in keys) or "bound_client" in sent:
        return None
    # Not `dict.fromkeys`, which leaves room for more: each record has a copy.
    empty: dict[str, None] = {name: None for name in table.by_name}  # noqa: C420
    checks = tuple(
        (frozenset((kind, NONE)), _pick([at for at, *_ in group]), tuple(group))
        for kind, group in plain.items()
    )
    absent: dict[str, None] = {name: None for name in empty if name not in sent}
    small: tuple[tuple[str, int | None], ...] = ()
    if len(empty) <= SMALL and not unknown and not _has_positions(table):
        at = {key: position for position, key in enumerate(keys)}
        small = tuple((name, at.get(name)) for name in empty)
    return Plan(
        plain=checks,
        steps=tuple(steps),
        inner=tuple(inner),
        bound=issubclass(cls, BoundClientEntity),
        empty=empty,
        names=sent,
        absent=absent,
        unknown=tuple(unknown),
        small=small,
        labels=tuple(labels),
    )


def _has_positions(table: Fields) -> bool:
    return any(
        isinstance(field.rule, rules.Position) for field in table.by_name.values()
    )


def _pick(positions: list[int]) -> Pick:
    """Return what takes some columns out of all of them."""
    if len(positions) == 1:
        only = positions[0]
        return lambda columns: (columns[only],)
    return itemgetter(*positions)


def _step(cls: type[Any], field: Field, model: type[Any] | None) -> Step:
    if model is not None:
        words = getattr(model, "_words", None)
        if words is not None and not isinstance(field.rule, rules.Many):
            return mapped(str, words())
    if field.item is None:
        found = step_of(type(field.rule))
        if found is not None:
            return found
    return _by_pydantic(cls, field)


@remember()
def _records_of(model: type[Any]) -> Inner:
    def check(column: Column) -> None:
        if not _RECORD_OR_NONE.issuperset(map(type, column)):
            refuse(column, dict, NONE)

    def make(column: Column, client: Any, own: bool) -> Column:
        if _RECORD.issuperset(map(type, column)):
            return build_rows(model, list(column), client, own=own)
        rows = [value for value in column if value is not None]
        rest = iter(build_rows(model, rows, client, own=own))
        return [None if value is None else next(rest) for value in column]

    return Inner(check, make)


@remember()
def _lists_of(model: type[Any]) -> Inner:
    def check(column: Column) -> None:
        if not _LIST_OR_NONE.issuperset(map(type, column)):
            refuse(column, list, NONE)
        rows = chain.from_iterable(filter(None, column))
        if not _RECORD.issuperset(map(type, rows)):
            raise Odd(
                index
                for index, value in enumerate(column)
                if value and not _RECORD.issuperset(map(type, value))
            )

    def make(column: Column, client: Any, own: bool) -> Column:
        rows = list(chain.from_iterable(filter(None, column)))
        rest = iter(build_rows(model, rows, client, own=own))
        return [
            None if value is None else [next(rest) for _ in value] for value in column
        ]

    return Inner(check, make)


@remember()
def _by_pydantic(cls: type[Any], field: Field) -> Step:
    """Give the values of a rarer field to pydantic, one by one."""

    def step(column: Column, own: bool) -> Column:
        found: list[Any] = []
        odd = []
        for index, value in enumerate(column):
            if value is None:
                found.append(None)
                continue
            model = cls.model_validate({field.key: value})
            if (
                field.name not in model.__dict__
                or model._residue
                or model.__pydantic_extra__
            ):
                odd.append(index)
            else:
                found.append(model.__dict__[field.name])
        if odd:
            raise Odd(odd)
        return found

    return step

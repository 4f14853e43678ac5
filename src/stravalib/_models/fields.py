"""A table of the fields of each model: keys, rules, what is nested."""

from __future__ import annotations

from dataclasses import dataclass
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import AliasChoices, BaseModel

from stravalib._models.memo import remember
from stravalib._models.rules import MISFIT, Fit, How, Many, Rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic.fields import FieldInfo

_missing = object()


class _Nested(Rule):
    """A field that holds a record of its own."""

    wanted = "an object"

    def fit(self, value: Any) -> Fit:
        """Nothing but an object becomes a record."""
        return MISFIT


class _Word(Rule):
    """A field that holds a word with a class of its own."""

    wanted = "a word"

    def fit(self, value: Any) -> Fit:
        """Nothing but text is a word."""
        return MISFIT


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a model."""

    name: str
    key: str  # what Strava calls it
    rule: Rule
    keys: tuple[str, ...]  # every key that it is read from
    known: bool  # ruled by this library, not added by a subclass of a user's
    item: Rule | None = None  # of a list's items

    def fit(self, value: Any) -> Fit:
        """Decide about a value that the fast path refused."""
        is_quirk = self.rule.is_quirk
        if is_quirk is not None and is_quirk(value):
            return Fit(None, How.QUIRK)
        return self.rule.fit(value)

    def back(self, value: Any) -> Any:
        """Return the JSON value of an attribute."""
        if value is None or self.rule.plain:
            return value
        return _back(self.item or self.rule, value)


# What JSON holds besides lists and objects: thousands of them in a stream.
_SIMPLE = frozenset({bool, int, float, str, type(None)})


def _back(rule: Rule, value: Any) -> Any:
    if isinstance(value, (list, tuple)) and _SIMPLE.issuperset(map(type, value)):
        return [rule.back(item) for item in value]
    if isinstance(value, BaseModel):
        raw = getattr(value, "raw", _missing)
        if raw is not _missing:
            return raw
        root = getattr(value, "root", None)
        if isinstance(root, (list, tuple)):
            return [_back(rule, item) for item in root]
        return root
    if isinstance(value, (list, tuple)):
        return [_back(rule, item) for item in value]
    if isinstance(value, dict):
        return dict(value)
    return rule.back(value)


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one model."""

    by_name: dict[str, Field]
    by_key: dict[str, Field]
    nested: tuple[str, ...]  # hold records, alone or in lists
    aliased: tuple[str, ...]  # can be read from more than one key
    own: frozenset[str]  # keys of which each belongs to one field
    second: frozenset[str]  # further keys of fields that have more than one


@remember()
def fields_of(entity: type[BaseModel]) -> Fields:
    """Return the table of a model."""
    by_name = {}
    by_key = {}
    nested = []
    aliased = []
    for name, info in entity.__pydantic_fields__.items():
        rule, models = _rule_of(info.annotation, info.metadata)
        alias = info.validation_alias or info.alias
        keys: tuple[str, ...] = (name,)
        key = name
        if isinstance(alias, AliasChoices):
            keys = tuple(choice for choice in alias.choices if isinstance(choice, str))
            if name not in keys:
                keys = (*keys, name)
        elif isinstance(alias, str):
            keys, key = (alias, name), alias
        if len(keys) > 1:
            aliased.append(name)
        field = Field(
            name, key, rule or Rule(), keys, rule is not None, _item_rule(info)
        )
        by_name[name] = by_key[key] = field
        if models:
            nested.append(name)
    own = frozenset(by_key)
    for name in aliased:
        for key in by_name[name].keys:
            by_key.setdefault(key, by_name[name])
    second = frozenset(
        key
        for name in aliased
        for key in by_name[name].keys
        if key != by_name[name].key
    )
    return Fields(by_name, by_key, tuple(nested), tuple(aliased), own, second)


def _rule_of(hint: Any, metadata: Sequence[Any] = ()) -> tuple[Rule | None, bool]:
    """Find the rule of an annotation, and whether records stand in it."""
    for note in metadata:
        if isinstance(note, Rule):
            return note, isinstance(note, Many) and _holds_records(hint)
    origin = get_origin(hint)
    if origin is Annotated:
        inner, *notes = get_args(hint)
        return _rule_of(inner, notes)
    if origin in (Union, UnionType):
        for option in get_args(hint):
            if option is not NoneType:
                return _rule_of(option)
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        from stravalib._models.base import Entity

        if issubclass(hint, Entity):
            return _Nested(), True
        if hint.__module__.startswith("stravalib."):
            return (_Word() if hasattr(hint, "known") else Many()), False
    return None, False


@remember()
def model_of(entity: type[BaseModel], name: str) -> type[BaseModel] | None:
    """Return the model that a field holds, alone or in a list."""
    return _model_in(entity.__pydantic_fields__[name].annotation)


def _model_in(hint: Any) -> type[BaseModel] | None:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return hint
    for part in get_args(hint):
        found = _model_in(part)
        if found is not None:
            return found
    return None


def _item_rule(info: FieldInfo) -> Rule | None:
    """Find the rule of the items of ``Annotated[Sequence[X], MANY] | None``."""
    for option in get_args(info.annotation):
        if get_origin(option) is Annotated:
            inner, *notes = get_args(option)
            items = get_args(inner)
            if len(items) == 1 and any(isinstance(note, Many) for note in notes):
                return _rule_of(items[0])[0]
    return None


def _holds_records(hint: Any) -> bool:
    from stravalib._models.base import Entity

    return any(
        isinstance(item, type) and issubclass(item, Entity) for item in get_args(hint)
    )

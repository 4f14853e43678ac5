"""The slow path: a record with a value that its field does not take."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from stravalib._models import base
from stravalib._models.drift import Renamed, Spare, report
from stravalib._models.fields import Field, Fields, fields_of
from stravalib._models.rules import SPELLING, Fit, How, Many

if TYPE_CHECKING:
    from collections.abc import Callable

_E = TypeVar("_E", bound="base.Entity")


def rescue(
    cls: type[_E],
    record: dict[str, Any],
    handler: Callable[[Any], _E],
    error: ValidationError,
) -> _E:
    """Make a model of a record that was refused; raise the refusal if it must stand.

    Fields that refuse their value are set aside, the rest is read again, and then
    each rule decides about its own. A strict reading gives up what its rules would
    not take as it is, or as another spelling of it.
    """
    table = fields_of(cls)
    strict = _is_strict(handler)
    aside: dict[str, Any] = {}
    while True:
        refused = _refused(error)
        if strict:
            refused = _spelled(cls, table, record, refused)
            if not refused:
                raise error
        for key in refused:
            field = _field_of(table, key)
            if field is None or key not in record:
                raise error
            aside[key] = record.pop(key)
        try:
            found = handler(record)
            break
        except ValidationError as again:
            error = again
    extra = found.__pydantic_extra__
    if extra is None:
        extra = {}
    if "bound_client" in extra:
        base.take_client(found, extra)
    values = vars(found)
    names = set(found.__pydantic_fields_set__)
    kept = dict(found._residue)
    for key, original in aside.items():
        field = _field_of(table, key)
        assert field is not None  # checked above
        fit = _fit(cls, field, original)
        if fit.how in (How.DRIFT, How.QUIRK):
            del values[field.name]
            extra[field.key] = original
            if fit.how is How.DRIFT:
                bad_item = isinstance(field.rule, Many) and isinstance(original, list)
                wanted = "a list of fitting items" if bad_item else field.rule.wanted
                report(cls, field.name, wanted, original)
        else:
            values[field.name] = fit.value
            if fit.how is How.BESIDE:
                kept[field.name] = original
        names.add(field.name)
    object.__setattr__(found, "__pydantic_extra__", extra)
    object.__setattr__(found, "__pydantic_fields_set__", names)
    if kept:
        base.set_residue(found, kept)
    return found


def _fit(cls: type[Any], field: Field, original: Any) -> Fit:
    if isinstance(field.rule, Many) and not isinstance(
        original, (str, bytes, list, dict, int, float, bool, type(None))
    ):
        try:  # a tuple, or another sequence of Python's own
            again = cls.model_validate({field.key: list(original)})
        except (TypeError, ValueError):
            return field.fit(original)
        if field.name in again.__dict__:
            return Fit(again.__dict__[field.name], How.KEPT)
    if field.item is not None and isinstance(original, list):
        fits = [field.item.fit(item) for item in original]
        if all(fit.how in (How.KEPT, How.BESIDE) for fit in fits):
            return Fit([fit.value for fit in fits], How.BESIDE)
    return field.fit(original)


def _spelled(
    cls: type[Any],
    table: Fields,
    record: dict[str, Any],
    refused: Mapping[str, set[str]],
) -> dict[str, set[str]]:
    """Return the refused keys whose value is right, but spelled in another way."""
    found = {}
    for key, kinds in refused.items():
        field = _field_of(table, key)
        if field is not None and key in record:
            how = _fit(cls, field, record[key]).how
            if how is How.QUIRK or (kinds == {SPELLING} and how is not How.DRIFT):
                found[key] = kinds
    return found


def _refused(error: ValidationError) -> dict[str, set[str]]:
    """Return the keys at which a record was refused, and the kinds of errors."""
    found: dict[str, set[str]] = {}
    for detail in error.errors(
        include_url=False, include_context=False, include_input=False
    ):
        where = detail["loc"]
        if not where or not isinstance(where[0], str):
            raise error
        found.setdefault(where[0], set()).add(detail["type"])
    return found


def _field_of(table: Fields, key: str) -> Field | None:
    """Return the field of a key, if the rules of this library are its rules."""
    field = table.by_key.get(key) or table.by_name.get(key)
    if field is None:
        for candidate in table.by_name.values():
            if key in candidate.keys:
                field = candidate
                break
    return field if field is not None and field.known else None


def _is_strict(handler: Callable[[Any], Any]) -> bool:
    """Tell whether a reading is strict: then only a dictionary is a record."""
    try:
        handler(MappingProxyType({}))
    except ValidationError as error:
        return any(not detail["loc"] for detail in error.errors())
    return False


def read_aliased(
    cls: type[_E], sent: Mapping[str, Any], handler: Callable[[Any], _E]
) -> _E:
    """Make a model with fields that are read from more than one key.

    A field's own key wins. A value that came under another key is read all the same,
    and `raw` gives it back under that key.
    """
    table = fields_of(cls)
    record = dict(sent)
    renamed: dict[str, str] = {}  # field -> the key it came under
    spare: dict[str, Any] = {}  # second keys of fields that were sent twice
    for name in table.aliased:
        field = table.by_name[name]
        others = [key for key in field.keys if key in sent and key != field.key]
        if not others:
            continue
        if field.key not in sent:
            renamed[name] = others[0]
            record[field.key] = sent[others[0]]
            others = [] if others[0] in table.own else others[:1]
        for key in others:
            if key not in table.own:
                value = record.pop(key)
                if key != renamed.get(name):
                    spare[key] = value
    try:
        found = handler(record)
    except ValidationError as error:
        found = rescue(cls, record, handler, error)
    extra = dict(found.__pydantic_extra__ or {})
    kept: dict[str, Any] = dict(found._residue)
    if "bound_client" in extra:
        base.take_client(found, extra)
    for name, key in renamed.items():
        own = table.by_name[name].key
        if own in extra:  # it drifted
            value = extra.pop(own)
            if key not in table.own:
                extra[key] = value
            else:
                vars(found)[name] = None
                kept[name] = Renamed(key)
        elif name not in kept:
            kept[name] = Renamed(key)
        else:
            kept[key] = Spare(kept.pop(name))
            kept[name] = Renamed(key)
    for key, value in spare.items():
        if key in table.by_name:
            kept[key] = Spare(value)
        else:
            extra[key] = value
    object.__setattr__(found, "__pydantic_extra__", extra)
    if kept:
        base.set_residue(found, kept)
    return found

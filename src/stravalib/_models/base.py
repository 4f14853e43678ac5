"""What every record of the API has in common: nothing that Strava sends is lost.

Any JSON object becomes a model. A field whose value is not what was meant reads as
None and is named in ``drift``; unknown fields are in ``model_extra``; ``raw`` gives
the record back as it was received.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from stravalib._models.doors import behind
from stravalib._models.drift import Renamed, Spare
from stravalib._models.fields import Field, fields_of
from stravalib._models.order import in_order, put_in_order
from stravalib._models.rules import How

if TYPE_CHECKING:
    from pydantic import ModelWrapValidatorHandler


Json = dict[str, Any]
_JSON = (str, int, float, bool, dict, list, type(None))


# Up to so many fields are kept without a dictionary of their own. Since 3.13 objects
# with slots have one all the same, with room for thirty names.
SMALL = 6 if sys.version_info < (3, 13) else 0
_set = object.__setattr__


class _Beside:
    """What few records have beside their fields; most do without this object."""

    __slots__ = ("meta", "residue")

    def __init__(self) -> None:
        self.meta: Any = None
        self.residue: dict[str, Any] = {}


class Entity(BaseModel):
    """A record of the API.

    Attributes hold their declared type or None, whatever was received.
    """

    __slots__ = ("_beside", "_bound_client")
    model_config = ConfigDict(extra="allow", protected_namespaces=())
    _shown: ClassVar[tuple[str, ...]] = ("id", "name")
    _aliased: ClassVar[bool] = False  # some field is read from more than one key

    if TYPE_CHECKING:
        _bound_client: Any
        _beside: _Beside | None

    @property
    def response_meta(self) -> Any:
        """What is known about the answer that this object came in, besides its body.

        A `ResponseMeta`: status, headers, rate state, attempts, elapsed seconds. None
        on the parts of another object, on rows of lists, copies and pickles.
        """
        beside = self._beside
        return None if beside is None else beside.meta

    @property
    def _residue(self) -> dict[str, Any]:
        """Originals that neither the fields nor `model_extra` have."""
        beside = self._beside
        return _NOTHING if beside is None else beside.residue

    @classmethod
    def __pydantic_init_subclass__(cls, **keywords: Any) -> None:
        super().__pydantic_init_subclass__(**keywords)
        if len(cls.__pydantic_fields__) <= SMALL:
            # The interpreter lets objects share the names of attributes that the
            # first one of their class was given: with them each is half as large.
            first = object.__new__(cls)
            for name in cls.__pydantic_fields__:
                _set(first, name, None)

    # -- reading ---------------------------------------------------------------

    @model_validator(mode="wrap")
    @classmethod
    def _guard(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if (
            cls._aliased
            and isinstance(value, Mapping)
            and not fields_of(cls).second.isdisjoint(value)
        ):
            from stravalib._models.rescue import read_aliased

            return read_aliased(cls, value, handler)
        try:
            found = handler(value)
        except ValidationError as error:
            if not isinstance(value, Mapping):
                raise
            from stravalib._models.rescue import rescue

            return rescue(cls, dict(value), handler, error)
        extra = found.__pydantic_extra__
        if extra and "bound_client" in extra and found is not value:
            take_client(found, extra)
        return found

    # -- what was received -----------------------------------------------------

    @property
    def raw(self) -> Json:
        """The record as it was received, value for value.

        It is rebuilt, and yours to change. After an attribute was assigned, it has
        the assigned value.
        """
        present = self.__pydantic_fields_set__
        table = fields_of(type(self)).by_name
        kept: Mapping[str, Any] = self._residue
        record: Json = {}
        for name, value in self.__dict__.items():
            if name not in present:
                continue
            field = table.get(name)
            if name in kept and not isinstance(kept[name], (Renamed, Spare)):
                record[field.key if field else name] = kept[name]
                continue
            key = field.key if field else name
            if isinstance(kept.get(name), Renamed):
                key = kept[name].key
                if key in table and key in present and key != name:
                    continue  # another field holds what was sent
            record[key] = field.back(value) if field else value
        if self.__pydantic_extra__:
            record.update(self.__pydantic_extra__)
        for name, value in kept.items():
            if isinstance(value, Spare):
                record[name] = value.value
        return record

    @property
    def drift(self) -> dict[str, Any]:
        """Fields whose value was not what was meant, with that value.

        The attribute is None, or the value that pydantic makes of it (``"12"`` for
        12). Empty for nearly every record. Nested records have their own.
        """
        extra = self.__pydantic_extra__
        if not extra:
            return {}
        table = fields_of(type(self)).by_key
        return {
            table[key].name: value
            for key, value in extra.items()
            if key in table and table[key].fit(value).how is not How.QUIRK
        }

    @property
    def model_extra(self) -> dict[str, Any] | None:
        """Fields that this release does not know, as they were received."""
        extra = self.__pydantic_extra__
        if extra is _NOTHING:
            extra = {}
            _set(self, "__pydantic_extra__", extra)
        elif extra:
            table = fields_of(type(self)).by_key
            if not table.keys().isdisjoint(extra):
                return {k: v for k, v in extra.items() if k not in table}
        return extra

    @property
    def model_fields_set(self) -> set[str]:
        """The names of the fields that were received or assigned."""
        return set(self.__pydantic_fields_set__)

    if not TYPE_CHECKING:  # else checkers would take every name for a field

        def __getattr__(self, name: str) -> Any:
            # Reached only by what has no value of its own: a field that drifted.
            if name[:1] == "_":
                if name in _UNSET:  # slots that are left empty, to save their filling
                    return _UNSET[name]
            else:
                field = fields_of(type(self)).by_name.get(name)
                if field is not None:
                    extra = self.__pydantic_extra__ or {}
                    for key in field.keys:
                        if key in extra:
                            return field.fit(extra[key]).value
                    return None
            return super().__getattr__(name)

    # -- dumping -----------------------------------------------------------------

    model_dump = in_order(BaseModel.model_dump)
    model_dump_json = in_order(BaseModel.model_dump_json)

    def __iter__(self) -> Generator[tuple[str, Any], None, None]:
        put_in_order(self)
        return super().__iter__()

    # -- changing and copying --------------------------------------------------

    if not TYPE_CHECKING:

        def __setattr__(self, name: str, value: Any) -> None:
            field = fields_of(type(self)).by_name.get(name)
            if field is not None:
                self._forget(field)
            elif name[:1] != "_" and self.__pydantic_extra__ is _NOTHING:
                _set(self, "__pydantic_extra__", {})
            super().__setattr__(name, value)

    def _forget(self, field: Field) -> None:
        """Drop what was received for a field that is assigned now."""
        if field.name not in self.__pydantic_fields_set__:
            names = self.__pydantic_fields_set__ | {field.name}
            _set(self, "__pydantic_fields_set__", names)  # may be shared: never add
        extra = self.__pydantic_extra__
        if extra and not extra.keys().isdisjoint(field.keys):
            rest = {k: v for k, v in extra.items() if k not in field.keys}
            _set(self, "__pydantic_extra__", rest)
        kept = self._residue
        if field.name in kept:
            set_residue(self, {k: v for k, v in kept.items() if k != field.name})

    def model_copy(
        self, *, update: Mapping[str, Any] | None = None, deep: bool = False
    ) -> Self:
        """Return a copy that keeps the client; see pydantic's own.

        Parameters
        ----------
        update
            Values to change. They are not checked.
        deep
            Copy what the fields hold, too.
        """
        copied = self.__deepcopy__() if deep else self.__copy__()
        for name, value in (update or {}).items():
            setattr(copied, name, value)
        return copied

    def __copy__(self) -> Self:
        copied = super().__copy__()
        if copied.__pydantic_extra__ is None:
            _set(copied, "__pydantic_extra__", {})
        return _carry(self, copied)

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return _carry(self, super().__deepcopy__(memo))

    def __getstate__(self) -> dict[Any, Any]:
        state = super().__getstate__()
        kept = self._residue
        return {**state, "_residue": dict(kept)} if kept else state

    def __setstate__(self, state: dict[Any, Any]) -> None:
        super().__setstate__(state)
        if "_residue" in state:
            set_residue(self, state["_residue"])

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        from stravalib._models.brief import shown_of

        return shown_of(self, self._shown)


class BoundClientEntity(Entity):
    """A record that remembers the client it came from, for its lazy properties.

    The client is not part of equality, ``repr``, dumps and pickles. Copies keep it;
    an unpickled record has none.
    """

    __slots__ = ()

    if TYPE_CHECKING:
        bound_client: Any = None  # a keyword of the constructor, too
    else:

        @property
        def bound_client(self) -> Any:
            """The client that fetched this record, or None."""
            return self._bound_client

        @bound_client.setter
        def bound_client(self, client: Any) -> None:
            _set_client(self, client)

    def _ask_about(self, method: str, **options: Any) -> Any:
        """Call a method of the bound client with the id of this record."""
        client = self._bound_client
        if client is None:
            raise _unbound(self, method)
        if _waits(client, method):
            raise _unbound(self, method, asynchronous=True)
        number = getattr(self, "id", None)
        return None if number is None else getattr(client, method)(number, **options)


# What lazy properties ask for that is no list.
_SINGLE = frozenset({"get_activity_zones", "get_athlete_stats", "get_segment"})
_NOTHING: dict[str, Any] = {}  # shared by records without unknown fields
_UNSET: dict[str, Any] = {
    "_bound_client": None,
    "_beside": None,
    "__pydantic_extra__": _NOTHING,
    "__pydantic_private__": None,
}
_set_client = Entity.__dict__["_bound_client"].__set__
_set_beside = Entity.__dict__["_beside"].__set__
_T = TypeVar("_T", bound=Entity)


def _beside_of(entity: Entity) -> _Beside:
    beside = entity._beside
    if beside is None:
        beside = _Beside()
        _set_beside(entity, beside)
    return beside


def set_response_meta(entity: Entity, meta: Any) -> None:
    """Keep what is known about the answer that a record came in."""
    _beside_of(entity).meta = meta


def set_residue(entity: Entity, residue: dict[str, Any]) -> None:
    """Keep originals that neither the fields nor `model_extra` have."""
    _beside_of(entity).residue = residue


def _carry(old: Entity, new: _T) -> _T:
    """Give a copy what lies beside the fields."""
    if old._bound_client is not None:
        _set_client(new, old._bound_client)
    if old._residue:
        set_residue(new, dict(old._residue))
    return new


def take_client(entity: Entity, extra: dict[str, Any]) -> None:
    """Bind a client that was given as the keyword ``bound_client``."""
    client = extra["bound_client"]
    if client is not None and isinstance(client, _JSON):
        return  # a field of that name that came over the wire
    del extra["bound_client"]
    entity.__pydantic_fields_set__.discard("bound_client")
    if client is not None:
        bind(entity, client)


def _waits(client: Any, method: str) -> bool:
    """Tell whether a method of a client has to be awaited."""
    from inspect import isasyncgenfunction, iscoroutinefunction

    if any(
        kind.__module__.startswith("stravalib._async") for kind in type(client).__mro__
    ):
        return True
    call = getattr(type(client), method, None)
    return iscoroutinefunction(call) or isasyncgenfunction(call)


def _unbound(entity: Entity, method: str, *, asynchronous: bool = False) -> Exception:
    from stravalib.exc import UnboundEntity

    kind = type(entity).__name__
    call = f"client.{method}({getattr(entity, 'id', None)!r})"
    wait = f"await {call}" if method in _SINGLE else f"async for item in {call}"
    if asynchronous:
        return UnboundEntity(
            f"A property cannot be awaited, and this {kind} is bound to an "
            f"AsyncClient. Write `{wait}` with it, or set `.bound_client` to a "
            f"`stravalib.Client`."
        )
    return UnboundEntity(
        f"Unable to fetch objects for unbound {type(entity)} entity: an AsyncClient "
        f"made it, no client did, or it was unpickled. Write `{call}`, with an "
        f"AsyncClient `{wait}`, or set `.bound_client` to a `stravalib.Client` first; "
        f"an AsyncClient cannot serve there."
    )


def bind(entity: Any, client: Any) -> None:
    """Bind a record, and those inside it, to a client."""
    _set_client(entity, client)
    values = entity.__dict__
    kind: type[BaseModel] = type(entity)
    for name in fields_of(kind).nested:
        value = values.get(name)
        if value is None:
            continue
        if isinstance(value, Entity):
            bind(value, client)
        elif isinstance(value, list):
            for item in value:
                bind(item, client)


behind("stravalib.model", BoundClientEntity)

"""Positions: a latitude and a longitude."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, overload

from pydantic import GetCoreSchemaHandler, RootModel
from pydantic_core import CoreSchema
from pydantic_core import core_schema as cs

from stravalib._models.doors import behind
from stravalib._models.rules import EXACT, POSITION, Many
from stravalib._models.values import check_valid_location


class _Pair(Many):
    """Exactly two numbers."""

    def schema(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Take lists and tuples."""
        number = cs.float_schema(strict=True, gt=-EXACT, lt=EXACT)
        return cs.list_schema(number, min_length=2, max_length=2)


class LatLon(RootModel[Annotated[Sequence[float], _Pair()]]):
    """A position in degrees, ``[latitude, longitude]``.

    It unpacks, and counts, like the pair: ``lat, lon = activity.start_latlng``.
    """

    @property
    def lat(self) -> float:
        """Degrees north."""
        return self.root[0]

    @property
    def lon(self) -> float:
        """Degrees east."""
        return self.root[1]

    @classmethod
    def check_valid_latlng(cls, values: Sequence[float]) -> list[float] | None:
        """Return the pair as a list; None for an empty one."""
        return check_valid_location(values)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            # Slots that are left empty, to save their filling.
            if name == "__pydantic_fields_set__":
                return {"root"}
            if name in ("__pydantic_extra__", "__pydantic_private__"):
                return None
            return super().__getattr__(name)

    def __iter__(self) -> Iterator[float]:  # type: ignore[override]  # as pydantic advises
        return iter(self.root)

    def __len__(self) -> int:
        return len(self.root)

    @overload
    def __getitem__(self, index: int) -> float: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[float]: ...
    def __getitem__(self, index: int | slice) -> float | Sequence[float]:
        return self.root[index]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self.root)!r})"


LatLng = LatLon
Spot = Annotated[LatLon, POSITION]
behind("stravalib.model", LatLon)

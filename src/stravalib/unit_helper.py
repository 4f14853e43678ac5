"""Convert distances, speeds, times and weights with pint.

Each name is a converter: ``miles(activity.distance)`` is a `pint.Quantity` in miles.
Pint is imported when a converter is first called. `stravalib.units` has plain
functions that return numbers and text and need no pint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from stravalib._models.values import Duration

if TYPE_CHECKING:
    from pint import Quantity, UnitRegistry
    from pint.facets.plain import PlainQuantity

    ureg: UnitRegistry[Any]

__all__ = [
    "UnitConverter",
    "c2f",
    "feet",
    "foot",
    "hour",
    "hours",
    "kg",
    "kgs",
    "kilogram",
    "kilograms",
    "kilometer",
    "kilometers",
    "kilometers_per_hour",
    "kph",
    "lb",
    "lbs",
    "meter",
    "meters",
    "meters_per_second",
    "mile",
    "miles",
    "miles_per_hour",
    "mph",
    "pound",
    "pounds",
    "second",
    "seconds",
]


class _Quantity(Protocol):
    """What knows its own unit: a `Distance` or a `Velocity`."""

    def quantity(self) -> Any:
        """Return the value as a quantity."""
        ...


class UnitConverter:
    """A function that expresses values in one unit.

    Parameters
    ----------
    unit
        A unit that pint knows, such as ``"mi"`` or ``"km/hour"``.
    """

    def __init__(self, unit: str) -> None:
        self.unit = unit

    def __call__(self, q: _Quantity | Quantity[float] | float) -> PlainQuantity[Any]:
        """Return the value in this unit.

        Parameters
        ----------
        q
            A `Distance`, `Velocity` or `Duration`, or a pint quantity, which are
            converted; or a plain number, which is taken to be in this unit already.

        Raises
        ------
        pint.DimensionalityError
            The value measures something else, such as a speed for a distance.
        TypeError
            Not a number.
        """
        from stravalib._pint import registry

        value: Any = q
        converted: PlainQuantity[Any]
        if isinstance(value, Duration):
            converted = registry().Quantity(value, "s").to(self.unit)
        elif hasattr(value, "quantity"):
            converted = value.quantity().to(self.unit)
        elif hasattr(value, "to"):
            converted = value.to(self.unit)
        elif value is None:
            raise TypeError(
                f"None cannot be expressed in {self.unit}: the value is missing; "
                "test for None first, or use stravalib.units, which passes it on."
            )
        else:
            converted = registry().Quantity(value, self.unit)
        return converted

    def __repr__(self) -> str:
        return f"UnitConverter({self.unit!r})"


meter = meters = UnitConverter("m")
second = seconds = UnitConverter("s")
hour = hours = UnitConverter("hour")
foot = feet = UnitConverter("ft")
mile = miles = UnitConverter("mi")
kilometer = kilometers = UnitConverter("km")
meters_per_second = UnitConverter("m/s")
miles_per_hour = mph = UnitConverter("mi/hour")
kilometers_per_hour = kph = UnitConverter("km/hour")
kilogram = kilograms = kg = kgs = UnitConverter("kg")
pound = pounds = lb = lbs = UnitConverter("lb")


def c2f(celsius: float) -> float:
    """Return degrees Fahrenheit for degrees Celsius."""
    return 9 / 5 * celsius + 32


def __getattr__(name: str) -> Any:
    if name == "ureg":
        from stravalib._pint import registry

        return registry()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

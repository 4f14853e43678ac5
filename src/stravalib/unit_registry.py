"""The pint registry of this library; pint is imported when it is first asked for.

``ureg`` is a `pint.UnitRegistry` of its own, so units that other code defines do not
change it; ``Q_`` is its quantity class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stravalib._pint import registry

if TYPE_CHECKING:
    from pint import UnitRegistry

    ureg: UnitRegistry[Any]
    # The class that pint builds for the registry; its stubs cannot name it.
    Q_: Any

__all__ = ["Q_", "ureg"]


def __getattr__(name: str) -> Any:
    if name == "ureg":
        value: Any = registry()
    elif name == "Q_":
        value = registry().Quantity
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

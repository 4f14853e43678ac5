"""How figures are shown to people."""

from __future__ import annotations

from typing import Any


def kilometres(metres: float) -> str:
    """Show metres as kilometres with two decimals."""
    return f"{metres / 1000:.2f}"


def metres(value: float) -> str:
    """Show whole metres."""
    return f"{value:.0f}"


def clock(seconds: float) -> str:
    """Show seconds as h:mm:ss."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"


def minute(value: Any) -> str:
    """Show a local time to the minute."""
    return f"{value:%Y-%m-%d %H:%M}"


def number(value: float) -> str:
    """Show a number without needless decimals."""
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"


def yes(value: bool) -> str:
    """Show a flag."""
    return "yes" if value else ""

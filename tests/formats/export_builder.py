"""Make bulk exports as Strava makes them: any layout, any language."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from stravalib._facts.bulk_export import ACTIVITY_COLUMNS, ACTIVITY_LABELS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DATES: dict[str, Callable[[datetime], str]] = {
    "en": lambda t: (
        f"{t:%b} {t.day}, {t.year}, {t.hour % 12 or 12}:{t:%M:%S} "
        f"{'PM' if t.hour > 11 else 'AM'}"
    ),
    "de": lambda t: f"{t:%d.%m.%Y, %H:%M:%S}",
    "fr": lambda t: f"{t.day} {FRENCH[t.month - 1]} {t.year}, {t:%H:%M:%S}",
    "nl": lambda t: f"{t.day} {DUTCH[t.month - 1]} {t.year}, {t:%H:%M:%S}",
    "xx": lambda t: f"{t.year}/{t:%m/%d %H:%M:%S}",
}
FRENCH = [
    *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
    *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
]
DUTCH = [
    *("jan", "feb", "mrt", "apr", "mei", "jun"),
    *("jul", "aug", "sep", "okt", "nov", "dec"),
]
SPORTS = {
    "en": ("Run", "Gravel Ride"),
    "de": ("Lauf", "Radfahrt"),
    "fr": ("Course à pied", "Vélo"),
    "nl": ("Hardloopsessie", "Fietsrit"),
    "xx": ("Kukimbia", "Baiskeli"),
}
START = datetime(2025, 8, 28, 15, 3, 44, tzinfo=UTC)


def invented_labels() -> tuple[str, ...]:
    """A language that nobody knows: only which labels are equal is right."""
    english = ACTIVITY_LABELS["en"]
    return tuple(f"Ŵord {english.index(label)}" for label in english)


def header(language: str, columns: int) -> list[str]:
    """The header of a layout: the first columns, and Media as the last one."""
    labels = invented_labels() if language == "xx" else ACTIVITY_LABELS[language]
    return [*labels[: columns - 1], labels[-1]]


def values(index: int, language: str) -> dict[str, str]:
    """The cells of an activity, by key."""
    comma = language != "en"
    when = START.replace(day=1 + index % 27, hour=8 + index % 12)
    kilometres = f"{9.44 + index:.2f}"
    return {
        "activity_id": str(12_000_000_000 + index),
        "activity_date": f'"{DATES[language](when)}"',
        "activity_name": f"Number {index}",
        "activity_type": SPORTS[language][index % 2],
        "activity_description": '""',
        "elapsed_time_display": str(3189 + index),
        "distance_display": (
            f'"{kilometres.replace(".", ",")}"' if comma else kilometres
        ),
        "max_heart_rate_display": "171.0",
        "relative_effort_display": "44.0",
        "commute_display": "true" if index % 3 == 0 else "false",
        "activity_private_note": '""',
        "activity_gear": "Old shoes",
        "filename": f"activities/{13_000_000_000 + index}.gpx.gz",
        "elapsed_time": f"{3189 + index}.0",
        "moving_time": "2070.0",
        "distance": f"{9440.25 + index * 1000}",
        "max_speed": "5.5",
        "average_speed": "4.56",
        "elevation_gain": "61.875",
        "max_heart_rate": "171.0",
        "average_heart_rate": "143.5",
        "calories": "262.0",
        "average_temperature": "17.0",
        "relative_effort": "44.0",
        "commute": "1.0" if index % 3 == 0 else "0.0",
        "from_upload": "1.0",
        "gear": "4598123.0",
        "flagged": "0.0",
        "average_elapsed_speed": "2.96",
        "total_steps": "3344.0",
        "timer_time": "2100.0",
        "competition": "1.0",
        "long_run": "0.0",
        "total_reps": "12.0",
        "media": '""',
    }


def row(language: str, columns: int, cells: dict[str, str]) -> str:
    """A line of activities.csv; cells are written as they are given."""
    keys = [*ACTIVITY_COLUMNS[: columns - 1], "media"]
    return ",".join(cells.get(key, "") for key in keys)


def activities_csv(
    language: str = "en",
    columns: int = 103,
    rows: list[dict[str, str]] | None = None,
) -> bytes:
    """Return activities.csv with the cells of `rows` (those of `values` if None)."""
    if rows is None:
        rows = [values(index, language) for index in range(5)]
    quoted = [
        f'"{label}"' if "," in label else label for label in header(language, columns)
    ]
    lines = [",".join(quoted), *(row(language, columns, cells) for cells in rows)]
    return ("\n".join(lines) + "\n").encode()


def make_zip(path: Path, files: dict[str, bytes], *, folder: str = "") -> Path:
    """Write a ZIP of `files`, below `folder` where given."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(folder + name, data)
    return path

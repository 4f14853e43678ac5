"""Values of the bulk export: dates, numbers, switches and sport names, any language."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from math import isfinite
from typing import Final

from stravalib._facts.bulk_export import MONTHS, SPORT_NAMES
from stravalib._facts.sports import SPORT_TYPES

_SPACES: Final = re.compile(r"[\s\u00a0\u2007\u202f\u2009]+")
_CLOCK: Final = re.compile(
    r"(?P<before>am|pm|a\. ?m\.|p\. ?m\.|午前|午後|上午|下午|오전|오후)? ?"
    r"(?P<hour>\d{1,2})[:.時时](?P<minute>\d{2})(?:[:.分](?P<second>\d{2}))?秒?"
    r"(?:\.\d+)? ?(?P<after>am|pm|a\. ?m\.|p\. ?m\.)?(?: ?(?:utc|gmt|z))?$",
    re.IGNORECASE,
)
_YEAR_FIRST: Final = re.compile(
    r"(\d{4}) ?[-/.年년] ?(\d{1,2}) ?[-/.月월] ?(\d{1,2}) ?[日일.]?"
)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})([./-]) ?(\d{1,2})\2 ?(\d{4})")
_DAY_WORD: Final = re.compile(r"(\d{1,2})\.? (?:de )?([^\W\d_]+)\.?,? (?:de )?(\d{4})")
_WORD_DAY: Final = re.compile(r"([^\W\d_]+)\.? (\d{1,2}),? (\d{4})")
_AFTERNOON: Final = frozenset(("pm", "p.m.", "午後", "下午", "오후"))
_MORNING: Final = frozenset(("am", "a.m.", "午前", "上午", "오전"))
_LONG_TEXT: Final = 100


def read_date(text: str | None) -> datetime | None:
    """Return a date of the export as aware UTC, or None.

    Known: the formats of all languages seen (``Aug 4, 2024, 7:35:04 PM``,
    ``24 Dec 2020, 08:13:59``, ``09.12.2022, 15:24:49``, ``2 de ene. de 2025,
    7:05:00``, ``2026年8月16日 09:01:41`` ...), ISO 8601, and dates without a time.
    Of ``8/4/2024`` the month comes first when the clock has AM or PM, else the day.
    """
    if text is None or len(text) > _LONG_TEXT:
        return None
    words = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    year = month = day = 0
    if found := _YEAR_FIRST.match(words):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.match(words):
        day, month, year = int(found[1]), int(found[3]), int(found[4])
        half = words[found.end() :].rstrip(" .").lower().endswith(("am", "pm"))
        if found[2] == "/" and (half or month > 12):
            day, month = month, day
    elif found := _DAY_WORD.match(words):
        day, month, year = int(found[1]), _month(found[2]), int(found[3])
    elif found := _WORD_DAY.match(words):
        month, day, year = _month(found[1]), int(found[2]), int(found[3])
    if found is None:
        return None
    clock = _clock(words[found.end() :].lstrip(" ,T"))
    if clock is None:
        return None
    try:
        return datetime(year, month, day, *clock, tzinfo=UTC)
    except ValueError:
        return None


def _month(word: str) -> int:
    return MONTHS.get(word.lower(), 0)


def _clock(text: str) -> tuple[int, int, int] | None:
    if not text:
        return (0, 0, 0)
    found = _CLOCK.match(text)
    if found is None:
        return None
    hour = int(found["hour"])
    half = (found["before"] or found["after"] or "").lower().replace(" ", "")
    if half in _AFTERNOON and hour < 12:
        hour += 12
    elif half in _MORNING and hour == 12:
        hour = 0
    return hour, int(found["minute"]), int(found["second"] or 0)


def machine_number(text: str | None) -> float | None:
    """Return a value of the machine columns: always a point, whatever the language."""
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        return display_number(text)
    return value if isfinite(value) else None


def display_number(text: str | None) -> float | None:
    """Return a number as people write it: ``9,44``, ``1,234.5``, ``1 234,5``."""
    if not text or len(text) > _LONG_TEXT:
        return None
    digits = _SPACES.sub("", text).replace("'", "").replace("’", "")
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0:
        mark = digits[last]
        other = "," if mark == "." else "."
        whole, part = digits[:last], digits[last + 1 :]
        # "1,234" counts thousands, "9,44" has decimals; so does "1.234" in a display
        grouping = len(part) == 3 and (mark == "," or other in whole or mark in whole)
        whole = whole.replace(",", "").replace(".", "")
        digits = whole + part if grouping else f"{whole}.{part}"
    try:
        value = float(digits)
    except ValueError:
        return None
    return value if isfinite(value) else None


def read_seconds(text: str | None) -> float | None:
    """Return seconds of ``1428`` or ``0:23:48``."""
    if text is not None and ":" in text:
        total = 0.0
        for part in text.split(":"):
            value = display_number(part)
            if value is None:
                return None
            total = total * 60 + value
        return total
    return display_number(text)


def read_switch(text: str | None) -> bool | None:
    """Return ``true``/``1.0`` as True, ``false``/``0.0`` as False, else None."""
    if not text:
        return None
    word = text.strip().lower()
    if word in ("true", "yes"):
        return True
    if word in ("false", "no"):
        return False
    value = machine_number(word)
    return None if value is None else value != 0


def read_sport(text: str | None) -> str | None:
    """Return the SportType of a display name in any known language, or None."""
    if not text or len(text) > _LONG_TEXT:
        return None
    folded = "".join(
        letter
        for letter in unicodedata.normalize("NFC", text).lower()
        if letter.isalnum()
    )
    return _BY_NAME.get(folded) or SPORT_NAMES.get(folded)


_BY_NAME: Final = {sport.lower(): sport for sport in SPORT_TYPES}

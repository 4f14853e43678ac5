"""Find out which column of activities.csv is which, in any language and layout."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from stravalib._facts.bulk_export import (
    ACTIVITY_COLUMNS,
    ACTIVITY_LABELS,
    ACTIVITY_LABELS_2019,
    ACTIVITY_LABELS_PARTIAL,
    ACTIVITY_MISSING_TRANSLATIONS,
)

# Columns of equal name. These pairs, and only these, are in every language.
_PAIRS_2021: Final = {(5, 15), (6, 17), (7, 30), (8, 37), (9, 50)}
_PAIRS_2020: Final = {(5, 13), (6, 15), (7, 35), (8, 48)}
_FIXED: Final = 85  # from here on, layouts differ
_KEYS_2020: Final = tuple(
    key
    for key in ACTIVITY_COLUMNS[:80]
    if key not in ("max_heart_rate_display", "activity_private_note")
)
_KEYS_2019: Final = tuple(ACTIVITY_LABELS_2019.values())
_RENAMED: Final = re.compile(r"^(.*)[._]\d{1,2}$", re.DOTALL)
_APOSTROPHES: Final = str.maketrans("’‘`´ʼ", "'''''")


def fold(label: str | None) -> str:
    """Return a label for comparison: NFC, straight apostrophes, single spaces."""
    words = unicodedata.normalize("NFC", label or "").translate(_APOSTROPHES)
    return " ".join(words.replace("\ufeff", "").split()).casefold()


def keys_of(header: list[str | None]) -> tuple[list[str], str]:
    """Return the key of each column, and how the layout was recognised.

    Columns that nobody knows are called ``column_N``. The second value is ``2019``,
    ``10 columns``, ``2020``, ``2021`` (by the signature of doubled names, with the
    tail by name or position) or ``names`` (by the dictionary alone).

    The list lacks ``activity_id`` when the header is not one of activities.csv.
    """
    labels = [_untranslated(label) for label in header]
    folded = _without_suffixes([fold(label) for label in labels])
    if folded[:4] == ["id", "date", "name", "type"]:
        return [
            ACTIVITY_LABELS_2019.get(label, f"column_{index}")
            for index, label in enumerate(folded)
        ], "2019"
    pairs = _pairs(folded)
    if pairs == _PAIRS_2021 and len(folded) >= _FIXED:
        return _unique(_by_signature(folded)), "2021"
    if pairs == _PAIRS_2020 and len(folded) >= len(_KEYS_2020):
        return _unique([*_KEYS_2020, *_tail(folded, len(_KEYS_2020))]), "2020"
    named = _by_name(folded)
    if "activity_id" not in named and len(folded) == 10 and not pairs:
        return list(_KEYS_2019), "10 columns"
    if len(folded) == 10 and named[:2] == ["activity_id", "activity_date"]:
        return list(_KEYS_2019), "10 columns"
    return _unique(named), "names"


def _by_signature(folded: list[str]) -> list[str]:
    keys = list(ACTIVITY_COLUMNS[:_FIXED])
    last = len(folded) - 1
    known = _by_name(folded)
    for index in range(_FIXED, len(folded)):
        if not known[index].startswith("column_"):
            keys.append(known[index])
        elif index == last:
            keys.append("media")
        elif index < len(ACTIVITY_COLUMNS) - 1:
            keys.append(ACTIVITY_COLUMNS[index])
        else:
            keys.append(f"column_{index}")
    return keys


def _tail(folded: list[str], begin: int) -> list[str]:
    return _by_name(folded)[begin:]


def _by_name(folded: list[str]) -> list[str]:
    """Look labels up in the language that knows most of them."""
    best: list[str] = [f"column_{index}" for index in range(len(folded))]
    most = 0
    for dictionary in _dictionaries():
        seen: dict[str, int] = {}
        keys = []
        for index, label in enumerate(folded):
            choices = dictionary.get(label, ())
            at = seen.get(label, 0)
            seen[label] = at + 1
            keys.append(choices[at] if at < len(choices) else f"column_{index}")
        known = sum(not key.startswith("column_") for key in keys)
        if known > most:
            best, most = keys, known
    # a doubled name that stands once has the machine value, if any
    if "distance" not in best and len(folded) > 10:
        best = _single_machine(best)
    return best


def _single_machine(keys: list[str]) -> list[str]:
    present = set(keys)
    return [
        key.removesuffix("_display")
        if key.endswith("_display") and key.removesuffix("_display") not in present
        else key
        for key in keys
    ]


def _dictionaries() -> list[dict[str, tuple[str, ...]]]:
    dictionaries = []
    for language, labels in ACTIVITY_LABELS.items():
        keys = [*ACTIVITY_COLUMNS[: len(labels) - 1], "media"]
        table: dict[str, tuple[str, ...]] = {}
        for label, key in zip(labels, keys, strict=True):
            table[fold(label)] = (*table.get(fold(label), ()), key)
        for label, key in ACTIVITY_LABELS_PARTIAL.get(language, {}).items():
            table.setdefault(fold(label), (key,))
        # keys themselves: untranslated labels have been cut down to them
        for key in ACTIVITY_COLUMNS:
            table.setdefault(key, (key,))
        dictionaries.append(table)
    for language, partial in ACTIVITY_LABELS_PARTIAL.items():
        if language in ACTIVITY_LABELS:
            continue
        table = {}
        for label, key in partial.items():
            display = f"{key}_display"
            doubled = (display, key) if display in ACTIVITY_COLUMNS else (key,)
            table[fold(label)] = doubled
        dictionaries.append(table)
    return dictionaries


def _untranslated(label: str | None) -> str | None:
    """Cut ``translation missing: en-GB.lib....start_time`` down to its last word."""
    if label is None or not label.lower().startswith("translation missing:"):
        return label
    word = label.rpartition(".")[2].strip()
    return ACTIVITY_MISSING_TRANSLATIONS.get(word, word)


def _without_suffixes(folded: list[str]) -> list[str]:
    """Take back ``distance.1`` and ``distance_1``, which other programs make."""
    known = set(folded)
    result = []
    for label in folded:
        found = _RENAMED.match(label)
        result.append(found[1] if found and found[1] in known else label)
    return result


def _pairs(folded: list[str]) -> set[tuple[int, int]]:
    first: dict[str, int] = {}
    pairs = set()
    for index, label in enumerate(folded):
        if not label:
            continue
        if label in first:
            pairs.add((first[label], index))
        else:
            first[label] = index
    return pairs


def _unique(keys: list[str]) -> list[str]:
    seen: set[str] = set()
    result = []
    for index, key in enumerate(keys):
        result.append(f"column_{index}" if key in seen else key)
        seen.add(key)
    return result

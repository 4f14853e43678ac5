"""Every recorded response parses, is written back whole, and survives damage."""

from __future__ import annotations

import json
from typing import Any

from model_mutations import check, check_page, mutated

from corpus import Recording, every_recording, needs_corpus, recordings
from stravalib import model, strava_model
from stravalib._models.build import build, build_list

pytestmark = needs_corpus


def kind(name: str) -> Any:
    return getattr(model, name, None) or getattr(strava_model, name)


@every_recording()
def test_every_record(recording: Recording) -> None:
    rows: dict[str, list[dict[str, Any]]] = {}
    for name, record in recording.records():
        check(kind(name), record)
        rows.setdefault(name, []).append(record)
    for name, records in rows.items():
        check_page(kind(name), records)
        check_page(kind(name), records * 5)
        for record in records:
            assert build(kind(name), record) == kind(name).model_validate(record)


def test_there_are_many() -> None:
    found = [record for item in recordings() for record in item.records()]
    assert len(found) > 390


def test_every_single_mutation() -> None:
    """All fields, all kinds of damage, once for each field of each shape."""
    seen: set[tuple[str, str]] = set()
    pages: dict[str, list[dict[str, Any]]] = {}
    for item in recordings():
        for name, record in item.records():
            if len(json.dumps(record)) > 5_000:
                continue  # the same shapes are in smaller records
            for what, changed in mutated(record):
                if (name, what) in seen:
                    continue
                seen.add((name, what))
                try:
                    check(kind(name), changed)
                except Exception as error:
                    raise AssertionError(f"{item.path}: {what}") from error
                page = pages.setdefault(name, [])
                if len(seen) % 23 == 0:
                    page.append(changed)
    for name, page in pages.items():
        if page:
            built = build_list(kind(name), page)
            assert [row.raw for row in built] == page
    assert len(seen) > 3000

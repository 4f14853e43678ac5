"""Where the recorded responses are, for tests that are skipped without them.

They lie beside the repository, in ``../shared/corpus``, and never inside it.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parents[1].parent / "shared" / "corpus"
needs_corpus = [
    pytest.mark.corpus,
    pytest.mark.skipif(
        not (FOLDER / "INDEX.tsv").exists(), reason="no ../shared/corpus"
    ),
]
# Payloads that 2.6 has no model for, by endpoint.
_NEW = {
    "club_events": "ClubEvent",
    "error": "Fault",
    "m_similar": "SimilarActivities",
    "upload": "Upload",
}


@dataclass(frozen=True)
class Recording:
    """One file of the index."""

    path: str
    endpoint: str
    model: str  # a name, "list[NAME]", or a shape in words

    def read(self) -> Any:
        """Return the decoded JSON."""
        return json.loads((FOLDER / self.path).read_bytes())

    def records(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the name of a model and a record, for each object in the file."""
        found = self.read()
        name = _NEW.get(self.endpoint, "") if self.model == "-" else self.model
        if name.startswith("{"):
            name, found = "SegmentExplorerResult", found["segments"]
        elif name.startswith("streams["):
            name = "Stream"
            if isinstance(found, dict):
                found = [item for item in found.values() if isinstance(item, dict)]
        elif name.startswith("list["):
            name = name[5:-1]
        if not name:
            return
        for record in found if isinstance(found, list) else [found]:
            if isinstance(record, dict):
                yield name, record


@cache
def recordings() -> tuple[Recording, ...]:
    """Return what the index lists; nothing where it is missing."""
    index = FOLDER / "INDEX.tsv"
    if not index.exists():
        return ()
    with index.open(newline="", encoding="utf-8") as lines:
        return tuple(
            Recording(row["path"], row["endpoint"], row["model"])
            for row in csv.DictReader(lines, delimiter="\t")
        )


def every_recording() -> pytest.MarkDecorator:
    """Parametrize a test over the files of the index, as ``recording``."""
    return pytest.mark.parametrize(
        "recording", [pytest.param(item, id=item.path) for item in recordings()]
    )

"""The archive's page names every column, view, part and exit code there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stravalib.archive import schema
from stravalib.archive.columns import COLUMNS
from stravalib.archive.parts import ALL_PARTS
from stravalib.archive.plan import EXIT_CODES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "archive.md").read_text(
    encoding="utf-8"
)
VIEWS = {
    name for step in schema.STEPS for name in re.findall(r"CREATE VIEW (\w+)", step.sql)
}


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_columns(column: object) -> None:
    assert re.search(rf"\| `{column.name}` \| .* \| {re.escape(column.unit)} \|", PAGE)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(VIEWS | set(ALL_PARTS)))
def test_views_and_parts(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_exit_codes() -> None:
    for code in set(EXIT_CODES.values()) - {1}:
        assert re.search(rf"\b{code} \w", PAGE)

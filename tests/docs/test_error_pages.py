"""Every error has its place in the documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from stravalib import exc
from stravalib._core.errors import judge

PAGE = Path(__file__).resolve().parents[2] / "docs" / "errors.md"
HEADINGS = {
    line.removeprefix("### ").strip()
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("### ")
}
ERRORS = sorted(set(exc.__all__) - {"ErrorDetail"})


@pytest.mark.parametrize("name", ERRORS)
def test_each_error_has_a_heading(name: str) -> None:
    assert name in HEADINGS


def test_no_heading_without_an_error() -> None:
    assert set(ERRORS) >= HEADINGS


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 429, 500])
def test_the_address_on_an_error_leads_to_a_heading(status: int) -> None:
    verdict = judge(status, None, None, "GET", "/athlete")
    assert verdict is not None
    page, _, anchor = verdict.details["docs"].partition("#")
    assert page == "docs/errors.md"
    assert anchor in {heading.lower() for heading in HEADINGS}


def test_every_error_is_in_the_drawn_tree() -> None:
    assert exc.__doc__ is not None
    missing = [name for name in ERRORS if name not in exc.__doc__]
    assert not missing

"""The local Strava against recorded answers and the published swagger."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
import requests
from fidelity import PAGE, SHARED, Report, compare
from fidelity_page import page
from fidelity_world import served

if TYPE_CHECKING:
    from asking import Asker

    from stravalib.emulator import LocalStrava

needs_shared = pytest.mark.skipif(
    not (SHARED / "corpus" / "INDEX.tsv").exists(), reason="no ../shared"
)


@pytest.fixture(scope="module")
def report() -> Report:
    return compare(served())


@needs_shared
@pytest.mark.corpus
def test_every_difference_has_a_reason(report: Report) -> None:
    lines = [f"{d.endpoint} {d.key}: {d.what}" for d in report.unexplained]
    assert lines == []
    agreed = sum(same for same, _ in report.counts.values())
    assert agreed > 500


@needs_shared
@pytest.mark.corpus
def test_page_is_up_to_date(report: Report) -> None:
    assert PAGE.read_text() == page(report), (
        "run: python tests/emulator/fidelity.py --write"
    )


@needs_shared
@pytest.mark.corpus
def test_recorded_error_body_is_reproduced(small: LocalStrava) -> None:
    folder = SHARED / "corpus" / "go.strava" / "error"
    recorded = json.loads((folder / "upload_create_unauthorized.json").read_text())
    served = requests.post(
        small.url + "/uploads",
        headers={"Authorization": f"Bearer {small.token('read')}"},
        timeout=5,
    ).json()
    # Scopes were renamed in 2018; everything else is to the letter.
    recorded["errors"][0]["field"] = "activity:" + recorded["errors"][0]["field"]
    assert served == recorded


def test_rate_headers_have_the_recorded_form(ask: Asker) -> None:
    headers = ask.get("/athlete").headers
    for name in ("X-RateLimit", "X-ReadRateLimit"):
        for part in ("Limit", "Usage"):
            assert re.fullmatch(r"\d+,\d+", headers[f"{name}-{part}"])
    assert headers["Content-Type"] == "application/json; charset=utf-8"

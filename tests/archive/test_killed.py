"""A short slice of ``tests/campaigns/kill_archive.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaigns.kill_archive import import_campaign, sync_campaign

if TYPE_CHECKING:
    from pathlib import Path


def test_killed_syncs_go_on(tmp_path: Path) -> None:
    report = sync_campaign(4, tmp_path, activities=15, seed=3)
    assert report.faults == []
    assert report.kills >= 4


def test_killed_imports_go_on(tmp_path: Path) -> None:
    report = import_campaign(4, tmp_path, activities=15, seed=3)
    assert report.faults == []
    assert report.kills >= 4

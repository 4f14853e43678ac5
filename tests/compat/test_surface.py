"""Every fact of the 2.6 surface holds."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

CHECK = Path(__file__).resolve().parents[3] / "shared/compat/check_surface.py"


@pytest.mark.corpus
@pytest.mark.skipif(not CHECK.exists(), reason="../shared is not there")
def test_surface_of_26() -> None:
    done = subprocess.run(
        [sys.executable, str(CHECK), "--all"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    last = done.stdout.strip().splitlines()[-1]
    counts = re.match(r"(\d+) of (\d+) facts", last)
    assert counts is not None, done.stdout + done.stderr
    assert counts[1] == counts[2], done.stdout
    assert int(counts[2]) > 2000
    assert done.returncode == 0

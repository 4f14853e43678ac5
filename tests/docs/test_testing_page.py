"""The tests that the guide shows pass when a user runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "testing.md"


def test_the_tests_of_the_guide_pass(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    wanted = len(re.findall(r"^ *(?:async )?def test_", code, re.MULTILINE))
    (tmp_path / "test_guide.py").write_text(code, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nasyncio_mode = auto\naddopts = -p no:cacheprovider\n"
    )
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("STRAVA_", "PYTEST_"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=tmp_path,
        env=environment,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert f"{wanted} passed" in done.stdout

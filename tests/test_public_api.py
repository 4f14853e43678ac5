"""The public interface is what tests/public_api.txt says."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

TOOL = Path(__file__).resolve().parent.parent / "tools" / "public_api.py"


@pytest.fixture(scope="module")
def tool() -> Any:
    spec = importlib.util.spec_from_file_location("public_api", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(
    sys.version_info[:2] != (3, 11), reason="n/a: signatures are written as 3.11 does"
)
def test_snapshot_is_true(tool: Any) -> None:
    changed = tool.difference()
    assert not changed, (
        f"the public interface has changed:\n{changed}\n\n"
        "If that is meant, run `python tools/public_api.py`, commit the snapshot, and "
        "say it in changelog.d."
    )


def test_snapshot_has_what_matters(tool: Any) -> None:
    text = tool.SNAPSHOT.read_text(encoding="utf-8")
    for line in (
        "stravalib.client",
        "  class Client(",
        "  class AsyncClient(",
        "    async get_athlete(",
        "    get_activities(",
        "  class DetailedActivity(",
        "  class RateLimited(Fault, RateLimitExceeded)",
    ):
        assert line in text, line


def test_lists_are_true(tool: Any) -> None:
    for name in tool.public_modules():
        module = importlib.import_module(name)
        listed = list(getattr(module, "__all__", ()))
        missing = [public for public in listed if not hasattr(module, public)]
        assert missing == [], f"{name} has no {missing}"


def test_public_classes_say_where_they_are_public(tool: Any) -> None:
    """Tracebacks, pickles and documentation show public paths."""
    modules = set(tool.public_modules())
    for name in modules:
        module = importlib.import_module(name)
        for public in getattr(module, "__all__", ()):
            value = getattr(module, public)
            if not isinstance(value, type):
                continue
            home = value.__module__
            if home.startswith("stravalib._"):
                pytest.fail(f"{name}.{public} says that it lives in {home}")

"""The arrows between the rooms point one way."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "src" / "stravalib"
DOORS = {
    "client",
    "protocol",
    "async_client",
    "model",
    "strava_model",
    "streams",
    "strength",
    "units",
    "unit_helper",
    "unit_registry",
    "util",
    "webhooks",
    "brand",
    "tokens",
    "limits",
}
CLIENT = {"_async", "_sync", "_transport", "_core", "_stores", "_models"} | DOORS

# room -> rooms of stravalib that it must not import
FORBIDDEN = {
    "_facts": CLIENT | {"exc", "emulator", "formats", "testing", "archive", "cli"},
    "_core": (DOORS - {"model", "strava_model"})
    | {"_async", "_sync", "_transport", "_stores"}
    | {"emulator", "formats", "testing", "archive", "cli"},
    "_models": {"_async", "_sync", "_transport", "_stores"}
    | {"client", "protocol", "async_client"}
    | {"emulator", "formats", "testing", "archive", "cli"},
    "_transport": {"_async", "_sync", "_models"}
    | {"emulator", "formats", "testing", "archive", "cli"},
    "_async": {"_sync", "emulator", "formats", "testing", "archive", "cli"},
    "_sync": {"_async", "emulator", "formats", "testing", "archive", "cli"},
    "formats": CLIENT | {"exc", "emulator", "testing", "archive", "cli"},
    "emulator": CLIENT | {"exc", "testing", "archive", "cli"},
    "archive": {"_async", "_sync", "_core", "_transport", "_stores"}
    | {"emulator", "testing", "cli"},
    "testing": {"archive", "cli"},
}
# Third-party modules that `_core` may name, inside functions: the JSON decoder.
CORE_MAY = {"msgspec", "orjson", "pydantic_core", "pydantic"}


def rooms_imported(path: Path) -> set[tuple[str, int]]:
    """Return the rooms of stravalib that a file imports, with line numbers."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            for child in node.body:
                typing_only.update(ast.walk(child))
    found = set()
    for node in ast.walk(tree):
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "stravalib" and len(parts) > 1:
                found.add((parts[1], node.lineno))
    return found


def files() -> list[tuple[str, Path]]:
    pairs = []
    for room in FORBIDDEN:
        pairs += [(room, path) for path in sorted((ROOT / room).rglob("*.py"))]
    return pairs


@pytest.mark.parametrize(
    ("room", "path"), files(), ids=lambda value: getattr(value, "name", value)
)
def test_no_room_imports_what_it_must_not(room: str, path: Path) -> None:
    wrong = {
        f"{path.relative_to(ROOT)}:{line} imports {other}"
        for other, line in rooms_imported(path)
        if other in FORBIDDEN[room]
    }
    assert not wrong


def test_core_needs_the_standard_library_only() -> None:
    import sys

    for path in sorted((ROOT / "_core").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                tops = {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                tops = {node.module.partition(".")[0]}
            else:
                continue
            tops -= {"stravalib", "pint", *CORE_MAY}
            assert tops <= sys.stdlib_module_names, f"{path.name}: {tops}"


def test_nothing_but_definitions_happens_at_import() -> None:
    """No module calls the logging configuration, warning filters or signals."""
    banned = {
        "basicConfig",
        "simplefilter",
        "filterwarnings",
        "signal.signal",
        "set_event_loop_policy",
    }
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            for child in ast.walk(node) if isinstance(node, ast.Expr) else ():
                if isinstance(child, ast.Call):
                    name = ast.unparse(child.func)
                    assert not any(name.endswith(word) for word in banned), path

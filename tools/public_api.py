"""Write down every public name with its signature, so that changes are seen.

    python tools/public_api.py          write tests/public_api.txt
    python tools/public_api.py --check  exit 1 where it differs, and print how

Public is what a public module lists in ``__all__``: its functions, and of its classes
the public members. What an optional library is missing for is an error: run it where
everything is installed.
"""

from __future__ import annotations

import contextlib
import difflib
import importlib
import inspect
import pkgutil
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = ROOT / "tests" / "public_api.txt"
# Rooms of their own, with command lines and pages instead of an interface in Python.
CLOSED = {"stravalib.cli"}
ADDRESS = re.compile(r" at 0x[0-9a-f]+")
# Methods that pydantic gives to every model.
INHERITED = {"pydantic.main", "pydantic.root_model"}


@cache
def public_modules() -> tuple[str, ...]:
    """Return the names of the modules that users may import."""
    package = importlib.import_module("stravalib")
    found = ["stravalib"]
    for info in pkgutil.walk_packages(package.__path__, "stravalib."):
        parts = info.name.split(".")
        if any(part.startswith("_") for part in parts):
            continue
        if any(
            info.name == room or info.name.startswith(f"{room}.") for room in CLOSED
        ):
            continue
        found.append(info.name)
    return tuple(sorted(found))


def exported(module: Any) -> list[str]:
    """Return the names that a module offers; none where it has no ``__all__``."""
    return sorted(getattr(module, "__all__", ()))


def describe(value: Any) -> str:
    """Write a signature, or the type of what is not callable."""
    try:
        return ADDRESS.sub("", str(inspect.signature(value)))
    except (TypeError, ValueError):
        return f": {type(value).__name__}"


def member_lines(cls: type[Any]) -> list[str]:
    """Describe the public members that a class adds to its bases."""
    lines = []
    fields = getattr(cls, "__pydantic_fields__", {})
    if not isinstance(fields, dict):
        fields = {}
    for name in sorted({*dir(cls), *fields}):
        if name.startswith("_") and name != "__init__":
            continue
        if name in fields:
            own = inspect.get_annotations(cls)
            if name in own:
                lines.append(f"    {name}: {shown_type(own[name])}")
            continue
        owner = next((kind for kind in cls.__mro__ if name in vars(kind)), None)
        # Mixins of private rooms belong to the class.
        if owner is None or (
            owner is not cls and not owner.__module__.startswith("stravalib._")
        ):
            continue
        member = inspect.getattr_static(cls, name)
        if getattr(member, "__module__", None) in INHERITED:
            continue  # wrapped here, described there
        if isinstance(member, property):
            lines.append(f"    {name}: property")
        elif isinstance(member, (classmethod, staticmethod)):
            lines.append(f"    {name}{describe(member.__func__)}")
        elif inspect.isfunction(member):
            prefix = "async " if inspect.iscoroutinefunction(member) else ""
            lines.append(f"    {prefix}{name}{describe(member)}")
        elif name != "__init__":
            lines.append(f"    {name}: {type(member).__name__}")
    return lines


def shown_type(hint: Any) -> str:
    """Write an annotation as short as it can be read."""
    text = hint if isinstance(hint, str) else inspect.formatannotation(hint)
    return ADDRESS.sub("", text)


def object_lines(module: str, name: str, value: Any) -> list[str]:
    """Describe one public object; one that lives elsewhere by its name only."""
    home = getattr(value, "__module__", module)
    if inspect.isclass(value) and home != module and home in public_modules():
        return [f"  class {name}: see {home}"]
    if inspect.isclass(value):
        bases = ", ".join(base.__name__ for base in value.__bases__)
        return [f"  class {name}({bases})", *member_lines(value)]
    if inspect.isfunction(value):
        prefix = "async " if inspect.iscoroutinefunction(value) else ""
        return [f"  {prefix}{name}{describe(value)}"]
    return [f"  {name}: {type(value).__name__}"]


def lines() -> list[str]:
    """Describe the whole public interface."""
    found = []
    for name in public_modules():
        module = importlib.import_module(name)
        names = exported(module)
        if not names:
            continue
        found.append(name)
        for public in names:
            found += object_lines(name, public, getattr(module, public))
        found.append("")
    return found


def difference() -> str:
    """Return what changed since the snapshot was written; nothing where it is true."""
    before = []
    with contextlib.suppress(FileNotFoundError):
        before = SNAPSHOT.read_text(encoding="utf-8").splitlines()
    return "\n".join(
        difflib.unified_diff(before, lines(), "snapshot", "now", lineterm="", n=1)
    )


def main(arguments: list[str]) -> int:
    """Write or check the snapshot."""
    if "--check" in arguments:
        changed = difference()
        if changed:
            print(changed)
            print("\nIf that is meant: python tools/public_api.py", file=sys.stderr)
        return bool(changed)
    SNAPSHOT.write_text("\n".join(lines()) + "\n", encoding="utf-8")
    print(f"wrote {SNAPSHOT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

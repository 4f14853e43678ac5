"""Links lead somewhere, and names of code in the guides exist."""

from __future__ import annotations

import inspect
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from stravalib import AsyncClient, Client

ROOT = Path(__file__).resolve().parents[2]
GUIDES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
PAGES = [*GUIDES, *sorted((ROOT / "docs" / "reference").glob("*.md"))]
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
# `stravalib.xyz` in prose, imports in code
NAME = re.compile(r"`(stravalib(?:\.\w+)+)(?:\(|`)")
IMPORT = re.compile(r"^\s*from (stravalib[\w.]*) import (.+)$", re.MULTILINE)
CALL = re.compile(r"`(?:client|Client|AsyncClient)\.(\w+)")
# Loggers and files, not modules.
LOGGERS = re.compile(
    r"stravalib\.(drift|retries|paging|archive|protocol\.\w+|client\.\w+|emulator|xyz)$"
)


@cache
def anchors(page: Path) -> frozenset[str]:
    """Return the anchors that a code host makes of the headings."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    made: dict[str, int] = {}
    found = set()
    for heading in HEADING.findall(text):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")
        count = made.get(slug, 0)
        made[slug] = count + 1
        found.add(f"{slug}-{count}" if count else slug)
    return frozenset(found)


def links(page: Path) -> list[str]:
    return LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8")))


def test_links_are_found() -> None:
    assert len(links(ROOT / "docs" / "index.md")) > 20
    assert "exit-codes" in anchors(ROOT / "docs" / "cli.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_dead_links(page: Path) -> None:
    dead = []
    for link in links(page):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (
            anchor and target.suffix == ".md" and anchor not in anchors(target)
        ):
            dead.append(link)
    assert dead == []


def test_every_guide_can_be_found() -> None:
    mapped = {
        (ROOT / "docs" / link.partition("#")[0]).resolve()
        for link in links(ROOT / "docs" / "index.md")
    }
    lost = [page.name for page in (ROOT / "docs").glob("*.md") if page not in mapped]
    assert sorted(lost) == ["index.md"]


def resolves(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            value = import_module(".".join(parts[:length]))
        except ImportError:
            continue
        for part in parts[length:]:
            fields = getattr(value, "model_fields", {})
            if not hasattr(value, part) and part not in fields:
                return False
            value = getattr(value, part, None)
        return True
    return False


def test_resolving_can_fail() -> None:
    assert resolves("stravalib.tokens.FileTokenStore")
    assert not resolves("stravalib.tokens.FieldTokenStore")
    assert not resolves("stravalib.nothing")


# The left column of these tables has another library's names.
FOREIGN = re.compile(r"^\| (stravaio) \|.*?\n\n", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", GUIDES, ids=lambda page: page.name)
def test_names_of_code_exist(page: Path) -> None:
    text = FOREIGN.sub("", page.read_text(encoding="utf-8"))
    unknown = [
        name
        for name in NAME.findall(text)
        if not LOGGERS.match(name) and not resolves(name)
    ]
    for module, names in IMPORT.findall(text):
        found = [f"{module}.{n}" for n in re.findall(r"\w+", names.partition("#")[0])]
        unknown += [name for name in found if not resolves(name)]
    methods = dict(inspect.getmembers(Client)) | dict(inspect.getmembers(AsyncClient))
    methods["protocol"] = None  # of the object, not of the class
    unknown += [f"client.{name}" for name in CALL.findall(text) if name not in methods]
    assert unknown == []


def test_defaults_of_the_limits_page() -> None:
    """The table of the guide has the defaults of both constructors."""
    text = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    table = text.split("## What a plain client does")[1].split("## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| `(.+?)` \|", table, re.MULTILINE))
    assert len(rows) == 8
    for kind in (Client, AsyncClient):
        parameters = inspect.signature(kind).parameters
        told = {name: repr(parameters[name].default) for name in rows}
        real = {name: eval(text) for name, text in rows.items()}
        assert told.keys() == rows.keys()
        assert {n: parameters[n].default for n in rows} == real, told

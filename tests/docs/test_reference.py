"""The generated reference is whole and not behind; every public name is described."""

from __future__ import annotations

import inspect
import re
import sys
import types
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from stravalib import AsyncClient, Client

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))

import reference

CALLABLE = (types.FunctionType, types.BuiltinFunctionType)


def test_pages_are_not_behind(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("click")
    assert reference.main(["--check"]) == 0, capsys.readouterr().out


def test_every_public_module_has_a_page() -> None:
    source = Path(reference.ROOT / "src" / "stravalib")
    found = {
        "stravalib." + path.stem
        for path in source.glob("*.py")
        if not path.stem.startswith("_")
    } | {
        "stravalib." + path.parent.name
        for path in source.glob("*/__init__.py")
        if not path.parent.name.startswith("_")
    }
    # `util` holds the limiter only; the command line has a page by command.
    assert found - set(reference.MODULES) == {"stravalib.cli", "stravalib.util"}


def described() -> list[Any]:
    """List (name, object) of all that the reference describes."""
    found: dict[str, Any] = {}
    for module in reference.MODULES:
        for name in reference.public_names(import_module(module)):
            value = getattr(import_module(module), name)
            if inspect.isclass(value):
                if value.__module__.partition(".")[0] != "stravalib":
                    continue
                found[f"{module}.{name}"] = value
                for member, inner in reference.members(value):
                    found[f"{module}.{name}.{member}"] = inner
            elif isinstance(value, CALLABLE):
                found[f"{module}.{name}"] = inspect.unwrap(value)
    return sorted(found.items())


def test_every_public_name_has_a_docstring() -> None:
    everything = described()
    assert len(everything) > 800
    assert [name for name, value in everything if not reference.own_doc(value)] == []


def client_methods(kind: type) -> list[Any]:
    return [
        (name, value)
        for name, value in reference.members(kind)
        if isinstance(value, types.FunctionType)
    ]


SPELLED = re.compile(
    r"\b(no requests?|one request|two requests|requests?\b.*(page|per|each|more))"
    r"|makes no request|\b(One|Two|Three) requests?\b|One request",
    re.IGNORECASE | re.DOTALL,
)
# They pass a call of the user's own on, or close.
GENERAL = {"get", "post", "put", "delete", "options", "close", "aclose", "from_env"}


@pytest.mark.parametrize("kind", [Client, AsyncClient], ids=lambda kind: kind.__name__)
def test_every_call_says_how_many_requests_it_makes(kind: type) -> None:
    methods = dict(client_methods(kind))
    assert len(methods) > 50
    silent = [
        name
        for name, value in methods.items()
        if name not in GENERAL and not SPELLED.search(reference.own_doc(value))
    ]
    assert silent == []


@pytest.mark.parametrize("kind", [Client, AsyncClient], ids=lambda kind: kind.__name__)
def test_every_call_leads_to_strava_s_reference(kind: type) -> None:
    lost = [
        name
        for name, value in client_methods(kind)
        if name not in GENERAL
        and "makes no request" not in reference.own_doc(value)
        and not re.search(
            r"https://(developers\.|www\.)?strava\.com/"
            r"|(does not|no\s+longer)\s+documents?\b",
            reference.own_doc(value),
        )
    ]
    assert lost == []


def test_every_parameter_of_the_clients_is_described() -> None:
    missing = []
    for kind in (Client, AsyncClient):
        for name, value in [("", kind), *client_methods(kind)]:
            text = reference.own_doc(value)
            if name:
                text = reference.with_usual_parameters(value, text)
            missing += [
                f"{kind.__name__}.{name}({parameter})"
                for parameter in inspect.signature(value).parameters
                if parameter not in ("self", "kwargs")
                and name not in GENERAL
                and not reference.is_named(parameter, text)
            ]
    assert missing == []

"""Write docs/reference from the docstrings of the public modules.

``python tools/reference.py`` writes the pages, ``--check`` tells which are behind.
"""

from __future__ import annotations

import argparse
import ast
import enum
import inspect
import itertools
import re
import sys
import textwrap
import types
import typing
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "reference"
NOTE = "<!-- Made by tools/reference.py from the docstrings; do not edit. -->"

MODULES = (
    "stravalib",
    "stravalib.client",
    "stravalib.async_client",
    "stravalib.oauth",
    "stravalib.tokens",
    "stravalib.limits",
    "stravalib.exc",
    "stravalib.model",
    "stravalib.strava_model",
    "stravalib.streams",
    "stravalib.strength",
    "stravalib.webhooks",
    "stravalib.units",
    "stravalib.unit_helper",
    "stravalib.unit_registry",
    "stravalib.brand",
    "stravalib.doctor",
    "stravalib.logs",
    "stravalib.protocol",
    "stravalib.util.limiter",
    "stravalib.archive",
    "stravalib.formats",
    "stravalib.testing",
    "stravalib.testing.plugin",
    "stravalib.emulator",
    "stravalib.emulator.world",
)
# Members of other libraries' base classes are not ours to describe.
FOREIGN = frozenset(
    {"abc", "builtins", "enum", "pint", "pydantic", "requests", "typing", "unittest"}
)
# What all models have is described once.
COMMON = "Entity"
# Parameters of the clients' methods that mean the same everywhere.
USUAL = {
    "activity_id": "Id of the activity.",
    "athlete_id": "Id of the athlete.",
    "client_id": "The application's id.",
    "client_secret": "The application's secret.",
    "club_id": "Id of the club.",
    "effort_id": "Id of the segment effort.",
    "gear_id": "Id of the gear, with its letter: `b1231`.",
    "limit": "The largest number of items; None or 0 for all.",
    "refresh_token": "The refresh token to use.",
    "resolution": "`low` (100 points), `medium` (1,000), `high` (10,000); None: all.",
    "route_id": "Id of the route.",
    "segment_id": "Id of the segment.",
    "series_type": "`distance` or `time`: what a lower resolution is even in.",
    "subscription_id": "Id of the subscription.",
    "types": "Types of streams; None for all.",
}
SECTIONS = ("Parameters", "Attributes", "Raises", "Returns", "Yields", "Notes")
ROLE = re.compile(r":\w+:`~?(?:[\w.]+\.)?(\w+)`")
URL = re.compile(r"(?<![<(\w`])(https?://[^\s)>`]+[^\s)>`.,;])")


# -- what there is ---------------------------------------------------------------------


def public_names(module: types.ModuleType) -> list[str]:
    """Return the names that a module offers, in the order of the alphabet."""
    names = getattr(module, "__all__", None)
    if names is None:
        names = [
            name
            for name, value in vars(module).items()
            if not name.startswith("_")
            and getattr(value, "__module__", None) == module.__name__
            and not name.startswith("pytest_")
        ]
    return sorted((n for n in names if not n.startswith("__")), key=str.lower)


def members(kind: type) -> Iterator[tuple[str, Any]]:
    """Give the public methods and properties of a class, inherited ones of ours too."""
    seen: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        if base.__module__.partition(".")[0] in FOREIGN:
            continue
        if base.__name__ == COMMON and base is not kind:
            continue
        seen |= {
            name: value
            for name, value in vars(base).items()
            if (not name.startswith("_") or name in ("__call__", "__iter__"))
            # Methods of pydantic that are wrapped here are described there.
            and str(getattr(value, "__module__", "")).partition(".")[0] not in FOREIGN
        }
    for name, value in sorted(seen.items()):
        if name.startswith("_") and not own_doc(value):
            continue
        if is_described(value) and not is_inherited(kind, name):
            yield name, value


def is_inherited(kind: type, name: str) -> bool:
    """Whether a public base of the same module or door describes the member."""
    return any(name in vars(base) for base in kind.__mro__[1:] if is_public_class(base))


def is_public_class(kind: type) -> bool:
    """Whether a class has a place of its own in the reference."""
    return (
        kind.__module__ in MODULES
        and not kind.__name__.startswith("_")
        and kind.__name__ in public_names(import_module(kind.__module__))
    )


def is_described(value: Any) -> bool:
    """Whether a member of a class is a method or a property."""
    return (
        isinstance(value, (property, staticmethod, classmethod, types.FunctionType))
        or inspect.ismethoddescriptor(value)
        or type(value).__name__ in ("cached_property", "lazy_property")
    )


# -- types and signatures --------------------------------------------------------------


def shown_type(value: Any) -> str:
    """Write a type as a reader would."""
    if isinstance(value, str):
        value = re.sub(r"^Annotated\[(\w+), .*\]$", r"\1", value)
        return re.sub(r"\b(?:[a-z_]\w*\.)+([A-Z]\w*)", r"\1", value)
    if isinstance(value, typing.ForwardRef):
        return shown_type(value.__forward_arg__)
    if value is type(None):
        return "None"
    origin = typing.get_origin(value)
    if origin is typing.Annotated:
        return shown_type(typing.get_args(value)[0])
    if origin in (typing.Union, types.UnionType):
        return " | ".join(shown_type(item) for item in typing.get_args(value))
    if origin is typing.Literal:
        return f"Literal[{', '.join(map(repr, typing.get_args(value)))}]"
    if origin is not None:
        inner = ", ".join(
            "..." if item is ... else shown_type(item)
            for item in typing.get_args(value)
        )
        return f"{getattr(origin, '__name__', origin)}[{inner}]"
    return getattr(value, "__name__", None) or str(value).rpartition(".")[2]


def signature(name: str, value: Any) -> str:
    """Write a signature, one parameter a line where it is long."""
    try:
        found = inspect.signature(value)
    except (TypeError, ValueError):
        return f"{name}(...)"
    parts: list[str] = []
    last: Any = None
    for parameter in found.parameters.values():
        if parameter.name in ("self", "cls"):
            continue
        kind = parameter.kind
        if last is parameter.POSITIONAL_ONLY and kind is not last:
            parts.append("/")
        if kind is parameter.KEYWORD_ONLY and last not in (
            parameter.KEYWORD_ONLY,
            parameter.VAR_POSITIONAL,
        ):
            parts.append("*")
        parts.append(_parameter(parameter))
        last = kind
    if last is inspect.Parameter.POSITIONAL_ONLY:
        parts.append("/")
    returned = ""
    if found.return_annotation is not found.empty and not inspect.isclass(value):
        returned = f" -> {shown_type(found.return_annotation)}"
    prefix = "async " if inspect.iscoroutinefunction(value) else ""
    line = f"{prefix}{name}({', '.join(parts)}){returned}"
    if len(line) <= 88:
        return line
    rows = "".join(f"    {part},\n" for part in parts)
    return f"{prefix}{name}(\n{rows}){returned}"


def _parameter(parameter: inspect.Parameter) -> str:
    text = parameter.name
    if parameter.kind is parameter.VAR_POSITIONAL:
        text = f"*{text}"
    elif parameter.kind is parameter.VAR_KEYWORD:
        text = f"**{text}"
    if parameter.annotation is not parameter.empty:
        text += f": {shown_type(parameter.annotation)}"
    if parameter.default is not parameter.empty:
        equals = " = " if ":" in text else "="
        text += equals + _default(parameter.default)
    return text


def _default(value: Any) -> str:
    if isinstance(value, types.FunctionType | types.BuiltinFunctionType | type):
        return str(value.__name__)
    text = repr(value)
    return "..." if text.startswith("<") or len(text) > 60 else text


# -- docstrings ------------------------------------------------------------------------


def own_doc(value: Any) -> str:
    """Return the docstring of an object itself, never of its class or base."""
    if isinstance(value, (staticmethod, classmethod)):
        value = value.__func__
    text = getattr(value, "__doc__", None)
    if inspect.isclass(value):
        text = vars(value).get("__doc__")
        # What dataclass and NamedTuple make by themselves says nothing.
        if text and text.startswith(f"{value.__name__}("):
            text = None
    return inspect.cleandoc(text) if isinstance(text, str) else ""


def markdown(text: str) -> str:
    """Turn a NumPy docstring into Markdown."""
    lines = text.splitlines()
    out: list[str] = []
    place = 0
    section = ""
    while place < len(lines):
        line = lines[place]
        under = lines[place + 1] if place + 1 < len(lines) else ""
        if line.strip() and re.fullmatch(r"-{3,}", under.strip()):
            section = line.strip()
            out += ["", f"**{section}**", ""]
            place += 2
            continue
        if section == "Examples" or line.lstrip().startswith(">>>"):
            block, place = _block(lines, place)
            out += ["```pycon", *block, "```", ""]
            continue
        if section in SECTIONS[:-1] and line and not line[0].isspace():
            name, _, kind = line.partition(" : ")
            names = ", ".join(f"`{part.strip()}`" for part in name.split(","))
            body, place = _indented(lines, place + 1)
            shown = f" ({kind})" if kind else ""
            if " " in name and "," not in name:  # prose where a name was expected
                names = name
            out.append(f"- {names}{shown}{': ' if body else ''}{_inline(body)}")
            continue
        if line.endswith("::") and not section:
            block, place = _indented_block(lines, place + 1)
            out += [_inline(line[:-1]), "", "```", *block, "```", ""]
            continue
        out.append(_inline(line))
        place += 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).strip()


def _block(lines: list[str], place: int) -> tuple[list[str], int]:
    block = []
    while place < len(lines) and lines[place].strip():
        block.append(lines[place].replace("  # doctest: +SKIP", ""))
        place += 1
    while place < len(lines) and not lines[place].strip():
        place += 1
    return block, place


def _indented(lines: list[str], place: int) -> tuple[str, int]:
    words = []
    while place < len(lines) and (not lines[place] or lines[place][0].isspace()):
        words.append(lines[place].strip())
        place += 1
    return " ".join(filter(None, words)), place


def _indented_block(lines: list[str], place: int) -> tuple[list[str], int]:
    block = []
    while place < len(lines) and (not lines[place] or lines[place][0].isspace()):
        block.append(lines[place])
        place += 1
    return textwrap.dedent("\n".join(block)).strip("\n").splitlines(), place


def _inline(text: str) -> str:
    text = ROLE.sub(r"`\1`", text).replace("``", "`")
    return URL.sub(r"<\1>", text)


def attribute_docs(kind: type) -> dict[str, str]:
    """Return the texts that stand below the fields of a class."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    except (OSError, TypeError, SyntaxError):
        return {}
    found = {}
    body = tree.body if isinstance(tree, ast.ClassDef) else []
    for before, after in itertools.pairwise(body):
        target: ast.expr | None = None
        if isinstance(before, ast.AnnAssign):
            target = before.target
        elif isinstance(before, ast.Assign):
            target = before.targets[0]
        if (
            isinstance(target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
            and isinstance(after.value.value, str)
        ):
            found[target.id] = " ".join(after.value.value.split())
    return found


# -- pages -----------------------------------------------------------------------------


def class_page(name: str, kind: type) -> list[str]:
    """Describe a class with its fields, methods and properties."""
    bases = [
        shown_type(base)
        for base in kind.__bases__
        if base is not object
        and not base.__module__.startswith(("stravalib._async", "stravalib._sync"))
    ]
    out = [f"## {name}", ""]
    out += ["```python", f"class {_class_signature(name, kind)}", "```", ""]
    public = [base for base in bases if not base.startswith("_")]
    if public and public != ["NamedTuple", "tuple"] and public != ["tuple"]:
        out += [f"Base: {', '.join(f'`{base}`' for base in public)}.", ""]
    out += [markdown(own_doc(kind)), "", *_fields(kind)]
    for member, value in members(kind):
        out += _member(name, member, value)
    return out


def _class_signature(name: str, kind: type) -> str:
    if hasattr(kind, "model_fields") or issubclass(kind, enum.Enum):
        return f"{name}"
    if kind.__init__ in (object.__init__, Exception.__init__) and not hasattr(
        kind, "_fields"
    ):
        return name
    if issubclass(kind, (BaseException, dict)) or getattr(kind, "_is_protocol", False):
        return name
    return signature(name, kind)


def _fields(kind: type) -> list[str]:
    texts = attribute_docs(kind)
    rows: list[tuple[str, str, str]] = []
    if hasattr(kind, "model_fields"):
        for field, about in kind.model_fields.items():
            if not is_inherited_field(kind, field):
                rows.append((field, shown_type(about.annotation), texts.get(field, "")))
    elif issubclass(kind, enum.Enum):
        rows = [(e.name, repr(e.value), texts.get(e.name, "")) for e in kind]
    elif texts:
        notes = vars(kind).get("__annotations__", {})
        rows = [(f, shown_type(notes.get(f, "")), text) for f, text in texts.items()]
    if not rows:
        return []
    head = "value" if issubclass(kind, enum.Enum) else "type"
    out = [f"| name | {head} | |", "|---|---|---|"]
    for name, type_, text in rows:
        cells = f"`{type_}`".replace("|", "\\|") if type_ else ""
        out.append(
            f"| `{name}` | {cells} | {_inline(text).replace('|', chr(92) + '|')} |"
        )
    return [*out, ""]


def is_inherited_field(kind: type, field: str) -> bool:
    """Whether a public base describes the field with the same type."""
    return field not in vars(kind).get("__annotations__", {}) and any(
        field in getattr(base, "model_fields", {})
        for base in kind.__mro__[1:]
        if is_public_class(base)
    )


def _member(owner: str, name: str, value: Any) -> list[str]:
    out = [f"### {owner}.{name}", ""]
    if isinstance(value, (staticmethod, classmethod)):
        out += ["```python", signature(name, value.__func__), "```", ""]
    elif isinstance(value, types.FunctionType):
        out += ["```python", signature(name, value), "```", ""]
    else:
        getter = getattr(value, "fget", None) or getattr(value, "func", None)
        notes = getattr(getter, "__annotations__", {})
        kind = shown_type(notes["return"]) if "return" in notes else ""
        out += [f"Property{f': `{kind}`' if kind else ''}.", ""]
    text = own_doc(value)
    return [*out, markdown(with_usual_parameters(value, text)), ""]


def with_usual_parameters(value: Any, text: str) -> str:
    """Add the parameters that the docstring leaves out because all know them."""
    if not isinstance(value, types.FunctionType) or not hasattr(value, "__globals__"):
        return text
    if not value.__module__.startswith(("stravalib._sync", "stravalib._async")):
        return text
    added = [
        f"{name}\n    {USUAL[name]}"
        for name in inspect.signature(value).parameters
        if name in USUAL and not is_named(name, text)
    ]
    if not added:
        return text
    rows = "\n".join(added)
    head = "Parameters\n----------\n"
    if head in text:
        return text.replace(head, f"{head}{rows}\n")
    first = re.search(r"^(Raises\n-{3,}|See https?://)", text, re.MULTILINE)
    place = first.start() if first else len(text)
    return f"{text[:place].rstrip()}\n\n{head}{rows}\n\n{text[place:]}"


def is_named(parameter: str, text: str) -> bool:
    """Whether a docstring says what a parameter is."""
    return re.search(rf"^(\w+, )*{parameter}(, \w+)*$", text, re.MULTILINE) is not None


def module_page(name: str) -> str:
    """Write the page of a module."""
    module = import_module(name)
    out = [NOTE, "", f"# {name}", "", markdown(own_doc(module)), ""]
    if name in ("stravalib.model", "stravalib.strava_model"):
        out += common_page()
    for public in public_names(module):
        value = getattr(module, public)
        home = getattr(value, "__module__", name)
        if inspect.isclass(value) and home != name and is_public_class(value):
            real = value.__name__
            page = f"{page_name(home)}#{real.lower()}"
            out += [f"## {public}", "", f"See [{home}.{real}]({page}).", ""]
        elif inspect.isclass(value):
            out += class_page(public, value)
        elif callable(value) and hasattr(value, "__name__"):
            if name == "stravalib" and home in MODULES and home != name:
                page = f"{page_name(home)}#{public.lower()}"
                out += [f"## {public}", "", f"See [{home}.{public}]({page}).", ""]
                continue
            inner = inspect.unwrap(value)
            out += [f"## {public}", "", "```python", signature(public, inner), "```"]
            out += ["", markdown(own_doc(value)), ""]
        else:
            texts = module_texts(module)
            out += [f"## {public}", "", f"`{public}`: `{shown_value(value)}`.", ""]
            out += [_inline(texts.get(public, "")), ""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).rstrip() + "\n"


def common_page() -> list[str]:
    """Describe what every model has."""
    from stravalib._models.base import Entity

    out = ["## Every model", "", "Besides what pydantic's models have:", ""]
    for member, value in members(Entity):
        out += [
            line.replace(f"{COMMON}.", "") for line in _member(COMMON, member, value)
        ]
    return out


def module_texts(module: types.ModuleType) -> dict[str, str]:
    """Return the texts below the constants of a module."""
    tree = ast.parse(inspect.getsource(module))
    found = {}
    for before, after in itertools.pairwise(tree.body):
        if (
            isinstance(before, (ast.Assign, ast.AnnAssign))
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
            and isinstance(after.value.value, str)
        ):
            target = (
                before.target
                if isinstance(before, ast.AnnAssign)
                else before.targets[0]
            )
            if isinstance(target, ast.Name):
                found[target.id] = " ".join(after.value.value.split())
    return found


def shown_value(value: Any) -> str:
    """Write a constant; what is long or an object by its type."""
    if isinstance(value, (str, int, float, tuple, frozenset)) and len(repr(value)) < 70:
        return repr(value)
    if typing.get_origin(value) is not None:
        return shown_type(value)
    return type(value).__name__


def command_page() -> str:
    """Write the page of the command line."""
    import click

    from stravalib.cli.app import COMMANDS, group

    out = [NOTE, "", "# The command line", "", "See [the guide](../cli.md).", ""]
    names = group.context_settings["help_option_names"]
    context = click.Context(group, info_name="stravalib", help_option_names=names)
    out += _command("stravalib", group, context, [])
    for name in COMMANDS:
        command = group.get_command(context, name)
        if command is not None:
            out += _command(f"stravalib {name}", command, context, [])
            for inner, below in getattr(command, "commands", {}).items():
                out += _command(f"stravalib {name} {inner}", below, context, [])
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out)).rstrip() + "\n"


def _command(name: str, command: Any, parent: Any, out: list[str]) -> list[str]:
    import click

    text = inspect.cleandoc(command.help or "")
    blocks = []
    for block in text.split("\n\n"):
        if block.startswith("\b"):
            code = textwrap.dedent("\n".join(block.splitlines()[1:]))
            blocks.append(f"```\n{code}\n```")
        else:
            blocks.append(_inline(block))
    context = click.Context(
        command, info_name=name, help_option_names=parent.help_option_names
    )
    usage = " ".join(command.collect_usage_pieces(context))
    out = [f"## {name}", "", f"`{name} {usage}`", "", "\n\n".join(blocks), ""]
    rows = [
        record
        for parameter in command.get_params(context)
        if (record := parameter.get_help_record(context)) is not None
    ]
    if rows:
        out += ["| option | |", "|---|---|"]
        for option, text in rows:
            cell = option.replace("|", "\\|")
            out.append(f"| `{cell}` | {text.replace('|', chr(92) + '|')} |")
        out.append("")
    return out


def index_page() -> str:
    """Write the list of all pages."""
    out = [NOTE, "", "# Reference", "", "One page a module. The guides are "]
    out[-1] += "[here](../index.md).\n"
    out += ["| module | |", "|---|---|"]
    for name in MODULES:
        first = own_doc(import_module(name)).splitlines()[0]
        out.append(f"| [{name}]({page_name(name)}) | {_inline(first)} |")
    out.append("| [the command line](cli.md) | Every command and option. |")
    return "\n".join(out) + "\n"


def page_name(module: str) -> str:
    """Return the file of a module's page."""
    return (module.removeprefix("stravalib.") or module) + ".md"


def pages() -> dict[str, str]:
    """Make all pages, by the name of their file."""
    for name in MODULES:
        import_module(name)  # a door that is loaded gives its names their module
    found = {page_name(name): module_page(name) for name in MODULES}
    found["cli.md"] = command_page()
    found["index.md"] = index_page()
    return found


def main(arguments: list[str] | None = None) -> int:
    """Write the pages, or tell which are behind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args(arguments).check
    made = pages()
    behind = [
        name
        for name, text in made.items()
        if not (FOLDER / name).exists()
        or (FOLDER / name).read_text(encoding="utf-8") != text
    ]
    extra = [p.name for p in FOLDER.glob("*.md") if p.name not in made]
    if check:
        for name in sorted(behind + extra):
            print(f"docs/reference/{name} is behind: run python tools/reference.py")
        return 1 if behind or extra else 0
    FOLDER.mkdir(exist_ok=True)
    for name in behind:
        (FOLDER / name).write_text(made[name], encoding="utf-8")
    for name in extra:
        (FOLDER / name).unlink()
    print(f"{len(behind)} of {len(made)} pages written, {len(extra)} removed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Pieces of the pages for eyes: tables, forms, numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stravalib.emulator.pages.layout import text

if TYPE_CHECKING:
    from collections.abc import Iterable


def table(heads: Iterable[str], rows: Iterable[Iterable[str]], empty: str) -> str:
    """Write a table of cells that are HTML already."""
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows
    )
    if not body:
        return f'<p class="soft">{text(empty)}</p>'
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in heads)
    return (
        f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def card(title: str, body: str, anchor: str = "") -> str:
    """Put something under a heading."""
    name = f' id="{text(anchor)}"' if anchor else ""
    return f'<section class="card"{name}><h2>{text(title)}</h2>{body}</section>'


def button(
    action: str, label: str, back: str, *, about: str = "", **fields: Any
) -> str:
    """Write a form that is one button."""
    title = f' aria-label="{text(about)}"' if about else ""
    return (
        f'<form class="inline" method="post" action="{text(action)}">'
        f"{hidden(back=back, **fields)}<button{title}>{text(label)}</button></form>"
    )


def hidden(**fields: Any) -> str:
    """Write hidden fields."""
    return "".join(
        f'<input type="hidden" name="{text(name)}" value="{text(value)}">'
        for name, value in fields.items()
    )


def select(name: str, label: str, choices: Iterable[tuple[Any, str]]) -> str:
    """Write a labelled choice."""
    options = "".join(
        f'<option value="{text(value)}">{text(words)}</option>'
        for value, words in choices
    )
    return f'<label>{text(label)}<select name="{text(name)}">{options}</select></label>'


def entry(
    name: str, label: str, *, value: str = "", kind: str = "text", size: int = 14
) -> str:
    """Write a labelled field."""
    return (
        f'<label>{text(label)}<input type="{kind}" name="{text(name)}" '
        f'value="{text(value)}" size="{size}"></label>'
    )


def kilometres(metres: Any) -> str:
    """Write a distance."""
    return f"{float(metres or 0) / 1000:.1f} km"


def duration(seconds: Any) -> str:
    """Write a time span."""
    whole = int(seconds or 0)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"

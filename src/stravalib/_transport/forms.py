"""Queries, forms and files, encoded as requests encodes them."""

from __future__ import annotations

import os
from typing import Any


def query(params: Any) -> list[tuple[str, str]] | None:
    """Query pairs as requests would encode them: None dropped, ``str`` of the rest."""
    if not params:
        return None
    pairs: list[tuple[str, str]] = []
    for name, value in params.items():
        if isinstance(value, (list, tuple)):
            pairs.extend((name, str(item)) for item in value)
        elif value is not None:
            pairs.append((name, str(value)))
    return pairs


def form(data: Any) -> Any:
    """Form fields as requests would encode them; bytes stay what they are."""
    if data is None or isinstance(data, bytes):
        return data
    return {name: str(value) for name, value in data.items() if value is not None}


def file_name(source: Any) -> str:
    """Return the name that requests would give the part: the file's, or ``file``."""
    name = getattr(source, "name", None)
    if isinstance(name, str) and name and name[0] != "<" and name[-1] != ">":
        return os.path.basename(name)
    return "file"


def read_file(source: Any) -> bytes:
    """Read a file object, bytes or text whole."""
    content = source.read() if hasattr(source, "read") else source
    return content.encode() if isinstance(content, str) else bytes(content)

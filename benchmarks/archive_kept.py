"""Say what tools have kept of a local Strava's world, by looking for it in their files.

Whatever a tool's layout is: a thing is kept where its number, or its text if it has no
number, is somewhere in what the tool wrote.
"""

from __future__ import annotations

import json
import re
import sqlite3
from typing import TYPE_CHECKING, Any

from stravalib.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from stravalib.emulator import LocalStrava


def text_of_archive(path: Path) -> str:
    """Give all records of an archive as text."""
    with Archive(path) as archive:
        return "\n".join(json.dumps(item.body) for item in archive.store.records())


def text_of_database(path: Path) -> str:
    """Give an SQLite file as text."""
    connection = sqlite3.connect(path)
    text = "\n".join(connection.iterdump())
    connection.close()
    return text.replace('""', '"').replace("''", "'")


def text_of_folder(path: Path) -> str:
    """Give the text files of a folder, with the names of all files."""
    parts = []
    for file in path.rglob("*"):
        parts.append(file.name)
        if file.suffix in {".json", ".tsv", ".toml", ".csv", ".txt"}:
            parts.append(file.read_text("utf-8"))
    return "\n".join(parts)


def probes(server: LocalStrava) -> dict[str, list[str]]:
    """List, by kind, what can be looked for: numbers and texts of the world."""
    state, athlete = server.state, server.athlete_id
    answer: dict[str, list[Any]] = {
        "activities": [],
        "descriptions": [],
        "laps": [],
        "segment efforts": [],
        "comments": [],
        "kudos: who": [],
        "photos: data": [],
        "photos: captions": [],
    }
    for entry in state.activities_newest_first(athlete):
        detail = entry.detail
        answer["activities"].append(entry.id)
        answer["descriptions"].append(detail.get("description"))
        answer["laps"] += [lap["id"] for lap in detail.get("laps", ())]
        answer["segment efforts"] += [
            effort["id"] for effort in detail.get("segment_efforts", ())
        ]
        answer["comments"] += [item["id"] for item in entry.get_list("comments")]
        answer["kudos: who"] += [pal["firstname"] for pal in entry.get_list("kudos")]
        for photo in entry.get_list("photos"):
            answer["photos: data"].append(photo["unique_id"])
            answer["photos: captions"].append(photo["caption"])
    answer["gear"] = [item["id"] for item in state.athletes[athlete].gear.values()]
    answer["gear: model"] = [
        item.get("model_name") for item in state.athletes[athlete].gear.values()
    ]
    answer["routes"] = [
        number for number, (owner, _) in state.routes.items() if owner == athlete
    ]
    answer["clubs"] = list(state.clubs)
    return {
        kind: sorted({str(item) for item in items if item})
        for kind, items in answer.items()
    }


def share(wanted: Iterable[str], text: str, words: set[str]) -> str:
    """Tell how much of what is wanted is in a text."""
    items = list(wanted)
    if not items:
        return "-"
    # a text with quotes or breaks is written differently from format to format
    found = sum(
        item in words or (not item.isdigit() and (item in text or _plain(item) in text))
        for item in items
    )
    return f"{found:,} of {len(items):,}"


def _plain(item: str) -> str:
    return json.dumps(item)[1:-1]


def print_table(server: LocalStrava, texts: dict[str, str]) -> None:
    """Print a row for each kind of thing, a column for each tool."""
    words = {tool: set(re.findall(r"\w+", text)) for tool, text in texts.items()}
    print("| kept | " + " | ".join(texts) + " |")
    print("|---" * (len(texts) + 1) + "|")
    for kind, wanted in probes(server).items():
        cells = [share(wanted, text, words[tool]) for tool, text in texts.items()]
        print(f"| {kind} | " + " | ".join(cells) + " |")
    # these have no numbers of their own: look for the names of their fields
    for kind, name in (
        ("splits", "average_grade_adjusted_speed"),
        ("best efforts", "best_efforts"),
        ("zones of activities", "distribution_buckets"),
        ("totals of the athlete", "recent_run_totals"),
    ):
        cells = ["yes" if name in found else "no" for found in words.values()]
        print(f"| {kind} | " + " | ".join(cells) + " |")

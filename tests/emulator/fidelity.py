"""Compare what the local Strava serves with what was recorded and what is declared.

Run as a script it writes ``docs/emulator-fidelity.md``. Nothing of the recordings but
names of keys goes into it.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from fidelity_reasons import INVENTED, MISSING, TYPES

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
PAGE = ROOT / "docs" / "emulator-fidelity.md"

Keys = dict[str, set[str]]

# endpoint of the corpus -> endpoint of the reference
ENDPOINTS = {
    "activity": "GET /activities/{id}",
    "activity_comments": "GET /activities/{id}/comments",
    "activity_kudos": "GET /activities/{id}/kudos",
    "activity_laps": "GET /activities/{id}/laps",
    "activity_photos": "GET /activities/{id}/photos",
    "activity_summary": "GET /athlete/activities",
    "activity_zones": "GET /activities/{id}/zones",
    "athlete": "GET /athlete",
    "athlete_activities": "GET /athlete/activities",
    "athlete_clubs": "GET /athlete/clubs",
    "athlete_koms": "GET /athletes/{id}/koms",
    "athlete_starred_segments": "GET /segments/starred",
    "athlete_stats": "GET /athletes/{id}/stats",
    "athlete_summary": "GET /athlete (without profile:read_all)",
    "athlete_zones": "GET /athlete/zones",
    "club": "GET /clubs/{id}",
    "club_activities": "GET /clubs/{id}/activities",
    "club_admins": "GET /clubs/{id}/admins",
    "club_events": "GET /clubs/{id}/group_events",
    "club_members": "GET /clubs/{id}/members",
    "error": "errors",
    "gear": "GET /gear/{id}",
    "route": "GET /routes/{id}",
    "segment": "GET /segments/{id}",
    "segment_effort": "GET /segment_efforts/{id}",
    "segment_efforts": "GET /segment_efforts",
    "segments_explore": "GET /segments/explore",
    "segments_starred": "GET /segments/starred",
    "streams": "GET /activities/{id}/streams",
    "upload": "POST and GET /uploads",
    "webhook_event": "webhook events",
}
# endpoint -> model of the swagger
MODELS = {
    "GET /activities/{id}": "DetailedActivity",
    "GET /activities/{id}/comments": "Comment",
    "GET /activities/{id}/kudos": "SummaryAthlete",
    "GET /activities/{id}/laps": "Lap",
    "GET /activities/{id}/zones": "ActivityZone",
    "GET /athlete": "DetailedAthlete",
    "GET /athlete/activities": "SummaryActivity",
    "GET /athlete/clubs": "SummaryClub",
    "GET /athlete/zones": "Zones",
    "GET /athletes/{id}/routes": "Route",
    "GET /athletes/{id}/stats": "ActivityStats",
    "GET /clubs/{id}": "DetailedClub",
    "GET /clubs/{id}/activities": "ClubActivity",
    "GET /clubs/{id}/admins": "SummaryAthlete",
    "GET /clubs/{id}/members": "ClubAthlete",
    "GET /gear/{id}": "DetailedGear",
    "GET /routes/{id}": "Route",
    "GET /segment_efforts": "DetailedSegmentEffort",
    "GET /segment_efforts/{id}": "DetailedSegmentEffort",
    "GET /segments/explore": "ExplorerResponse",
    "GET /segments/starred": "SummarySegment",
    "GET /segments/{id}": "DetailedSegment",
    "POST and GET /uploads": "Upload",
}
_DEEP = 5


def kind(value: Any) -> str:
    """Name the JSON type; integers and other numbers are one."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "text"
    return "list" if isinstance(value, list) else "object"


def collect(value: Any, keys: Keys, path: str = "") -> None:
    """Note the keys of an object and all objects inside it."""
    if isinstance(value, list):
        for item in value[:200]:
            if isinstance(item, (dict, list)):
                collect(item, keys, path + "[]" if path else "")
    elif isinstance(value, dict):
        for key, inner in value.items():
            name = "<n>" if key.isdigit() else key
            here = f"{path}.{name}" if path else name
            keys.setdefault(here, set()).add(kind(inner))
            collect(inner, keys, here)


def recorded() -> dict[str, Keys]:
    """Collect the keys of the recordings and of examples of the documentation."""
    found: dict[str, Keys] = defaultdict(dict)
    rows = (SHARED / "corpus" / "INDEX.tsv").read_text().splitlines()[1:]
    for row in rows:
        path, endpoint, _, _, _, provenance, _ = row.split("\t")
        if endpoint not in ENDPOINTS or provenance not in ("recorded", "docs-example"):
            continue
        try:
            value = json.loads((SHARED / "corpus" / path).read_text())
        except ValueError:
            continue
        if endpoint == "streams" and isinstance(value, dict):
            value = [stream for stream in value.values() if isinstance(stream, dict)]
        collect(value, found[ENDPOINTS[endpoint]])
    return found


_JSON_KINDS = {
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "string": "text",
    "array": "list",
    "object": "object",
}


def declared() -> dict[str, Keys]:
    """Collect the keys that the swagger declares."""
    swagger = json.loads((SHARED / "reference" / "strava-swagger.json").read_text())
    models = swagger["definitions"]

    def walk(schema: Any, keys: Keys, path: str, depth: int) -> str:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return walk(models[name], keys, path, depth)
        for part in schema.get("allOf", ()):
            walk(part, keys, path, depth)
        if schema.get("type") == "array":
            walk(schema.get("items", {}), keys, path + "[]", depth)
            return "list"
        for key, inner in schema.get("properties", {}).items():
            here = f"{path}.{key}" if path else key
            if depth < _DEEP:
                keys.setdefault(here, set()).add(walk(inner, keys, here, depth + 1))
        is_object = "properties" in schema or "allOf" in schema
        return "object" if is_object else _JSON_KINDS.get(schema.get("type"), "any")

    found: dict[str, Keys] = {}
    for endpoint, model in MODELS.items():
        keys: Keys = {}
        walk({"$ref": f"#/definitions/{model}"}, keys, "", 0)
        found[endpoint] = keys
    return found


@dataclass
class Difference:
    """One way in which the emulator differs, with its reason."""

    endpoint: str
    key: str
    what: str
    reason: str | None


@dataclass
class Report:
    """All endpoints compared."""

    differences: list[Difference] = field(default_factory=list)
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)  # agreed, known

    @property
    def unexplained(self) -> list[Difference]:
        return [item for item in self.differences if item.reason is None]


def reason_for(
    rules: tuple[tuple[str, str, str], ...], endpoint: str, key: str
) -> str | None:
    """Find the first rule that is about a key."""
    for where, pattern, reason in rules:
        if fnmatchcase(endpoint, where.replace("[", "[[]")) and fnmatchcase(
            key, pattern.replace("[", "[[]")
        ):
            return reason
    return None


def compare(served: dict[str, Keys]) -> Report:
    """Set what is served against what is known."""
    seen, said = recorded(), declared()
    report = Report()
    for endpoint in sorted(set(seen) | set(said)):
        known: Keys = defaultdict(set)
        for source in (seen, said):
            for key, kinds in source.get(endpoint, {}).items():
                known[key] |= kinds
        ours = served.get(endpoint, {})
        agreed = 0
        for key in sorted(known):
            if key not in ours:
                parent = key.rpartition(".")[0].removesuffix("[]")
                if parent and parent not in ours:
                    continue  # told at the parent
                reason = reason_for(MISSING, endpoint, key)
                report.differences.append(
                    Difference(endpoint, key, "not served", reason)
                )
                continue
            mine = ours[key] - {"null"}
            theirs = known[key] - {"null"}
            if mine and theirs and "any" not in theirs and not mine <= theirs:
                what = f"{'/'.join(sorted(mine))}, known as {'/'.join(sorted(theirs))}"
                reason = reason_for(TYPES, endpoint, key)
                report.differences.append(Difference(endpoint, key, what, reason))
            else:
                agreed += 1
        for key in sorted(set(ours) - set(known)):
            parent = key.rpartition(".")[0].removesuffix("[]")
            if parent and parent not in known:
                continue
            reason = reason_for(INVENTED, endpoint, key)
            report.differences.append(
                Difference(endpoint, key, "served, in neither source", reason)
            )
        report.counts[endpoint] = (agreed, len(known))
    return report


def main() -> int:
    from fidelity_world import served

    report = compare(served())
    for item in report.unexplained:
        print(f"{item.endpoint}\t{item.key}\t{item.what}")
    if "--write" in sys.argv:
        from fidelity_page import page

        PAGE.write_text(page(report))
    return len(report.unexplained) > 0


if __name__ == "__main__":
    sys.exit(main())

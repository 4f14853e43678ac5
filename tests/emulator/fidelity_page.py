"""Write ``docs/emulator-fidelity.md`` from a comparison."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fidelity import Difference, Report

_HEAD = """# How true the local Strava is

Written by `tests/emulator/fidelity.py --write`; a test fails when it lags behind.

For each endpoint the keys of the emulator's answers (a generated world, every object
asked for) are set against two sources: real responses that other projects recorded
between 2012 and 2026, with the examples of the documentation, and the swagger that
Strava publishes. A key agrees when it is served with the same JSON type. Integers and
other numbers count as one type, because Strava mixes them.

## Agreement

| endpoint | keys known | served and agreeing |
|---|---|---|
"""
_DIFFERENCES = """
## Differences, each with its reason

"Not served" are keys that a source knows; "served, in neither source" are keys that
newer recordings show.

"""
_CHOICES = """
## Where the truth is not known

Nobody has recorded these; the emulator makes a choice and says so.

| question | what is served |
|---|---|
| body of a 402 | the usual error shape, field `subscription`, code `required` |
| `/segments/explore` without Extended Access | 401 `Application/internal/invalid` |
| `per_page` above 200 | 400, field `per_page`, code `invalid` |
| `before` and `after` | both exclusive, compared with `start_date` |
| scope in refresh answers | there, separated by commas, as in the exchange |
| JSON of "Limit of connected athletes exceeded" | 403, `Application/athlete capacity` |
| stats of somebody else | 403 |
| joining and leaving clubs after 2026-09 | 401 `Application/internal/invalid` |
| lifetime of an authorization code | 10 minutes |
| when a refresh token changes | with each new access token; can be configured |
| rule for duplicate uploads | same athlete, times overlapping by half |
| a refused request | counts for the day, not for the quarter hour |
| pause between webhook tries | half a second; can be configured |
| `/segments/{id}/leaderboard` | 404, as any unknown path |
| rate headers of activity streams | none, as recorded in 2025-10, though they count |
| case of header names | lower case, as HTTP/2 sends them; names have no case |

## Not emulated

- Leaderboards, followers and friends, announcements: removed between 2018 and 2020.
- Partner endpoints: uploading media, creating routes (401).
- CloudFront's headers, TLS, and the address of the 2027 host: the profile `2027-06`
  serves its paths without the prefix on the same local port.
"""


def page(report: Report) -> str:
    """Write the page."""
    lines = [_HEAD]
    known = agreed = 0
    for endpoint, (same, of) in sorted(report.counts.items()):
        known, agreed = known + of, agreed + same
        lines.append(f"| `{endpoint}` | {of} | {same} |\n")
    lines.append(f"| all | {known} | {agreed} |\n")
    lines.append(_DIFFERENCES)
    ordered = sorted(report.differences, key=lambda d: (d.endpoint, _reason(d), d.what))
    for endpoint, items in groupby(ordered, key=lambda item: item.endpoint):
        lines.append(f"### `{endpoint}`\n\n")
        for (reason, what), same_reason in groupby(
            items, key=lambda item: (_reason(item), item.what)
        ):
            names = ", ".join(f"`{item.key}`" for item in same_reason)
            lines.append(f"- {what}: {names}. Reason: {reason}.\n")
        lines.append("\n")
    return "".join(lines).rstrip() + "\n" + _CHOICES


def _reason(item: Difference) -> str:
    return item.reason or "not explained"

"""The frame of every page: style, headers, escaping."""

from __future__ import annotations

import secrets
from html import escape
from typing import Any

from stravalib.emulator.routing import Answer

HTML_TYPE = b"text/html; charset=utf-8"

STYLE = """
:root { color-scheme: light dark; --ground: #f6f7f4; --card: #fff; --ink: #1c2420;
  --soft: #55615a; --line: #cfd6d0; --accent: #1f6f54; --on-accent: #fff;
  --warn: #8a3b12; --track: #1f6f54; }
@media (prefers-color-scheme: dark) { :root { --ground: #121614; --card: #1b211e;
  --ink: #e8eee9; --soft: #a5b3aa; --line: #39443d; --accent: #6fcfa8;
  --on-accent: #0c1611; --warn: #f0a878; --track: #6fcfa8; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
a { color: var(--accent); }
a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible,
summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
header, main, footer { max-width: 72rem; margin: 0 auto; padding: 1rem 1.25rem; }
header { padding-bottom: 0; }
header p, footer { color: var(--soft); margin: 0; }
main { padding-top: .5rem; }
main.narrow { max-width: 36rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: .5rem 0; }
h2 { font-size: 1.15rem; margin: 0 0 .6rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
  padding: 1rem 1.15rem; margin: 0 0 1rem; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr));
  gap: 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; vertical-align: top;
  border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
code { font: .88rem/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
label.choice { display: flex; gap: .6rem; padding: .45rem 0; cursor: pointer; }
label.choice input { margin-top: .3rem; flex: none; width: 1.1rem; height: 1.1rem;
  accent-color: var(--accent); }
small, .soft { color: var(--soft); }
.warn { color: var(--warn); }
button, select, input[type=text], input[type=number] { font: inherit;
  padding: .45rem .9rem; border-radius: .45rem; border: 1px solid var(--line);
  background: var(--card); color: var(--ink); }
button { cursor: pointer; white-space: nowrap; }
button.main { background: var(--accent); color: var(--on-accent);
  border-color: var(--accent); font-weight: 600; }
form.row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end;
  margin: .3rem 0; }
form.inline { display: inline-block; margin: .2rem .4rem .2rem 0; }
fieldset { border: 0; padding: 0; margin: 1rem 0; }
legend { font-weight: 600; padding: 0; }
form.row label { display: flex; flex-direction: column; font-size: .85rem;
  color: var(--soft); min-width: 0; max-width: 100%; }
select { max-width: 100%; }
svg.track { width: 100%; height: 9rem; display: block; }
svg.track path { fill: none; stroke: var(--track); stroke-width: 2.5;
  stroke-linejoin: round; vector-effect: non-scaling-stroke; }
svg.track.large { height: 24rem; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem;
  margin: 0; }
dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; }
nav.pages { display: flex; gap: 1rem; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: 1rem; }
"""


def text(value: Any) -> str:
    """Escape anything for HTML, attributes included."""
    return escape("" if value is None else str(value), quote=True)


def document(
    title: str,
    body: str,
    *,
    status: int = 200,
    narrow: bool = False,
    form_targets: str = "",
    headers: list[tuple[bytes, bytes]] | None = None,
) -> Answer:
    """Make a whole page; nothing in it may come from elsewhere."""
    nonce = secrets.token_urlsafe(16)
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text(title)} · local Strava</title>"
        f'<link rel="icon" href="data:,"><style nonce="{nonce}">{STYLE}</style></head>'
        '<body><a class="skip" href="#main">Skip to the content</a>'
        "<header><p>Local Strava — an emulator on this machine. Not affiliated with "
        "Strava; nothing here reaches strava.com.</p></header>"
        f'<main id="main"{" class=narrow" if narrow else ""}>{body}</main>'
        "</body></html>"
    )
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; "
        f"form-action 'self' {form_targets}; base-uri 'none'; frame-ancestors 'none'"
    )
    return Answer(
        page.encode(),
        status,
        HTML_TYPE,
        [
            (b"content-security-policy", policy.encode("ascii", "replace")),
            (b"x-frame-options", b"DENY"),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
            (b"cache-control", b"no-store"),
            *(headers or []),
        ],
    )

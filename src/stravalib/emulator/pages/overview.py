"""The first page for eyes: athletes, clock, limits, tokens, faults, webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from stravalib.emulator.accounts import scope_text
from stravalib.emulator.clock import stamp
from stravalib.emulator.faults import KINDS
from stravalib.emulator.jsonio import dumps
from stravalib.emulator.pages.layout import document, text
from stravalib.emulator.pages.parts import (
    button,
    card,
    entry,
    hidden,
    select,
    table,
)

if TYPE_CHECKING:
    from stravalib.emulator.routing import Answer, Call
    from stravalib.emulator.state import Athlete

_OWN = "/_emulator"


def _pairs(*words: str) -> list[tuple[str, str]]:
    return [(word, word) for word in words]


def name_of(athlete: Athlete) -> str:
    """Write an athlete's name."""
    detail = athlete.detail
    return f"{detail.get('firstname', '')} {detail.get('lastname', '')}".strip()


def overview(call: Call) -> Answer:
    """Show the world and its switches."""
    state = call.state
    body = [
        "<h1>Your local Strava</h1>",
        (
            f"<p>API base <code>{text(_base(call))}</code> · platform as of "
            f"<strong>{text(state.profile.name)}</strong> · "
            '<a href="/openapi.json">OpenAPI document</a></p>'
        ),
    ]
    if not state.ready.is_set():
        body.append('<p class="warn">The world is being made; reload in a moment.</p>')
    body += [
        _athletes(call),
        _clock(call),
        _applications(call),
        _tokens(call),
        _faults(call),
        _webhooks(call),
        _requests(call),
    ]
    return document("World", "".join(body))


def _base(call: Call) -> str:
    host = call.headers.get(b"host", b"localhost").decode("latin-1")
    return f"http://{host}{call.state.profile.prefix}"


def _athletes(call: Call) -> str:
    athletes = list(call.state.athletes.values())
    rows = (
        (
            f'<a href="{_OWN}/athletes/{athlete.id}">{text(name_of(athlete))}</a>',
            str(athlete.id),
            text(athlete.detail.get("city")),
            str(len(athlete.order)),
            "yes" if athlete.subscriber else "no",
            button(
                f"{_OWN}/token",
                "Make a token",
                "/#tokens",
                about=f"Make a token for {name_of(athlete)}",
                athlete_id=athlete.id,
            ),
        )
        for athlete in athletes[:100]
    )
    return card(
        f"Athletes ({len(athletes)})",
        table(
            ("Name", "Id", "City", "Activities", "Subscriber", "All scopes"),
            rows,
            "No athletes.",
        ),
        "athletes",
    )


def _clock(call: Call) -> str:
    clock = call.state.clock
    action = f'<form class="row" method="post" action="{_OWN}/clock">'
    steps = "".join(
        button(f"{_OWN}/clock", label, "/#clock", move=seconds)
        for label, seconds in (
            ("+15 minutes", 900),
            ("+1 hour", 3600),
            ("+6 hours", 21600),
            ("+1 day", 86400),
        )
    )
    freeze = button(
        f"{_OWN}/clock",
        "Let it run" if clock.frozen else "Freeze",
        "/#clock",
        frozen="false" if clock.frozen else "true",
    )
    return card(
        "Clock",
        f"<p>{clock.utc():%Y-%m-%d %H:%M:%S} UTC"
        f"{' (frozen)' if clock.frozen else ''}</p>{steps} {freeze}"
        f"{action}{hidden(back='/#clock')}"
        f"{entry('to', 'Go to (ISO 8601 or epoch)', size=26)}"
        "<button>Set</button></form>",
        "clock",
    )


def _applications(call: Call) -> str:
    rows = []
    for application in call.state.accounts.applications.values():
        usage = application.usage
        usage.roll(call.now)
        rows.append(
            (
                text(application.name),
                str(application.id),
                (
                    f"<details><summary>show</summary><code>{text(application.secret)}"
                    "</code></details>"
                ),
                f"{usage.overall.short_used} of {usage.overall.short_limit}",
                f"{usage.overall.long_used} of {usage.overall.long_limit}",
                f"{usage.read.short_used} of {usage.read.short_limit}",
                f"{usage.read.long_used} of {usage.read.long_limit}",
                (
                    f"{len(call.state.accounts.athletes_of(application.id))} of "
                    f"{application.capacity}"
                ),
                button(
                    f"{_OWN}/applications",
                    "Make inactive" if application.active else "Make active",
                    "/#limits",
                    about=f"Switch the status of application {application.id}",
                    id=application.id,
                    active="false" if application.active else "true",
                ),
            )
        )
    heads = (
        "Application",
        "Client id",
        "Secret",
        "15 minutes",
        "Day",
        "Read, 15 minutes",
        "Read, day",
        "Athletes",
        "",
    )
    return card(
        "Applications and rate limits",
        table(heads, rows, "No applications.")
        + button(f"{_OWN}/limits", "Reset the counters", "/#limits"),
        "limits",
    )


def _tokens(call: Call) -> str:
    rows = [
        (
            str(token.application.id),
            str(token.athlete_id),
            text(scope_text(token.scopes).replace(",", ", ")),
            stamp(token.expires_at),
            (
                f"<details><summary>show</summary><code>{text(token.value)}</code>"
                "</details>"
            ),
            button(
                f"{_OWN}/withdraw",
                "End access",
                "/#tokens",
                about=f"End access of application {token.application.id} "
                f"to athlete {token.athlete_id}",
                application_id=token.application.id,
                athlete_id=token.athlete_id,
            ),
        )
        for token in list(call.state.accounts.tokens.values())
        if token.expires_at > call.now
    ]
    heads = ("Application", "Athlete", "Scopes", "Until", "Access token", "")
    return card("Tokens", table(heads, reversed(rows), "No living tokens."), "tokens")


def _faults(call: Call) -> str:
    rows = (
        (
            text(rule.kind),
            text(rule.value),
            text(rule.method),
            text(rule.path),
            "for ever" if rule.count is None else str(rule.count),
            f"{rule.probability:g}",
            button(
                f"{_OWN}/faults/lift",
                "Lift",
                "/#faults",
                about=f"Lift the fault {rule.kind}",
                id=rule.id,
            ),
        )
        for rule in list(call.server.faults.rules)
    )
    form = (
        f'<form class="row" method="post" action="{_OWN}/faults">'
        + hidden(back="/#faults")
        + select("kind", "Fault", ((k, f"{k}: {words}") for k, words in KINDS.items()))
        + entry("value", "Value", size=6)
        + entry("path", "Path ends with", value="*")
        + entry("count", "How often (empty: ever)", kind="number", size=6)
        + entry("probability", "Probability", value="1", size=6)
        + "<button>Switch on</button></form>"
    )
    heads = ("Fault", "Value", "Method", "Path", "Times", "Probability", "")
    return card("Faults", table(heads, rows, "None is switched on.") + form, "faults")


def _webhooks(call: Call) -> str:
    events = call.server.events
    subscriptions = table(
        ("Id", "Application", "Callback"),
        (
            (str(s.id), str(s.application_id), f"<code>{text(s.callback_url)}</code>")
            for s in list(events.subscriptions.values())
        ),
        "No subscriptions: POST /push_subscriptions makes one.",
    )
    rows = (
        (
            text(item.event["object_type"]),
            text(item.event["aspect_type"]),
            text(item.event["object_id"]),
            f"<code>{text(dumps(item.event['updates']).decode())}</code>",
            text(
                "delivered"
                if item.delivered
                else (item.error or ("given up" if item.done else "on its way"))
            ),
            button(
                f"{_OWN}/events",
                "Replay",
                "/#webhooks",
                about=f"Replay the event about {item.event['object_id']}",
                replay=place,
            ),
        )
        for place, item in enumerate(list(events.deliveries)[::-1][:20])
    )
    newest = next(
        (athlete.order[-1][1] for athlete in call.state.athletes.values()
         if athlete.order),
        "",
    )  # fmt: skip
    form = (
        f'<form class="row" method="post" action="{_OWN}/events">'
        + hidden(back="/#webhooks")
        + select("object_type", "About", _pairs("activity", "athlete"))
        + select(
            "aspect_type",
            "Event",
            _pairs("create", "update", "delete"),
        )
        + entry("object_id", "Object id", value=str(newest))
        + entry("updates", "Updates (JSON)", value='{"title": "New"}', size=22)
        + "<button>Fire</button></form>"
    )
    heads = ("About", "Event", "Object", "Updates", "Outcome", "")
    return card(
        "Webhooks", subscriptions + form + table(heads, rows, "No events."), "webhooks"
    )


def _requests(call: Call) -> str:
    rows = (
        (
            stamp(item.time)[11:19],
            text(item.method),
            f"<code>{text(item.path)}</code>",
            f"<code>{text(urlencode(item.query, safe='*,:'))}</code>",
            str(item.status or "…"),
            text(item.fault),
        )
        for item in list(call.server.requests)[::-1][:40]
    )
    heads = ("Time", "Method", "Path", "Query", "Status", "Fault")
    return card(
        f"Requests ({call.server.requests.total})",
        table(heads, rows, "Nothing was asked yet.")
        + button(f"{_OWN}/requests/forget", "Forget them", "/#requests"),
        "requests",
    )

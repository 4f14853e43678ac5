"""The page on which an athlete grants scopes. Plainly not Strava's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stravalib._facts.scopes import SCOPES
from stravalib.emulator.pages.layout import document, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stravalib.emulator.accounts import Application
    from stravalib.emulator.routing import Answer
    from stravalib.emulator.state import Athlete

_REQUIRED = "read"
_MOST_ATHLETES = 200


def consent_page(
    application: Application,
    scopes: Iterable[str],
    athletes: list[Athlete],
    chosen: int | None,
    hidden: Mapping[str, str],
    form_targets: str,
) -> Answer:
    """Ask an athlete what an application may do."""
    fields = "".join(
        f'<input type="hidden" name="{text(name)}" value="{text(value)}">'
        for name, value in hidden.items()
    )
    body = (
        f"<h1>Connect {text(application.name)}</h1>"
        f"<p>The application <strong>{text(application.name)}</strong> (client id "
        f"{application.id}) asks for access to an athlete of this emulator.</p>"
        f'<form method="post" class="card">{fields}{_athletes(athletes, chosen)}'
        "<fieldset><legend>It may use</legend>"
        f"{''.join(_choice(scope) for scope in SCOPES if scope in set(scopes))}"
        "</fieldset><p>"
        '<button class="main" name="decision" value="authorize">Authorize</button> '
        '<button name="decision" value="cancel">Cancel</button></p></form>'
        f'<p class="soft">You go back to <code>{text(hidden["redirect_uri"])}</code>.'
        "</p>"
    )
    return document(
        f"Connect {application.name}", body, narrow=True, form_targets=form_targets
    )


def _athletes(athletes: list[Athlete], chosen: int | None) -> str:
    options = "".join(
        f'<option value="{athlete.id}"{" selected" if athlete.id == chosen else ""}>'
        f"{text(athlete.detail.get('firstname'))} "
        f"{text(athlete.detail.get('lastname'))} ({athlete.id})</option>"
        for athlete in athletes[:_MOST_ATHLETES]
    )
    return (
        '<p><label for="athlete_id">Connect as</label> '
        f'<select id="athlete_id" name="athlete_id">{options}</select></p>'
    )


def _choice(scope: str) -> str:
    fixed = scope == _REQUIRED
    # A disabled box is not sent; the required scope is added by the server.
    state = "checked disabled" if fixed else "checked"
    note = " (required)" if fixed else ""
    return (
        '<label class="choice">'
        f'<input type="checkbox" name="scope" value="{scope}" {state}>'
        f"<span><code>{scope}</code>{note}<br>"
        f"<small>{text(SCOPES[scope])}</small></span></label>"
    )


def capacity_page(application: Application) -> Answer:
    """Refuse another athlete."""
    body = (
        "<h1>Error 403: Limit of connected athletes exceeded</h1>"
        "<p>This app has exceeded the limit of connected athletes. "
        f"{text(application.name)} may connect {application.capacity}.</p>"
    )
    return document("Limit of connected athletes exceeded", body, status=403)

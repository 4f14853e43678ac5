"""What Strava's brand guidelines ask of an application, as constants and links.

Nothing here draws a logo or a button: take those from
https://developers.strava.com/guidelines, unaltered. That page and the API agreement
are the authority; this module only spells their words and addresses right.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

__all__ = [
    "COMPATIBLE_WITH_STRAVA",
    "POWERED_BY_STRAVA",
    "STRAVA_ORANGE",
    "VIEW_ON_STRAVA",
    "activity_url",
    "athlete_url",
    "club_url",
    "garmin_credit",
    "gear_url",
    "mobile_authorize_url",
    "route_url",
    "segment_url",
    "view_on_strava_html",
]

VIEW_ON_STRAVA: Final = "View on Strava"
"""The exact text of a link back, recognisable by bold, underline or the orange."""
STRAVA_ORANGE: Final = "#FC5200"
"""The color that a link back may have."""
POWERED_BY_STRAVA: Final = "Powered by Strava"
COMPATIBLE_WITH_STRAVA: Final = "Compatible with Strava"

_SITE: Final = "https://www.strava.com"


def activity_url(activity_id: int) -> str:
    """Return the address of an activity's page."""
    return _page("activities", activity_id)


def athlete_url(athlete_id: int) -> str:
    """Return the address of an athlete's profile."""
    return _page("athletes", athlete_id)


def club_url(club_id: int) -> str:
    """Return the address of a club's page."""
    return _page("clubs", club_id)


def route_url(route_id: int) -> str:
    """Return the address of a route's page."""
    return _page("routes", route_id)


def segment_url(segment_id: int) -> str:
    """Return the address of a segment's page."""
    return _page("segments", segment_id)


def gear_url(gear_id: str) -> str:
    """Return the address of a bike (``b123``) or of a pair of shoes (``g123``).

    Raises
    ------
    ValueError
        Another kind of id.
    """
    kind = {"b": "bikes", "g": "shoes"}.get(gear_id[:1])
    if kind is None or not (gear_id[1:].isascii() and gear_id[1:].isdecimal()):
        raise ValueError(
            f"gear_id={gear_id!r}: a bike's id is like 'b123', shoes' like 'g123'."
        )
    return f"{_SITE}/{kind}/{gear_id[1:]}"


def mobile_authorize_url(
    client_id: int, redirect_uri: str, scope: str = "read", state: str | None = None
) -> str:
    """Return the address where phones ask the athlete for access, in Strava's app.

    For the web, see `Client.authorization_url`.

    Parameters
    ----------
    client_id
        The application's id.
    redirect_uri
        Where the athlete is sent afterwards.
    scope
        Scopes, separated by commas.
    state
        A text of your own that comes back.
    """
    query = {
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "approval_prompt": "auto",
        "scope": scope,
    }
    if state is not None:
        query["state"] = state
    return f"{_SITE}/oauth/mobile/authorize?{urlencode(query)}"


def view_on_strava_html(url: str) -> str:
    """Return a link back as HTML: the text that Strava asks for, bold and underlined.

    Parameters
    ----------
    url
        Of a page at Strava, such as `activity_url` gives.
    """
    from html import escape

    style = "font-weight:bold;text-decoration:underline;color:inherit"
    return f'<a href="{escape(url)}" style="{style}">{VIEW_ON_STRAVA}</a>'


def garmin_credit(device_name: str | None) -> str | None:
    """Return the credit that Garmin asks for: ``Garmin`` and the model.

    None for other devices. Show it beside the title of each view of the data, in
    exports and in what is derived from it, too.

    Parameters
    ----------
    device_name
        ``activity.device_name``, such as ``"Garmin Edge 530"``.
    """
    words = (device_name or "").split()
    if not words or words[0].casefold() != "garmin":
        return None
    return " ".join(["Garmin", *words[1:]])


def _page(kind: str, number: int) -> str:
    if isinstance(number, bool) or int(number) != number or number <= 0:
        raise ValueError(f"{number!r} is no id of {kind}; give a number above 0.")
    return f"{_SITE}/{kind}/{int(number)}"

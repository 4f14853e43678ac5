"""Pages of an athlete and of an activity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stravalib.emulator.errors import not_found
from stravalib.emulator.jsonio import loads
from stravalib.emulator.pages.layout import document, text
from stravalib.emulator.pages.overview import name_of
from stravalib.emulator.pages.parts import button, card, duration, kilometres
from stravalib.emulator.pages.tracks import track_svg

if TYPE_CHECKING:
    from stravalib.emulator.records import Json
    from stravalib.emulator.routing import Answer, Call

_ON_A_PAGE = 24
_OWN = "/_emulator"


def athlete_page(call: Call) -> Answer:
    """Show an athlete's activities with their tracks."""
    athlete = call.state.athletes.get(call.args["id"])
    if athlete is None:
        raise not_found("Athlete")
    page = call.args["page"]
    entries = call.state.activities_newest_first(athlete.id)
    first = (page - 1) * _ON_A_PAGE
    cards = "".join(
        _activity_card(loads(entry.summary))
        for entry in entries[first : first + _ON_A_PAGE]
    )
    links = []
    if page > 1:
        links.append(f'<a href="?page={page - 1}">Newer</a>')
    if first + _ON_A_PAGE < len(entries):
        links.append(f'<a href="?page={page + 1}">Older</a>')
    detail = athlete.detail
    body = (
        f'<p><a href="/">World</a></p><h1>{text(name_of(athlete))}</h1>'
        f"<p>{text(detail.get('city'))}, {text(detail.get('country'))} · "
        f"{len(entries)} activities · id {athlete.id}</p>"
        f'<div class="grid">{cards or "<p>No activities.</p>"}</div>'
        f'<nav class="pages" aria-label="Pages">{"".join(links)}</nav>'
    )
    return document(name_of(athlete), body)


def _activity_card(item: Json) -> str:
    name = item.get("name") or "Unnamed"
    track = (item.get("map") or {}).get("summary_polyline")
    return (
        '<article class="card"><h2>'
        f'<a href="{_OWN}/activities/{item["id"]}">{text(name)}</a></h2>'
        f"{track_svg(track, f'Track of {name}')}"
        f"<p>{text(item.get('sport_type'))} · {kilometres(item.get('distance'))} · "
        f"{duration(item.get('moving_time'))}<br>"
        f"<small>{text(item.get('start_date_local', ''))[:16].replace('T', ' ')} · "
        f"{text(item.get('visibility'))}</small></p></article>"
    )


def activity_page(call: Call) -> Answer:
    """Show one activity and what can be done to it."""
    found = call.state.activities.get(call.args["id"])
    if found is None:
        raise not_found("Activity")
    detail = found.detail
    here = f"{_OWN}/activities/{found.id}"
    facts = (
        ("Sport", detail.get("sport_type")),
        ("Start, local", str(detail.get("start_date_local", ""))[:19]),
        ("Time zone", detail.get("timezone")),
        ("Distance", kilometres(detail.get("distance"))),
        ("Moving time", duration(detail.get("moving_time"))),
        ("Elevation gain", f"{detail.get('total_elevation_gain') or 0:g} m"),
        ("Average heart rate", detail.get("average_heartrate")),
        ("Average power", detail.get("average_watts")),
        ("Device", detail.get("device_name")),
        ("Visibility", detail.get("visibility")),
        ("Segment efforts", len(detail.get("segment_efforts") or [])),
        ("Laps", len(detail.get("laps") or [])),
        ("Streams", ", ".join(found.streams) or "none"),
    )
    listed = "".join(
        f"<dt>{text(name)}</dt><dd>{text(value)}</dd>"
        for name, value in facts
        if value not in (None, "")
    )
    visibilities = "".join(
        button(here, label, here, visibility=value)
        for label, value in (
            ("Everyone", "everyone"),
            ("Followers", "followers_only"),
            ("Only me", "only_me"),
        )
    )
    fire = "".join(
        button(
            f"{_OWN}/events",
            f"Fire {aspect}",
            here,
            object_type="activity",
            aspect_type=aspect,
            object_id=found.id,
        )
        for aspect in ("create", "update", "delete")
    )
    back = f"{_OWN}/athletes/{found.athlete_id}"
    gone = button(here, "Delete", back, delete="true")
    track = detail.get("map") or {}
    name = str(detail.get("name") or "Unnamed")
    body = (
        f'<p><a href="{back}">All activities</a></p><h1>{text(name)}</h1>'
        f"<p>{text(detail.get('description'))}</p>"
        + card(
            "Track", track_svg(track.get("polyline"), f"Track of {name}", large=True)
        )
        + card("Facts", f'<dl class="facts">{listed}</dl>')
        + card(
            "As its athlete",
            f"<div>Who may see it: {visibilities}</div><div>{gone}</div>",
        )
        + card("Webhooks", fire)
    )
    return document(name, body)

"""Show records in a notebook: figures and a track, as HTML that fetches nothing."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, Final

from stravalib import units
from stravalib._models.track_svg import Place, track_svg

if TYPE_CHECKING:
    from stravalib.streams import StreamSet

# Sports measured by pace: meters, and what follows the time. The rest has km/h.
_PACES: Final[dict[str, tuple[float, str]]] = {
    "Run": (1000, "/km"),
    "TrailRun": (1000, "/km"),
    "VirtualRun": (1000, "/km"),
    "Walk": (1000, "/km"),
    "Hike": (1000, "/km"),
    "Snowshoe": (1000, "/km"),
    "Swim": (100, "/100 m"),
    "Rowing": (500, "/500 m"),
    "VirtualRow": (500, "/500 m"),
}
_SENSORS: Final = (("Heart rate", "heartrate", "bpm"), ("Power", "watts", "W"))
_CARD: Final = (
    "display:flex;flex-wrap:wrap;gap:16px;align-items:center;box-sizing:border-box;"
    "max-width:780px;padding:12px 16px;border:1px solid rgba(128,128,128,.4);"
    "border-radius:8px;font-family:system-ui,sans-serif;font-size:14px;line-height:1.35;margin:0"
)
_BOLD: Final = "margin:0;font-weight:600;white-space:nowrap"
_FAINT: Final = "opacity:.75;font-size:12px"


def activity_html(activity: Any) -> str:
    """Return a card of an activity; what is missing is left out.

    Figures are metric; the title of each gives miles, feet or mph.
    """
    name = str(
        _get(activity, "name") or f"Activity {_get(activity, 'id') or ''}"
    ).strip()
    sport = sport_of(activity)
    about = [_words(sport), _date(activity), str(_get(activity, "device_name") or "")]
    figures = "".join(
        f'<div title="{escape(hint)}"><dt style="{_FAINT};font-weight:normal">'
        f'{escape(label)}</dt><dd style="{_BOLD}">{escape(value)}</dd></div>'
        for label, value, hint in figures_of(activity, sport)
    )
    link = ""
    identity = _get(activity, "id")
    if isinstance(identity, int) and identity > 0:
        from stravalib import brand

        link = brand.view_on_strava_html(brand.activity_url(identity))
        link = f'<div style="{_FAINT};margin-top:8px">{link}</div>'
    svg = track_svg(track_of(activity), label=f"Track of {name}")
    return (
        f'<figure style="{_CARD}" aria-label="{escape(name)}">'
        f'{svg}<div style="flex:1 1 260px;min-width:0">'
        f'<div style="font-size:17px;font-weight:700;overflow-wrap:anywhere">'
        f"{escape(name)}</div>"
        f'<div style="{_FAINT}">{escape(" · ".join(filter(None, about)))}</div>'
        '<dl style="display:flex;flex-wrap:wrap;gap:8px 22px;margin:10px 0 0">'
        f"{figures}</dl>{link}</div></figure>"
    )


def figures_of(activity: Any, sport: str) -> list[tuple[str, str, str]]:
    """Return label, value and explanation of each figure that there is."""
    found: list[tuple[str, str, str]] = []
    meters = _number(activity, "distance")
    if meters:
        hint = f"{units.miles(meters):,.2f} mi"
        text = f"{meters:,.0f} m" if sport == "Swim" else f"{meters / 1000:,.2f} km"
        found.append(("Distance", text, hint))
    moving = _number(activity, "moving_time")
    elapsed = _number(activity, "elapsed_time")
    if moving:
        whole = f"Elapsed {units.hms(elapsed)}" if elapsed else "Time in motion"
        found.append(("Moving time", units.hms(moving) or "", whole))
    elif elapsed:
        found.append(("Elapsed time", units.hms(elapsed) or "", "From start to end"))
    speed = _number(activity, "average_speed")
    if speed and meters:
        found.append(_speed(speed, sport))
    climb = _number(activity, "total_elevation_gain")
    if climb:
        found.append(("Elevation", f"{climb:,.0f} m", f"{units.feet(climb):,.0f} ft"))
    for label, of, unit in (
        ("Heart rate", "heartrate", "bpm"),
        ("Power", "watts", "W"),
    ):
        mean = _number(activity, f"average_{of}")
        if not mean:
            continue
        most = _number(activity, f"max_{of}")
        hint = f"At most {most:,.0f} {unit}" if most else "Average"
        guess = of == "watts" and _get(activity, "device_watts") is False
        mark = "≈ " if guess else ""
        found.append((label, f"{mark}{mean:,.0f} {unit}", hint))
    energy = _number(activity, "calories")
    if energy:
        found.append(("Energy", f"{energy:,.0f} kcal", "Burnt"))
    return found


def _speed(speed: float, sport: str) -> tuple[str, str, str]:
    hint = f"{units.mph(speed):.1f} mph"
    if sport in _PACES:
        meters, unit = _PACES[sport]
        pace = units.min_per_km(speed * 1000 / meters)
        if pace is not None:
            return "Pace", f"{pace} {unit}", f"{units.min_per_mile(speed)} /mi, {hint}"
    return "Speed", f"{units.kph(speed):.1f} km/h", hint


def streams_html(streams: StreamSet) -> str:
    """Return a card of a set of streams: its track, and the range of each."""
    from stravalib._facts.streams import STREAM_UNITS
    from stravalib._streams.columns import column_of, pair_of

    if not streams:
        return f'<figure style="{_CARD}">No streams</figure>'
    right = "text-align:right;padding:2px 10px"
    rows = []
    for name, stream in streams.items():
        values = [value for value in stream.data or () if value is not None]
        numbers = [v for v in values if type(v) in (int, float)]
        low = high = ""
        if numbers and len(numbers) == len(values):
            low, high = (f"{number:,.6g}" for number in (min(numbers), max(numbers)))
        elif column_of(name, stream).values and set(map(type, values)) == {bool}:
            low, high = f"{values.count(True):,} true", f"{values.count(False):,} false"
        cells = (f"{len(values):,}", low, high, STREAM_UNITS.get(name, ""))
        rows.append(
            f'<tr><th scope="row" style="text-align:left;padding:2px 10px 2px 0">'
            f"{escape(name)}</th>"
            + "".join(f'<td style="{right}">{escape(cell)}</td>' for cell in cells)
            + "</tr>"
        )
    head = "".join(
        f'<th scope="col" style="{right};{_FAINT}">{word}</th>'
        for word in ("samples", "lowest", "highest", "unit")
    )
    track = streams.get("latlng")
    places = [] if track is None else [pair_of(pair) for pair in track.data or ()]
    count = len(streams.points)
    return (
        f'<figure style="{_CARD}" aria-label="Streams, {count:,} points">'
        f"{track_svg(places, label='Track of the streams')}"
        '<table style="border-collapse:collapse;font-variant-numeric:tabular-nums">'
        f'<caption style="text-align:left;font-weight:700">{count:,} points</caption>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        "</figure>"
    )


def sport_of(activity: Any) -> str:
    """Return the sport as Strava's word, empty where there is none."""
    for name in ("sport_type", "type"):
        value = _get(activity, name)
        value = getattr(value, "root", value)
        if value:
            return str(getattr(value, "value", value))
    return ""


def track_of(activity: Any) -> list[Place | None]:
    """Return the positions in an activity's map, the finer ones where it has both."""
    drawn = _get(activity, "map")
    for name in ("polyline", "summary_polyline"):
        line = _get(drawn, name)
        if isinstance(line, str) and line:
            import polyline

            try:
                return list(polyline.decode(line))
            except Exception:  # a torn text raises whatever it pleases
                continue
    return []


def _date(activity: Any) -> str:
    when = _get(activity, "start_local") or _get(activity, "start_date_local")
    if when is None or not hasattr(when, "strftime"):
        return ""
    offset = when.strftime("%z") if _get(activity, "start_local") else ""
    zone = f" UTC{offset[:3]}:{offset[3:5]}" if offset else ""
    return f"{when:%Y-%m-%d %H:%M}{zone}"


def _words(sport: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", sport)


def _get(thing: Any, name: str) -> Any:
    return getattr(thing, name, None)


def _number(activity: Any, name: str) -> float | None:
    value = _get(activity, name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) < 1e15 else None  # not NaN, not infinite

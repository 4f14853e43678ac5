from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import polyline
import pytest

from stravalib._models.track_svg import track_svg
from stravalib.model import DetailedActivity, Stream, SummaryActivity
from stravalib.streams import StreamSet

SVG = "{http://www.w3.org/2000/svg}"
COURSE = [(46.0, 7.0), (46.1, 7.0), (46.1, 7.2), (46.0, 7.2)]
RIDE = {
    "id": 154504250376823,
    "name": "Over the pass",
    "sport_type": "GravelRide",
    "distance": 82345.6,
    "moving_time": 12345,
    "elapsed_time": 14000,
    "average_speed": 6.67,
    "total_elevation_gain": 1420.0,
    "average_heartrate": 141.3,
    "max_heartrate": 178,
    "average_watts": 203.4,
    "device_watts": False,
    "calories": 2100.0,
    "device_name": "Garmin Edge 530",
    "start_date": "2026-05-01T05:30:00Z",
    "start_date_local": "2026-05-01T07:30:00Z",
    "timezone": "(GMT+01:00) Europe/Zurich",
    "utc_offset": 7200.0,
    "map": {
        "id": "a1",
        "polyline": polyline.encode(COURSE),
        "summary_polyline": polyline.encode(COURSE[:2]),
    },
}


class Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return "|".join(self.words)


def show(**changes) -> Reader:
    record = {**RIDE, **changes}
    record = {name: value for name, value in record.items() if value is not ...}
    return Reader(DetailedActivity.model_validate(record)._repr_html_())


def test_figures_of_a_ride():
    text = show().text
    for wanted in (
        "Over the pass",
        "Gravel Ride · 2026-05-01 07:30 UTC+02:00 · Garmin Edge 530",
        "Distance|82.35 km",
        "Moving time|03:25:45",
        "Speed|24.0 km/h",
        "Elevation|1,420 m",
        "Heart rate|141 bpm",
        "Power|≈ 203 W",
        "Energy|2,100 kcal",
        "View on Strava",
    ):
        assert wanted in text


@pytest.mark.parametrize(
    ("sport", "speed", "wanted"),
    [
        ("Run", 1000 / 299, "Pace|4:59 /km"),
        ("TrailRun", 2.0, "Pace|8:20 /km"),
        ("Swim", 100 / 95, "Pace|1:35 /100 m"),
        ("Rowing", 500 / 120, "Pace|2:00 /500 m"),
        ("Ride", 10.0, "Speed|36.0 km/h"),
        ("NewSport", 10.0, "Speed|36.0 km/h"),
        ("Run", 0.0001, "Speed|0.0 km/h"),
    ],
)
def test_pace_or_speed_by_sport(sport, speed, wanted):
    assert wanted in show(sport_type=sport, average_speed=speed).text


def test_power_that_was_measured_has_no_mark():
    assert "Power|203 W" in show(device_watts=True).text


def test_what_is_missing_is_left_out():
    text = Reader(SummaryActivity.model_validate({})._repr_html_()).text
    assert text.strip("|") == "Activity"
    text = show(distance=0.0, average_heartrate=None, moving_time=...).text
    assert "Distance" not in text
    assert "Heart" not in text
    assert "Speed" not in text
    assert "Elapsed time|03:53:20" in text


@pytest.mark.parametrize(
    "changes",
    [
        {"distance": "far", "moving_time": {}, "name": 7, "map": []},
        {"average_speed": math.nan, "average_watts": math.inf},
        {"map": {"polyline": "\x00\x01 torn ~~~~"}},
        {"start_date_local": "sometime", "sport_type": None, "type": None},
        {"id": -1, "utc_offset": "x", "timezone": "(GMT+99:00) No/Where"},
        {"sport_type": None, "type": "Ride"},
    ],
)
def test_odd_records_are_shown_too(changes):
    assert show(**changes).tags[0] == "figure"


@pytest.mark.parametrize("field", ["name", "device_name", "sport_type"])
def test_nothing_in_a_record_becomes_html(field):
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    html = DetailedActivity.model_validate({**RIDE, field: evil})._repr_html_()
    shown = Reader(html)
    assert "script" not in shown.tags
    assert "img" not in shown.tags
    assert not [name for name, _ in shown.attributes if name.startswith("on")]
    assert "<script>alert(1)</script>" in shown.text


def test_nothing_is_fetched():
    for shown in (show(), Reader(streams()._repr_html_())):
        assert {"img", "link", "script", "iframe", "image", "use"}.isdisjoint(
            shown.tags
        )
        names = {name for name, _ in shown.attributes}
        assert "src" not in names
        styles = " ".join(value or "" for name, value in shown.attributes)
        assert "url(" not in styles
        links = [value for name, value in shown.attributes if name == "href"]
        assert all(
            link.startswith("https://www.strava.com/activities/") for link in links
        )


def test_screen_readers_are_told():
    shown = show(name="A & B")
    assert ("role", "img") in shown.attributes
    assert ("aria-label", "A & B") in shown.attributes
    label = "Track of A & B; the circle is its start, the square its end"
    assert ("aria-label", label) in shown.attributes
    assert "title" in shown.tags


def test_the_finer_track_is_drawn():
    assert len(lines(show_svg(RIDE))[0]) == 4
    assert (
        len(
            lines(
                show_svg({**RIDE, "map": {"summary_polyline": "_p~iF~ps|U_ulLnnqC"}})
            )[0]
        )
        == 2
    )
    assert "svg" not in show(map=None).tags
    assert "svg" not in show(map={"id": "a", "summary_polyline": ""}).tags


def show_svg(record: dict) -> str:
    html = DetailedActivity.model_validate(record)._repr_html_()
    return re.search(r"<svg.*</svg>", html)[0]


def lines(svg: str) -> list[list[tuple[float, float]]]:
    path = ET.fromstring(svg).find(f"{SVG}path").get("d")
    return [
        [tuple(map(float, pair.split())) for pair in part.split("L")]
        for part in path.split("M")
        if part
    ]


def test_north_is_up_and_shapes_are_true():
    (track,) = lines(track_svg(COURSE, width=200, height=200))
    (x0, y0), (x1, y1), (x2, y2), _ = track
    assert x0 == x1
    assert y1 < y0  # the second is north of the first
    assert x2 > x1  # the third east of the second
    assert y1 == y2
    narrow = math.cos(math.radians(46.05))
    assert (x2 - x1) / (y0 - y1) == pytest.approx(2 * narrow, rel=0.01)
    assert all(0 <= value <= 200 for pair in track for value in pair)


def test_gaps_interrupt_the_line():
    parts = lines(track_svg([*COURSE[:2], None, *COURSE[2:]]))
    assert [len(part) for part in parts] == [2, 2]


def test_the_date_line_is_no_jump():
    (track,) = lines(track_svg([(-17, 179.9), (-17.05, -179.9), (-17.1, -179.8)]))
    xs = [x for x, _ in track]
    assert xs == sorted(xs)
    assert max(xs) - min(xs) > 100  # not squeezed to both edges of the world
    assert xs[1] - xs[0] == pytest.approx(2 * (xs[2] - xs[1]), rel=0.02)


@pytest.mark.parametrize("points", [[], [None], [(math.nan, 1)], [(91, 0)], [(1,)]])
def test_no_position_no_picture(points):
    assert track_svg(points) == ""


def test_a_single_place_is_a_dot():
    assert lines(track_svg([(46, 7)] * 5)) == [[(130, 90), (130, 90)]]


def test_long_tracks_make_small_pictures():
    spiral = [
        (46 + i * math.sin(i / 50) / 1e6, 7 + i * math.cos(i / 50) / 1e6)
        for i in range(30_000)
    ]
    svg = track_svg(spiral)
    (track,) = lines(svg)
    assert 500 < len(track) <= 1500
    assert len(svg) < 30_000
    square = ET.fromstring(svg).find(f"{SVG}rect")
    assert track[-1][0] == pytest.approx(float(square.get("x")) + 4, abs=0.11)
    assert track[-1][1] == pytest.approx(float(square.get("y")) + 4, abs=0.11)


def test_the_line_ends_where_the_track_ends():
    (track,) = lines(track_svg([(46, 7), (46, 7.1), (46, 7.1001)]))
    assert track[-1] == (250.0, 90.0)


def streams() -> StreamSet:
    return StreamSet(
        {
            "time": Stream(data=[0, 1, 2000]),
            "latlng": Stream(data=[list(pair) for pair in COURSE[:3]]),
            "heartrate": Stream(data=[100, None, 120]),
            "moving": Stream(data=[True, True, False]),
            "<b>": Stream(data=["x", {}, None]),
            "gone": Stream(),
        }
    )


def test_streams():
    shown = Reader(streams()._repr_html_())
    assert "3 points" in shown.text
    assert "time|3|0|2,000|s" in shown.text
    assert "heartrate|2|100|120|bpm" in shown.text
    assert "moving|3|2 true|1 false|bool" in shown.text
    assert "<b>|2" in shown.text
    assert "b" not in shown.tags
    assert "svg" in shown.tags
    assert Reader(StreamSet()._repr_html_()).text == "No streams"

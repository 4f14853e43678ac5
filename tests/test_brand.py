from __future__ import annotations

import pytest

from stravalib import brand


def test_words_are_exact():
    assert brand.VIEW_ON_STRAVA == "View on Strava"
    assert brand.STRAVA_ORANGE == "#FC5200"
    assert brand.POWERED_BY_STRAVA == "Powered by Strava"
    assert brand.COMPATIBLE_WITH_STRAVA == "Compatible with Strava"
    assert brand.__all__ == sorted(brand.__all__)


@pytest.mark.parametrize(
    ("builder", "wanted"),
    [
        (brand.activity_url, "https://www.strava.com/activities/154504250376823"),
        (brand.athlete_url, "https://www.strava.com/athletes/154504250376823"),
        (brand.club_url, "https://www.strava.com/clubs/154504250376823"),
        (brand.route_url, "https://www.strava.com/routes/154504250376823"),
        (brand.segment_url, "https://www.strava.com/segments/154504250376823"),
    ],
)
def test_pages(builder, wanted):
    assert builder(154504250376823) == wanted
    for wrong in (0, -3, True, 1.5):
        with pytest.raises(ValueError, match="above 0"):
            builder(wrong)


def test_gear():
    assert brand.gear_url("b123") == "https://www.strava.com/bikes/123"
    assert brand.gear_url("g9") == "https://www.strava.com/shoes/9"
    for wrong in ("", "b", "x1", "b1/../2", "b١"):
        with pytest.raises(ValueError, match="a bike's id"):
            brand.gear_url(wrong)


def test_mobile_authorization():
    assert brand.mobile_authorize_url(
        7, "https://example.com/back?a=1", "read,activity:read", "x y"
    ) == (
        "https://www.strava.com/oauth/mobile/authorize?client_id=7"
        "&redirect_uri=https%3A%2F%2Fexample.com%2Fback%3Fa%3D1&response_type=code"
        "&approval_prompt=auto&scope=read%2Cactivity%3Aread&state=x+y"
    )
    assert "state" not in brand.mobile_authorize_url(7, "https://example.com")


def test_link_back():
    link = brand.view_on_strava_html('https://x.test/?a=1&b="')
    assert link.startswith('<a href="https://x.test/?a=1&amp;b=&quot;" ')
    assert "underline" in link
    assert "bold" in link
    assert link.endswith(">View on Strava</a>")


@pytest.mark.parametrize(
    ("device", "wanted"),
    [
        ("Garmin Edge 530", "Garmin Edge 530"),
        ("GARMIN  fēnix 7", "Garmin fēnix 7"),
        ("Garmin", "Garmin"),
        ("Wahoo ELEMNT", None),
        ("Garminalike X", None),
        ("", None),
        (None, None),
    ],
)
def test_garmin(device, wanted):
    assert brand.garmin_credit(device) == wanted

"""Invented towns at real but lonely spots, with true time zones and plain weather."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, radians
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class Place:
    """A town, its country around and how warm and hilly it is there."""

    key: str
    city: str
    state: str
    country: str
    zone: str
    lat: float
    lng: float
    base: float  # metres above the sea
    relief: float  # metres between valleys and tops
    warm: float  # mean of the year, degrees Celsius
    season: float  # half the difference between July and January

    def position(self, x: float, y: float) -> tuple[float, float]:
        """Return latitude and longitude of a point x metres east, y north."""
        return (
            self.lat + y / METRES_PER_DEGREE,
            self.lng + x / (METRES_PER_DEGREE * cos(radians(self.lat))),
        )

    def temperature(self, local: datetime, altitude: float) -> float:
        """Return the air temperature at a local time and height."""
        day = local.timetuple().tm_yday
        hour = local.hour + local.minute / 60
        summer = cos(2 * pi * (day - 200) / 365.25)
        if self.lat < 0:
            summer = -summer
        daily = 4.5 * cos(2 * pi * (hour - 15.5) / 24)
        return (
            self.warm + self.season * summer + daily - 0.0065 * (altitude - self.base)
        )


HOMES: tuple[Place, ...] = (
    Place("ostermoor", "Ostermoor", "Bayern", "Germany", "Europe/Berlin",
          48.117, 10.872, 560.0, 270.0, 9.5, 10.0),
    Place("calderwick", "Calderwick", "England", "United Kingdom", "Europe/London",
          54.121, -2.294, 150.0, 210.0, 9.0, 6.0),
    Place("maple-hollow", "Maple Hollow", "Vermont", "United States",
          "America/New_York", 43.842, -72.556, 260.0, 240.0, 7.5, 13.0),
    Place("varenne", "Varenne-les-Prés", "Drôme", "France", "Europe/Paris",
          44.782, 5.041, 240.0, 280.0, 12.5, 8.5),
)  # fmt: skip

TRIPS: tuple[Place, ...] = (
    Place("hochried", "Hochried", "Tirol", "Austria", "Europe/Vienna",
          47.012, 11.023, 1450.0, 620.0, 4.0, 9.0),
    Place("kaveripura", "Kaveripura", "Karnataka", "India", "Asia/Kolkata",
          12.402, 76.012, 880.0, 160.0, 23.5, 2.5),
    Place("gumbank", "Gumbank", "South Australia", "Australia", "Australia/Adelaide",
          -34.702, 138.942, 320.0, 160.0, 15.5, 7.0),
    Place("phewadi", "Phewadi", "Gandaki", "Nepal", "Asia/Kathmandu",
          28.262, 83.902, 1250.0, 720.0, 17.0, 6.0),
    Place("barranco-alto", "Barranco Alto", "Canarias", "Spain", "Atlantic/Canary",
          28.292, -16.662, 900.0, 560.0, 17.0, 4.0),
    Place("spruce-arm", "Spruce Arm", "Newfoundland", "Canada", "America/St_Johns",
          48.712, -56.042, 180.0, 120.0, 4.0, 11.0),
)  # fmt: skip

# Where the made-up island of the trainer programs lies.
VIRTUAL = Place(
    "isle", "Velo Isle", "", "", "Etc/UTC", -11.642, 166.953, 20.0, 90.0, 20.0, 0.0
)

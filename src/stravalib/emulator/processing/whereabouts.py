"""Guess the time zone of a position: that of the nearest town of a short list.

Good enough inside countries, wrong near some borders; nothing is looked up anywhere.
"""

from __future__ import annotations

from math import cos, radians

# (zone, country, latitude, longitude); the first of a country is its default.
TOWNS: tuple[tuple[str, str, float, float], ...] = (
    ("Europe/Berlin", "Germany", 52.5, 13.4), ("Europe/Berlin", "Germany", 50.9, 7.0),
    ("Europe/Berlin", "Germany", 48.1, 11.6), ("Europe/Berlin", "Germany", 53.5, 10.0),
    ("Europe/London", "United Kingdom", 51.5, -0.1),
    ("Europe/London", "United Kingdom", 54.0, -2.3),
    ("Europe/London", "United Kingdom", 57.1, -3.9),
    ("Europe/Dublin", "Ireland", 53.3, -6.9), ("Europe/Lisbon", "Portugal", 39.0, -8.6),
    ("Europe/Madrid", "Spain", 40.4, -3.7), ("Europe/Madrid", "Spain", 41.6, 2.0),
    ("Europe/Madrid", "Spain", 37.4, -5.2), ("Europe/Madrid", "Spain", 42.9, -7.8),
    ("Atlantic/Canary", "Spain", 28.3, -16.4), ("Europe/Paris", "France", 48.9, 2.3),
    ("Europe/Paris", "France", 44.8, 0.2), ("Europe/Paris", "France", 45.2, 5.2),
    ("Europe/Paris", "France", 43.6, 6.5), ("Europe/Paris", "France", 48.1, -2.5),
    ("Europe/Brussels", "Belgium", 50.8, 4.6),
    ("Europe/Amsterdam", "Netherlands", 52.2, 5.3),
    ("Europe/Zurich", "Switzerland", 46.9, 8.0),
    ("Europe/Vienna", "Austria", 47.9, 15.8), ("Europe/Vienna", "Austria", 47.1, 11.6),
    ("Europe/Rome", "Italy", 42.2, 12.6), ("Europe/Rome", "Italy", 45.4, 9.6),
    ("Europe/Rome", "Italy", 40.7, 16.0), ("Europe/Rome", "Italy", 37.5, 14.2),
    ("Europe/Ljubljana", "Slovenia", 46.1, 14.6),
    ("Europe/Zagreb", "Croatia", 45.6, 16.2), ("Europe/Zagreb", "Croatia", 43.6, 16.4),
    ("Europe/Prague", "Czechia", 49.9, 15.3), ("Europe/Warsaw", "Poland", 52.0, 19.6),
    ("Europe/Budapest", "Hungary", 47.3, 19.3),
    ("Europe/Copenhagen", "Denmark", 55.7, 10.6), ("Europe/Oslo", "Norway", 60.2, 9.6),
    ("Europe/Oslo", "Norway", 66.5, 14.3), ("Europe/Stockholm", "Sweden", 59.1, 16.4),
    ("Europe/Stockholm", "Sweden", 65.0, 18.5),
    ("Europe/Helsinki", "Finland", 62.0, 25.6),
    ("Europe/Tallinn", "Estonia", 58.8, 25.6), ("Europe/Riga", "Latvia", 56.9, 24.8),
    ("Europe/Vilnius", "Lithuania", 55.2, 24.0), ("Europe/Kyiv", "Ukraine", 49.6, 31.2),
    ("Europe/Bucharest", "Romania", 45.6, 25.2),
    ("Europe/Sofia", "Bulgaria", 42.6, 24.6), ("Europe/Athens", "Greece", 38.6, 22.9),
    ("Europe/Istanbul", "Türkiye", 40.2, 31.8), ("Europe/Moscow", "Russia", 55.8, 38.0),
    ("Atlantic/Reykjavik", "Iceland", 64.7, -19.5),
    ("America/New_York", "United States", 40.7, -74.6),
    ("America/New_York", "United States", 34.0, -83.0),
    ("America/New_York", "United States", 28.2, -81.6),
    ("America/New_York", "United States", 42.4, -83.4),
    ("America/New_York", "United States", 43.8, -72.0),
    ("America/Chicago", "United States", 41.8, -88.6),
    ("America/Chicago", "United States", 30.4, -97.6),
    ("America/Chicago", "United States", 45.0, -94.0),
    ("America/Chicago", "United States", 35.2, -91.0),
    ("America/Denver", "United States", 39.7, -105.4),
    ("America/Denver", "United States", 43.6, -113.0),
    ("America/Phoenix", "United States", 33.4, -112.0),
    ("America/Los_Angeles", "United States", 37.7, -121.8),
    ("America/Los_Angeles", "United States", 34.1, -117.8),
    ("America/Los_Angeles", "United States", 46.6, -121.4),
    ("America/Anchorage", "United States", 61.8, -150.0),
    ("Pacific/Honolulu", "United States", 20.8, -157.0),
    ("America/Toronto", "Canada", 44.2, -78.6),
    ("America/Toronto", "Canada", 46.4, -72.6),
    ("America/Halifax", "Canada", 45.0, -63.4),
    ("America/St_Johns", "Canada", 48.4, -55.4),
    ("America/Winnipeg", "Canada", 50.2, -97.6),
    ("America/Regina", "Canada", 51.0, -105.6),
    ("America/Edmonton", "Canada", 52.2, -113.8),
    ("America/Vancouver", "Canada", 50.0, -122.4),
    ("America/Mexico_City", "Mexico", 20.0, -99.8),
    ("America/Costa_Rica", "Costa Rica", 9.9, -84.1),
    ("America/Bogota", "Colombia", 5.0, -74.4), ("America/Lima", "Peru", -11.8, -76.0),
    ("America/Santiago", "Chile", -33.8, -70.9),
    ("America/Argentina/Buenos_Aires", "Argentina", -34.4, -60.6),
    ("America/Sao_Paulo", "Brazil", -23.2, -46.8),
    ("Africa/Casablanca", "Morocco", 32.6, -7.0), ("Africa/Cairo", "Egypt", 30.0, 31.2),
    ("Africa/Nairobi", "Kenya", -0.6, 36.4),
    ("Africa/Johannesburg", "South Africa", -33.6, 19.4),
    ("Africa/Johannesburg", "South Africa", -26.6, 28.4),
    ("Asia/Jerusalem", "Israel", 32.0, 34.9),
    ("Asia/Dubai", "United Arab Emirates", 25.0, 55.2),
    ("Asia/Tehran", "Iran", 35.2, 51.4), ("Asia/Karachi", "Pakistan", 31.0, 72.4),
    ("Asia/Kolkata", "India", 13.0, 77.2), ("Asia/Kolkata", "India", 28.4, 77.2),
    ("Asia/Kolkata", "India", 19.2, 74.0), ("Asia/Kolkata", "India", 22.8, 88.2),
    ("Asia/Kathmandu", "Nepal", 28.0, 84.6), ("Asia/Dhaka", "Bangladesh", 24.0, 90.6),
    ("Asia/Bangkok", "Thailand", 14.0, 100.6),
    ("Asia/Ho_Chi_Minh", "Vietnam", 12.0, 107.4),
    ("Asia/Singapore", "Singapore", 1.3, 103.8),
    ("Asia/Kuala_Lumpur", "Malaysia", 3.4, 101.8),
    ("Asia/Jakarta", "Indonesia", -6.6, 107.4),
    ("Asia/Manila", "Philippines", 14.6, 121.0),
    ("Asia/Hong_Kong", "Hong Kong", 22.3, 114.2),
    ("Asia/Taipei", "Taiwan", 24.2, 120.8), ("Asia/Shanghai", "China", 31.0, 120.6),
    ("Asia/Shanghai", "China", 39.8, 116.2), ("Asia/Shanghai", "China", 30.4, 105.0),
    ("Asia/Seoul", "South Korea", 36.6, 127.6), ("Asia/Tokyo", "Japan", 35.6, 139.2),
    ("Asia/Tokyo", "Japan", 34.2, 133.4), ("Asia/Tokyo", "Japan", 43.2, 142.2),
    ("Australia/Perth", "Australia", -32.0, 116.2),
    ("Australia/Darwin", "Australia", -13.4, 131.4),
    ("Australia/Adelaide", "Australia", -34.8, 138.8),
    ("Australia/Brisbane", "Australia", -27.0, 152.6),
    ("Australia/Sydney", "Australia", -33.8, 150.6),
    ("Australia/Melbourne", "Australia", -37.6, 145.0),
    ("Australia/Hobart", "Australia", -42.4, 146.8),
    ("Pacific/Auckland", "New Zealand", -37.8, 175.4),
    ("Pacific/Auckland", "New Zealand", -44.2, 170.6),
)  # fmt: skip
FAR = 900.0  # kilometres beyond which no town says anything


def zone_at(lat: float, lng: float) -> str | None:
    """Return the zone of the nearest town, None far from all of them."""
    best, zone = FAR, None
    scale = cos(radians(lat))
    for name, _, north, east in TOWNS:
        across = abs(lng - east)
        across = min(across, 360 - across) * scale
        distance = 111.2 * ((lat - north) ** 2 + across**2) ** 0.5
        if distance < best:
            best, zone = distance, name
    return zone


def zone_of_country(country: str | None) -> str | None:
    """Return the zone of the first town of a country."""
    return next((zone for zone, name, *_ in TOWNS if name == country), None)

"""Clubs with events, routes with waypoints."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from stravalib.emulator.processing import derive, maps
from stravalib.emulator.processing.detail import number_of
from stravalib.emulator.processing.parts import stamp
from stravalib.emulator.records import ClubRecord, Json, RouteRecord
from stravalib.emulator.world.dice import Dice
from stravalib.emulator.world.outing import over
from stravalib.emulator.world.people import Person, summary_athlete

if TYPE_CHECKING:
    from stravalib.emulator.world.atlas import Atlas
    from stravalib.emulator.world.places import Place

FIRST_ROUTE_ID = 3_200_000_000_000_000_000
CLUBS = (
    ("{city} Lauftreff & Friends", "running", ["Run", "TrailRun"], "casual_club"),
    ("Velo {city}", "cycling", ["Ride", "GravelRide", "VirtualRide"], "racing_team"),
)
ROUTES = (
    ("Evening round", "town", 9.0, 2, 1),
    ("Sunday classic", "country", 62.0, 1, 1),
    ("Woods and ridges", "trail", 14.0, 2, 4),
)
WAYPOINTS = (
    ("Bakery", ["food"]), ("Spring water", ["water"]), ("Viewpoint", ["scenic_point"]),
    ("Ferry, check times", ["info"]),
)  # fmt: skip


def clubs_of(
    place: Place, members: list[int], people: list[Person], now: datetime
) -> list[ClubRecord]:
    """Write the clubs of a town; the members are ids, some of them people here."""
    return [_club(place, index, members, people, now) for index in range(len(CLUBS))]


def _club(
    place: Place, index: int, members: list[int], people: list[Person], now: datetime
) -> ClubRecord:
    name, sport, types, kind = CLUBS[index]
    dice = Dice("club", place.key, index)
    ident = number_of("club", place.key, index, digits=6)
    pictures = f"https://pictures.strava.example/clubs/{ident}"
    events = [_event(ident, name, place, dice, n, now, people, types) for n in range(3)]
    owner = members[0] if members else number_of("owner", ident, digits=8)
    detail: Json = {
        "id": ident,
        "resource_state": 3,
        "name": name.format(city=place.city),
        "profile_medium": f"{pictures}/1/medium.jpg",
        "profile": f"{pictures}/1/large.jpg",
        "cover_photo": f"{pictures}/2/large.jpg",
        "cover_photo_small": f"{pictures}/2/small.jpg",
        "activity_types": types,
        "activity_types_icon": f"sports_{sport}_normal",
        "dimensions": ["distance", "num_activities", "best_activities_distance",
                       "elev_gain", "moving_time", "velocity"],
        "sport_type": sport,
        "localized_sport_type": sport.capitalize(),
        "city": place.city,
        "state": place.state,
        "country": place.country,
        "private": index == 1,
        "member_count": len(members) + dice.whole(8, 140),
        "featured": False,
        "verified": False,
        "url": f"{place.key}-{sport}",
        "membership": "member",
        "admin": False,
        "owner": False,
        "description": f"We meet at the fountain of {place.city}.",
        "club_type": kind,
        "post_count": dice.whole(0, 40),
        "owner_id": owner,
        "website": "",
        "following_count": dice.whole(0, 9),
    }  # fmt: skip
    return ClubRecord(detail, list(members), [owner], events)


def _event(
    club_id: int, club: str, place: Place, dice: Dice, number: int, now: datetime,
    people: list[Person], types: list[str],
) -> Json:  # fmt: skip
    first = now.replace(hour=8, minute=30, second=0, microsecond=0)
    first += timedelta(days=2 + 5 * number - 20 * (number == 2))
    ident = number_of("event", club_id, number, digits=7)
    lat, lng = place.position(dice.between(-400, 400), dice.between(-400, 400))
    organizer = summary_athlete(people[0]) if people else None
    return {
        "id": ident,
        "resource_state": 2,
        "title": ("Saturday social", "Hill repeats", "Season opening")[number],
        "description": "Bring lights. Nobody is left behind.",
        "club_id": club_id,
        "club": {
            "id": club_id,
            "resource_state": 1,
            "name": club.format(city=place.city),
        },
        "organizing_athlete": organizer,
        "activity_type": types[0],
        "created_at": "" if number == 1 else stamp(first - timedelta(days=30)),
        "route_id": None,
        "route": None,
        "women_only": False,
        "private": False,
        "skill_levels": dice.pick((1, 2, 4)),
        "terrain": dice.whole(0, 2),
        "upcoming_occurrences": [
            stamp(first + timedelta(days=7 * week))
            for week in range(3)
            if first + timedelta(days=7 * week) > now
        ],
        "zone": place.zone,
        "address": f"Fountain, {place.city}",
        "joined": number == 0,
        "start_latlng": None if number == 1 else [round(lat, 5), round(lng, 5)],
    }


def routes_of(person: Person, atlas: Atlas, now: datetime) -> list[RouteRecord]:
    """Write the routes that an athlete drew at home."""
    return [_route(person, atlas, index, now) for index in range(len(ROUTES))]


def _route(person: Person, atlas: Atlas, index: int, now: datetime) -> RouteRecord:
    name, scale, length, kind, sub = ROUTES[index]
    dice = Dice("drawn", person.athlete_id, index)
    roads = atlas.roads(scale)
    crossed = [s for s in atlas.stretches() if s.scale == scale]
    if crossed:
        nodes = over(roads, (0, 0), dice.pick(crossed).nodes, dice, length * 1000)
    else:
        nodes = roads.loop(dice, (0, 0), length * 1000)
    path = roads.path(f"drawn/{person.athlete_id}/{index}", nodes)
    number = FIRST_ROUTE_ID + number_of("route", person.athlete_id, index, digits=17)
    latlng = [[round(lat, 6), round(lng, 6)] for lat, lng in path.positions]
    heights = [round(height, 2) for height in path.heights]
    fine, summary = maps.lines(latlng)
    made = now - timedelta(days=dice.whole(20, 500), seconds=dice.whole(0, 80_000))
    changed = made + timedelta(days=dice.whole(0, 15))
    maps_url = f"https://maps.strava.example/routes/{number}"
    segments = [
        dict(stretch.summary)
        for stretch in atlas.stretches()
        if stretch.scale == scale
        and any(
            tuple(nodes[i : i + len(stretch.nodes)]) == stretch.nodes
            for i in range(len(nodes))
        )
    ]
    points = []
    for title, categories in dice.some(WAYPOINTS, 2 if index else 1):
        at = int(dice.between(0.2, 0.8) * (len(latlng) - 1))
        points.append(
            {
                "latlng": latlng[at],
                "target_latlng": None,
                "categories": categories,
                "title": title,
                "description": None,
                "distance_into_route": round(path.distances[at], 1),
            }
        )
    detail: Json = {
        "athlete": summary_athlete(person),
        "description": None if index else "Flat, lit in winter.",
        "distance": path.length,
        "elevation_gain": derive.climb(heights),
        "id": number,
        "id_str": str(number),
        "map": {
            "id": f"r{number}",
            "polyline": fine,
            "summary_polyline": summary,
            "resource_state": 3,
        },
        "map_urls": {
            "url": f"{maps_url}.png",
            "retina_url": f"{maps_url}@2x.png",
            "light_url": f"{maps_url}-light.png",
            "dark_url": f"{maps_url}-dark.png",
        },
        "name": f"{name} {person.home.city}",
        "private": index == 2,
        "resource_state": 3,
        "starred": index == 1,
        "sub_type": sub,
        "created_at": stamp(made),
        "updated_at": stamp(changed),
        "timestamp": int(made.timestamp()),
        "type": kind,
        "estimated_moving_time": round(
            path.length / (person.pace if kind == 2 else 7.4)
        ),
        "segments": segments,
        "waypoints": points,
    }
    distances = [round(metres, 1) for metres in path.distances]
    return RouteRecord(
        detail, {"latlng": latlng, "distance": distances, "altitude": heights}
    )

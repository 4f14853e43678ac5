"""Invented athletes: who they are, what they ride and what they wear."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from stravalib.emulator.processing.detail import number_of
from stravalib.emulator.processing.parts import stamp
from stravalib.emulator.processing.zones import Body
from stravalib.emulator.world.dice import Dice
from stravalib.emulator.world.motion import Device
from stravalib.emulator.world.places import HOMES, Place

if TYPE_CHECKING:
    from stravalib.emulator.records import Json

FIRST_F = ("Mira", "Tove", "Anouk", "Leonie", "Saskia", "Ines", "Priya", "Hanne",
           "Odile", "Freya", "Noor", "Carys")  # fmt: skip
FIRST_M = ("Jonas", "Emil", "Ravi", "Tomas", "Luc", "Henrik", "Callum", "Mateo",
           "Oskar", "Idris", "Bram", "Yuto")  # fmt: skip
LAST = ("Ahlgren", "Brockwell", "Castellane", "Dornfeld", "Eschbach", "Fennimore",
        "Grautoff", "Hollinshed", "Ivarsdal", "Juncker-Roy", "Kestelman",
        "Lindqvarn", "Marchbank", "Nettlefold", "Oberhauser", "Pravdin",
        "Quillfeather", "Rautenkamp", "Sundberry", "Thackwray")  # fmt: skip

WATCHES = (
    Device("Garmin Forerunner 955", "garmin_ping_{n}", interval=4),
    Device("Garmin fēnix 7", "garmin_ping_{n}", interval=4),
    Device("COROS PACE 3", "{stamp}.fit", interval=3, power=True, pauses=False),
    Device("Apple Watch Ultra 2", "{uuid}.fit", interval=3, temperature=False),
)
COMPUTERS = (
    Device("Wahoo ELEMNT BOLT", "{stamp}-ELEMNT BOLT.fit", interval=4, power=True),
    Device("Garmin Edge 840", "garmin_ping_{n}", interval=5, power=True),
    Device("Hammerhead Karoo 2", "{uuid}.activity.fit", interval=4, power=False),
)
PHONE = Device(
    "Strava App", "{uuid}-activity.fit", interval=5, heartrate=False, cadence=False,
    temperature=False, pauses=False, barometer=False,
)  # fmt: skip
TRAINER = Device("Zwift", "zwift-activity-{n}.fit", interval=3, power=True,
                 temperature=False)  # fmt: skip
BIKES = (
    ("Road bike", "Alderman", "Strada 6", 3, 8.1),
    ("Gravel", "Fenwick", "Allroad", 5, 9.4),
    ("Hardtail", "Murkwood", "Trace 29", 1, 12.2),
    ("Commuter", "Stadtrad", "Seven", 2, 14.0),
)
SHOES = (
    ("Daily trainers", "Pacewell", "Glide 9"),
    ("Trail shoes", "Scree", "Ridge 3"),
    ("Racing flats", "Pacewell", "Volare"),
    ("Old faithfuls", "Kestrel", "Tempo"),
)


@dataclass(slots=True)
class Person:
    """An athlete before there are activities."""

    index: int
    athlete_id: int
    first: str
    last: str
    sex: str
    home: Place
    body: Body
    resting: int
    threshold: int
    pace: float  # easy running speed, m/s
    ftp: int
    watch: Device
    computer: Device
    subscriber: bool
    created: datetime
    likes: str  # runner, cyclist or both
    gear: list[Json] = field(default_factory=list)


def athlete_id(seed: int, index: int) -> int:
    """Return the id of the athlete of this number."""
    return number_of("athlete", seed, index, digits=8)


def person(seed: int, index: int, born: datetime) -> Person:
    """Invent the athlete of this number; ``born`` is before the first activity."""
    dice = Dice("person", seed, index)
    female = dice.chance(0.5)
    weight = round(dice.bell(61.0 if female else 74.0, 5.0), 1)
    top = dice.whole(178, 197)
    ftp = round(weight * dice.between(2.8, 4.2))
    home = HOMES[(index + seed - 1) % len(HOMES)]
    answer = Person(
        index=index,
        athlete_id=athlete_id(seed, index),
        first=dice.pick(FIRST_F if female else FIRST_M),
        last=dice.pick(LAST),
        sex="F" if female else "M",
        home=home,
        body=Body(weight=weight, max_heartrate=top, ftp=ftp),
        resting=dice.whole(44, 58),
        threshold=round(top * 0.9),
        pace=dice.between(2.65, 3.25),
        ftp=ftp,
        watch=dice.pick(WATCHES),
        computer=COMPUTERS[index % len(COMPUTERS)],
        subscriber=index == 0 or dice.chance(0.6),
        created=born
        - timedelta(days=dice.whole(60, 900), seconds=dice.whole(0, 80_000)),
        likes=("both", "runner", "cyclist")[index % 3],
    )
    answer.gear = [
        *(_bike(answer, number) for number in range(len(BIKES))),
        *(_shoe(answer, number) for number in range(len(SHOES))),
    ]
    return answer


def _bike(owner: Person, number: int) -> Json:
    name, brand, model, frame, weight = BIKES[number]
    return {
        "id": f"b{number_of('bike', owner.athlete_id, number, digits=8)}",
        "primary": number == 0,
        "name": name,
        "nickname": None if number == 2 else name,
        "resource_state": 3,
        "retired": False,
        "distance": 0,
        "converted_distance": 0.0,
        "brand_name": brand,
        "model_name": model,
        "frame_type": frame,
        "description": "",
        "weight": weight,
    }


def _shoe(owner: Person, number: int) -> Json:
    name, brand, model = SHOES[number]
    return {
        "id": f"g{number_of('shoe', owner.athlete_id, number, digits=8)}",
        "primary": number == 0,
        "name": f"{brand} {model}",
        "nickname": name,
        "resource_state": 3,
        "retired": number == len(SHOES) - 1,
        "distance": 0,
        "converted_distance": 0.0,
        "brand_name": brand,
        "model_name": model,
        "description": "",
        "notification_distance": 800,
    }


def summary_gear(gear: Json) -> Json:
    """Return the SummaryGear inside a DetailedGear."""
    keys = ("id", "primary", "name", "nickname", "resource_state", "retired",
            "distance", "converted_distance")  # fmt: skip
    return {**{key: gear[key] for key in keys}, "resource_state": 2}


def picture(athlete: int, size: str) -> str:
    """Return the address of a profile picture (nothing is served there)."""
    return f"https://pictures.strava.example/athletes/{athlete}/1/{size}.jpg"


def summary_athlete(person: Person) -> Json:
    """Write the SummaryAthlete of a person."""
    name = f"{person.first}_{person.last}".lower().replace("-", "_")
    return {
        "id": person.athlete_id,
        "id_str": str(person.athlete_id),
        "username": name,
        "resource_state": 2,
        "firstname": person.first,
        "lastname": person.last,
        "bio": None,
        "city": person.home.city,
        "state": person.home.state,
        "country": person.home.country,
        "sex": person.sex,
        "premium": person.subscriber,
        "summit": person.subscriber,
        "created_at": stamp(person.created),
        "updated_at": stamp(person.created + timedelta(days=40)),
        "badge_type_id": 1 if person.subscriber else 0,
        "weight": person.body.weight,
        "profile_medium": picture(person.athlete_id, "medium"),
        "profile": picture(person.athlete_id, "large"),
        "friend": None,
        "follower": None,
    }


def detailed_athlete(person: Person, clubs: list[Json], gear: list[Json]) -> Json:
    """Write the DetailedAthlete of a person; ``gear`` are the summaries."""
    imperial = person.home.country == "United States"
    return {
        **summary_athlete(person),
        "resource_state": 3,
        "blocked": False,
        "can_follow": True,
        "follower_count": 20 + person.athlete_id % 60,
        "friend_count": 12 + person.athlete_id % 40,
        "mutual_friend_count": 0,
        "athlete_type": 0 if person.likes == "cyclist" else 1,
        "date_preference": "%m/%d/%Y" if imperial else "%d/%m/%Y",
        "measurement_preference": "feet" if imperial else "meters",
        "postable_clubs_count": 0,
        "clubs": clubs,
        "ftp": person.ftp,
        "bikes": [item for item in gear if item["id"][0] == "b"],
        "shoes": [item for item in gear if item["id"][0] == "g"],
    }

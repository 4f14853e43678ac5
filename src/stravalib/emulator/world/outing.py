"""Carry out an outing: choose the way, move along it, record it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import timedelta
from math import cos, exp, fsum, pi, sin
from typing import TYPE_CHECKING

from stravalib.emulator.processing.parts import Lap
from stravalib.emulator.world.dice import Dice
from stravalib.emulator.world.motion import (
    Device,
    Effort,
    Gait,
    Recording,
    foot_gait,
    pool,
    still,
    travel,
    wheel_gait,
)
from stravalib.emulator.world.people import PHONE, TRAINER, Person
from stravalib.emulator.world.roads import Node, Path, Roads

if TYPE_CHECKING:
    from stravalib.emulator.world.atlas import Atlas
    from stravalib.emulator.world.calendar import Outing
    from stravalib.emulator.world.places import Place


@dataclass(frozen=True, slots=True)
class Style:
    """How a style is done: its sport, its ground, its strain."""

    sport: str
    ground: str  # town, country, trail, virtual, river, lake, slope, pool or none
    wheels: bool = False
    intensity: float = 0.75
    speed: float = 1.0  # factor on the easy running pace
    gear: int | None = None  # index into the person's gear


STYLES: dict[str, Style] = {
    "run": Style("Run", "town", gear=4),
    "longrun": Style("Run", "town", intensity=0.76, speed=0.97, gear=4),
    "trail": Style("TrailRun", "trail", intensity=0.8, speed=0.9, gear=5),
    "walk": Style("Walk", "town", intensity=0.3, speed=0.47),
    "hike": Style("Hike", "trail", intensity=0.45, speed=0.42),
    "snowshoe": Style("Snowshoe", "trail", intensity=0.55, speed=0.34),
    "nordic": Style("NordicSki", "trail", intensity=0.8, speed=1.35),
    "inline": Style("InlineSkate", "town", intensity=0.6, speed=1.6),
    "ride": Style("Ride", "country", wheels=True, intensity=0.72, gear=0),
    "longride": Style("Ride", "country", wheels=True, intensity=0.66, gear=0),
    "gravel": Style("GravelRide", "country", wheels=True, intensity=0.7, gear=1),
    "mountainbike": Style("MountainBikeRide", "trail", wheels=True, intensity=0.74,
                          gear=2),
    "ebike": Style("EBikeRide", "country", wheels=True, intensity=0.5),
    "commute": Style("Ride", "town", wheels=True, intensity=0.58, gear=3),
    "virtual": Style("VirtualRide", "virtual", wheels=True, intensity=0.8, gear=0),
    "trainer": Style("Ride", "country", wheels=True, intensity=0.78, gear=0),
    "rowing": Style("Rowing", "river", intensity=0.7, speed=1.15),
    "kayak": Style("Kayaking", "river", intensity=0.5, speed=0.75),
    "lake": Style("Swim", "lake", intensity=0.72, speed=0.33),
    "pool": Style("Swim", "pool"),
    "alpine": Style("AlpineSki", "slope"),
    "rowmachine": Style("Rowing", "none", intensity=0.75),
    "strength": Style("WeightTraining", "none", intensity=0.42),
    "yoga": Style("Yoga", "none", intensity=0.18),
    "badminton": Style("Badminton", "none", intensity=0.68),
    "padel": Style("Padel", "none", intensity=0.6),
    "climbing": Style("RockClimbing", "none", intensity=0.4),
}  # fmt: skip
STREETS = 3
LENGTHS: dict[str, tuple[float, ...]] = {
    "town": (3.2, 5.0, 6.2, 7.5, 8.8, 10.0, 12.0, 15.0, 18.5, 22.0),
    "trail": (5.0, 7.0, 9.5, 12.5, 16.0, 20.0, 26.0),
    "country": (20.0, 27.0, 35.0, 44.0, 56.0, 70.0, 88.0, 108.0),
    "virtual": (18.0, 24.0, 31.0, 38.0),
}


@dataclass(slots=True)
class Done:
    """An outing carried out: its samples and the way it took."""

    recording: Recording
    device: Device
    style: Style
    path: Path | None = None
    route: str = ""
    manual: bool = False
    changes: tuple[str, ...] = ()


def carry_out(person: Person, outing: Outing, atlas: Atlas, virtual: Atlas) -> Done:
    """Do the outing; the same outing gives the same samples."""
    style = STYLES[outing.style]
    dice = Dice("outing", *outing.words)
    device = _device(person, outing, style, dice)
    effort = _effort(person, outing, style, dice)
    if style.ground == "none":
        return _indoors(outing, style, device, effort, dice)
    if style.ground == "pool":
        lengths = round(outing.amount * 1000 / 25 / 4) * 4
        pace = 0.33 * person.pace * outing.fitness * dice.bell(1.0, 0.02)
        return Done(pool(25.0, lengths, pace, effort, dice), device, style)
    if style.ground == "slope":
        return Done(_skiing(outing, atlas, effort, dice), device, style)
    path, route = _way(person, outing, style, atlas, virtual, dice)
    effort = _plan(effort, outing, style, path, dice)

    def warmth(seconds: float, height: float) -> float:
        return outing.place.temperature(
            outing.start + timedelta(seconds=seconds), height
        )

    first = warmth(0.0, path.heights[0])
    hours = path.length / 3 / 3600
    trend = (warmth(hours * 3600, path.heights[0]) - first) / max(1.0, hours * 3600)
    base = path.heights[0]
    recording = travel(
        path,
        effort,
        device,
        dice,
        temperature=lambda s, h: first + trend * s - 0.0065 * (h - base),
        wheels=style.wheels,
        indoor=outing.style == "trainer",
    )
    if outing.style == "ebike":
        recording.streams.pop("watts", None)
    return Done(recording, device, style, path, route)


def _device(person: Person, outing: Outing, style: Style, dice: Dice) -> Device:
    if outing.style == "virtual":
        return TRAINER
    device = person.computer if style.wheels else person.watch
    if outing.style == "trainer":
        return replace(device, power=True)
    if outing.style in {"walk", "hike", "commute"} and dice.chance(0.4):
        return PHONE
    if outing.style in {"commute", "mountainbike"}:
        device = replace(device, power=False)
    if not style.wheels and style.sport not in {"Run", "TrailRun"}:
        device = replace(device, power=False)
    if dice.chance(0.06):
        device = replace(device, heartrate=False)  # the strap stayed at home
    if outing.amount < 12 and dice.chance(0.25):
        device = replace(device, interval=1)
    elif outing.amount > 40:
        device = replace(device, interval=device.interval + 3)  # saves memory
    if style.sport in {"Rowing", "Kayaking", "Swim", "InlineSkate", "NordicSki"}:
        device = replace(device, cadence=style.sport == "Rowing")
    return device


def _effort(person: Person, outing: Outing, style: Style, dice: Dice) -> Effort:
    strain = style.intensity * dice.bell(1.0, 0.03)
    if outing.race:
        strain *= 1.24 if outing.amount < 15 else 1.15
    if style.wheels:
        watts = person.ftp * outing.fitness * strain
        gait = _wheels(outing.style, watts, person)
    else:
        pace = person.pace * outing.fitness * style.speed * strain / style.intensity
        gait = foot_gait(
            pace,
            trail=style.ground == "trail",
            walking=style.sport in {"Walk", "Hike", "Snowshoe"},
        )
    return Effort(
        gait=gait,
        threshold=person.threshold,
        resting=person.resting,
        max_heartrate=person.body.max_heartrate,
        ftp=person.ftp * outing.fitness,
        intensity=strain,
    )


def _wheels(style: str, watts: float, person: Person) -> Gait:
    mass = person.body.weight + 10
    if style == "mountainbike":
        return wheel_gait(watts, mass=mass + 4, drag=0.45, rolling=0.018, top=11.0)
    if style == "gravel":
        return wheel_gait(watts, mass=mass + 2, drag=0.38, rolling=0.009, top=13.5)
    if style == "ebike":
        return wheel_gait(watts + 140, mass=mass + 16, drag=0.5, top=9.5)
    if style == "commute":
        return wheel_gait(watts, mass=mass + 6, drag=0.5, rolling=0.008, top=9.5)
    return wheel_gait(watts, mass=mass)


def _plan(
    effort: Effort, outing: Outing, style: Style, path: Path, dice: Dice
) -> Effort:
    """Add intervals, laps and breaks of an outing on this path."""
    length = path.length
    lap_metres = 0.0
    changes: list[tuple[float, float]] = []
    if outing.intervals and length > 4500:
        work, rest = dice.pick(((400.0, 200.0), (800.0, 300.0), (1000.0, 400.0)))
        at = 1600.0
        while at + work + rest < length - 900:
            changes += [(at, 1.27), (at + work, 0.82)]
            at += work + rest
        changes.append((at, 0.95))
    elif outing.race:
        changes = [(0.0, 1.06), (0.12 * length, 1.0), (0.7 * length, 0.97),
                   (max(0.0, length - 700), 1.1)]  # fmt: skip
    elif length > 15_000 and not style.wheels:
        changes = [(0.65 * length, 0.97), (0.85 * length, 0.94)]
    if style.sport in {"Run", "TrailRun"} or outing.race:
        lap_metres = 1000.0 if style.ground == "town" else 0.0
    elif style.wheels and length > 40_000 and dice.chance(0.5):
        lap_metres = 10_000.0
    breaks: list[tuple[float, int]] = []
    if style.sport == "Hike" or (style.wheels and length > 45_000 and not outing.race):
        pauses = 1 + int(length / (6000 if style.sport == "Hike" else 48_000))
        for number in range(pauses):
            share = (number + dice.between(0.4, 0.9)) / pauses
            breaks.append((share * length * 0.95, dice.whole(240, 2100)))
    return replace(
        effort,
        changes=tuple(changes),
        lap_metres=lap_metres,
        break_at=tuple(breaks),
    )


def _indoors(
    outing: Outing, style: Style, device: Device, effort: Effort, dice: Dice
) -> Done:
    seconds = round(outing.amount * 60)
    if dice.chance(0.35) and outing.style != "rowmachine":
        return Done(Recording({}), device, style, manual=True)
    blocks = [
        style.intensity * dice.between(0.55, 1.4) for _ in range(max(4, seconds // 150))
    ]
    blocks[0] *= 0.6
    return Done(still(seconds, blocks, effort, dice), device, style)


def _home(person: Person, place: Place, scale: str) -> tuple[int, Node]:
    """Return which of a few streets of a place the athlete starts from, and where.

    Neighbours share their ways, as people do.
    """
    street = person.athlete_id % STREETS
    if scale in {"country", "virtual"}:
        return 0, (0, 0)
    dice = Dice("street", street, place.key, scale)
    return street, (dice.whole(-3, 3), dice.whole(-3, 3))


def _way(
    person: Person,
    outing: Outing,
    style: Style,
    atlas: Atlas,
    virtual: Atlas,
    dice: Dice,
) -> tuple[Path, str]:
    ground = style.ground
    if ground in {"river", "lake"}:
        make = _river if ground == "river" else _lake
        return make(atlas, outing, dice), ""
    if ground == "virtual":
        atlas = virtual
    lengths = LENGTHS[ground]
    number = min(range(len(lengths)), key=lambda i: abs(lengths[i] - outing.amount))
    twin = 0 if outing.commute else dice.whole(0, 1)
    street, home = _home(person, atlas.place, ground)
    route = f"{street}/{atlas.place.key}/{ground}/{number}/{twin}"
    if outing.style == "trainer":
        number = 2
    if outing.commute:
        route = f"{street}/{atlas.place.key}/commute/{outing.commute}"
    scale = "country" if ground == "virtual" else ground
    roads = atlas.roads(scale)

    def draw() -> Path:
        draws = Dice("route", route.replace("/home", "/out"))
        if outing.commute:
            nodes = roads.way([home, (home[0] + 17, home[1] - 9)])
            if outing.commute == "home":
                nodes.reverse()
        elif number % 4 == 3 and ground == "town":
            nodes = roads.out_and_back(draws, home, lengths[number] * 1000)
        else:
            nodes = _round(atlas, draws, home, scale, lengths[number] * 1000)
        return roads.path(route, nodes)

    return atlas.path(route, draw), route


def _round(
    atlas: Atlas, dice: Dice, home: Node, scale: str, metres: float
) -> list[Node]:
    """Find a loop of the length; most lead over one of the segments of the place."""
    lattice = atlas.roads(scale)
    stretches = [s for s in atlas.stretches() if s.scale == scale]
    best: list[Node] = []
    gap = 1e18
    for attempt in range(4):
        if stretches and dice.chance(0.75):
            stretch = dice.pick(stretches)
            nodes = over(lattice, home, stretch.nodes, dice, metres)
        else:
            nodes = lattice.loop(dice, home, metres * (1 - 0.12 * attempt))
        length = fsum(
            ((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5
            for a, b in itertools.pairwise(nodes)
        )
        off = abs(length * lattice.spacing * 1.12 - metres)
        if off < gap:
            best, gap = nodes, off
        if gap < 0.15 * metres:
            break
    return best


def over(
    lattice: Roads, home: Node, stretch: tuple[Node, ...], dice: Dice, metres: float
) -> list[Node]:
    """Find a round of about this length that leads over a segment."""
    reach = metres / 5.2 / lattice.spacing
    angle = dice.between(0, 2 * pi)
    far = (home[0] + round(reach * cos(angle)), home[1] + round(reach * sin(angle)))
    before = lattice.way([home, stretch[0]])
    after = lattice.way([stretch[-1], far, home])
    return [*before[:-1], *stretch, *after[1:]]


def _river(atlas: Atlas, outing: Outing, dice: Dice) -> Path:
    """Go up the river and back, bank to bank a few metres apart."""
    terrain = atlas.terrain
    half = outing.amount * 1000 / 2
    begin = 250.0
    xs = [begin]
    ys = [terrain.river(begin)]
    gone, x = 0.0, begin
    while gone < half:
        x += 12.0
        y = terrain.river(x)
        gone += ((y - ys[-1]) ** 2 + 144.0) ** 0.5
        xs.append(x)
        ys.append(y)
    back = [(x - 3, y + 9) for x, y in zip(xs, ys, strict=True)][::-1]
    xs += [x for x, _ in back]
    ys += [y for _, y in back]
    level = round(terrain.height(begin, terrain.river(begin)), 1)
    return Path("river", atlas.place, xs, ys, [level] * len(xs)).finish()


def _lake(atlas: Atlas, outing: Outing, dice: Dice) -> Path:
    """Swim around buoys, not quite straight."""
    metres = outing.amount * 1000
    laps = 1 if metres < 1300 else 2
    side = metres / laps / 3.3
    turn = dice.between(0, 2 * pi)
    corners = [
        (2600 + side * cos(turn + angle), -1700 + side * sin(turn + angle))
        for angle in (0.0, 2.3, 4.1)
    ]
    xs, ys = [corners[0][0]], [corners[0][1]]
    stray = 0.0
    for number in range(3 * laps):
        a, b = corners[number % 3], corners[(number + 1) % 3]
        length = ((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5
        count = max(3, int(length / 14))
        for i in range(1, count + 1):
            part = i / count
            stray = 0.85 * stray + dice.bell(0.0, 1.6)
            swing = stray * sin(pi * part)
            xs.append(a[0] + (b[0] - a[0]) * part - (b[1] - a[1]) / length * swing)
            ys.append(a[1] + (b[1] - a[1]) * part + (b[0] - a[0]) / length * swing)
    level = round(atlas.terrain.height(2600, -1700), 1)
    return Path("lake", atlas.place, xs, ys, [level] * len(xs)).finish()


def _skiing(outing: Outing, atlas: Atlas, effort: Effort, dice: Dice) -> Recording:
    """Ride lifts up in straight lines and come down in curves."""
    place = atlas.place
    rises = [(dice.between(280, 620), dice.between(0, 2 * pi)) for _ in range(3)]
    times, meters, latlng, heights, beats = [0], [0.0], [[0.0, 0.0]], [0.0], [80]
    base_x, base_y = dice.between(-400, 400), dice.between(-400, 400)
    valley = place.base + dice.between(150, 400)
    now, far, pulse = 0.0, 0.0, 85.0
    x, y = base_x, base_y
    laps: list[Lap] = []
    spot = place.position(x, y)
    latlng[0] = [round(spot[0], 6), round(spot[1], 6)]
    heights[0] = round(valley, 1)
    wait = dice.between(60, 240)
    for number in range(round(outing.amount)):
        rise, heading = dice.pick(rises)
        run = rise / 0.32
        top = (base_x + run * cos(heading), base_y + run * sin(heading))
        first = len(times) - 1
        lift = dice.pick((2.6, 5.1))
        wind = dice.between(70, 210)
        turns, phase = dice.between(4.0, 11.0), dice.between(0.0, pi)
        speed = dice.between(8.0, 13.0)
        for up in (True, False):
            pace = lift if up else speed
            length = (run**2 + rise**2) ** 0.5 * (1.0 if up else 1.35)
            steps = max(8, int(length / (pace * 5)))
            a, b = ((base_x, base_y), top) if up else (top, (base_x, base_y))
            for i in range(1, steps + 1):
                part = i / steps
                weave = 0.0
                if not up:
                    weave = wind * sin(part * pi * turns + phase) * sin(pi * part)
                    weave += 0.35 * wind * sin(part * pi * turns * 2.7)
                px = a[0] + (b[0] - a[0]) * part - (b[1] - a[1]) / run * weave
                py = a[1] + (b[1] - a[1]) * part + (b[0] - a[0]) / run * weave
                moved = ((px - x) ** 2 + (py - y) ** 2) ** 0.5
                x, y = px, py
                now += max(1.0, moved / pace * dice.between(0.92, 1.1))
                far += moved
                spot = place.position(x + dice.bell(0, 1.5), y + dice.bell(0, 1.5))
                goal = effort.resting + (22 if up else 78)
                pulse += (goal - pulse) * (1 - exp(-5 / 40))
                if round(now) <= times[-1]:
                    now = times[-1] + 1.0
                times.append(round(now))
                meters.append(round(far, 1))
                latlng.append([round(spot[0], 6), round(spot[1], 6)])
                share = part if up else 1 - part
                heights.append(round(valley + rise * share + dice.bell(0, 0.3), 1))
                beats.append(int(pulse + 3 * dice.random()))
        laps.append(Lap(first, len(times) - 1, f"Run {number + 1}"))
        now += wait if number % 5 != 4 else wait + dice.whole(600, 2700)
    return Recording(
        {"time": times, "distance": meters, "latlng": latlng, "altitude": heights,
         "heartrate": beats},
        laps,
    )  # fmt: skip

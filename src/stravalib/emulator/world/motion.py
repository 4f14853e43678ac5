"""How a body moves along a path: speed, pulse, power and what a device writes down."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, exp
from typing import TYPE_CHECKING, Any

from stravalib.emulator.processing.parts import Lap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stravalib.emulator.records import Streams
    from stravalib.emulator.world.dice import Dice
    from stravalib.emulator.world.roads import Path

SLOPE_STEPS = 50  # tables run from -25 % to +25 %, one entry a percent


@dataclass(frozen=True, slots=True)
class Gait:
    """Speed (m/s) and load (1 = threshold) on each slope, -25 % to +25 %."""

    speeds: tuple[float, ...]
    loads: tuple[float, ...]
    cadence: float
    cadence_by_speed: float
    rests: float  # chance of a stop at a crossing


@dataclass(frozen=True, slots=True)
class Device:
    """What records, and which sensors it has."""

    name: str
    files: str  # pattern of its external ids
    interval: int = 1  # seconds between samples; above 1 "smart", so uneven
    heartrate: bool = True
    power: bool = False
    cadence: bool = True
    temperature: bool = True
    pauses: bool = True  # auto-pause leaves gaps, else it goes on recording
    barometer: bool = True


@dataclass(frozen=True, slots=True)
class Effort:
    """One outing of one body."""

    gait: Gait
    threshold: float  # heart rate at load 1
    resting: float
    max_heartrate: float
    ftp: float  # power at load 1
    intensity: float = 0.75  # load on the flat, without changes
    # (metres from the start, factor on speed): intervals, a race's fast start, ...
    changes: tuple[tuple[float, float], ...] = ()
    lap_metres: float = 0.0  # automatic laps, 0 for none
    break_at: tuple[tuple[float, int], ...] = ()  # (metres, seconds): coffee, view


@dataclass(slots=True)
class Recording:
    """Streams and the laps of the device."""

    streams: Streams
    laps: list[Lap] = field(default_factory=list)


def foot_gait(speed: float, *, trail: bool = False, walking: bool = False) -> Gait:
    """Return the gait of a runner or walker whose easy speed is given."""
    speeds, loads = [], []
    for step in range(-SLOPE_STEPS // 2, SLOPE_STEPS // 2 + 1):
        slope = step / 100
        cost = 1 + 3.2 * slope + 14 * slope * slope
        if slope < -0.12:
            cost = max(cost, 0.82 + 3 * (-0.12 - slope))
        factor = 1 / max(0.85, cost) ** (0.85 if not trail else 0.75)
        if trail:
            factor *= 0.94
        speeds.append(max(speed * 0.3, speed * factor))
        loads.append(factor * cost)
    base = 58.0 if walking else 66.0
    return Gait(tuple(speeds), tuple(loads), base, 2.0 if walking else 6.0, 0.03)


def wheel_gait(
    watts: float, *, mass: float, drag: float = 0.33, rolling: float = 0.005,
    top: float = 17.0,
) -> Gait:  # fmt: skip
    """Return the gait of a rider who makes this power on the flat.

    ``drag`` is the drag area in square metres; ``top`` where one brakes downhill.
    """
    speeds, loads = [], []
    speed = 8.0
    for step in range(-SLOPE_STEPS // 2, SLOPE_STEPS // 2 + 1):
        slope = step / 100
        share = max(0.0, min(1.35, 1.0 + slope * (9.0 if slope > 0 else 16.0)))
        force = 9.81 * mass * (rolling + slope)
        goal = 0.97 * watts * share
        low, high = 0.8, 28.0
        for _ in range(24):
            speed = (low + high) / 2
            need = force * speed + 0.5 * 1.2 * drag * speed**3
            low, high = (speed, high) if need < goal else (low, speed)
        speeds.append(max(1.3, min(top, speed)))
        loads.append(share)
    return Gait(tuple(speeds), tuple(loads), 74.0, 1.4, 0.05)


def travel(
    path: Path,
    effort: Effort,
    device: Device,
    dice: Dice,
    *,
    temperature: Callable[[float, float], float] | None = None,
    wheels: bool,
    indoor: bool = False,
) -> Recording:
    """Move along the path once and record it.

    ``temperature`` maps seconds since the start and height to degrees.
    """
    draw = dice.random
    gait = effort.gait
    speeds, loads = gait.speeds, gait.loads
    times: list[int] = []
    meters: list[float] = []
    latlng: list[list[float]] = []
    heights: list[float] = []
    beats: list[int] = []
    cadences: list[int] = []
    watts: list[int | None] = []
    warmth: list[int] = []
    laps: list[Lap] = []
    reserve = effort.threshold - effort.resting
    pulse = effort.resting + 0.35 * reserve
    ceiling = effort.max_heartrate
    intensity = effort.intensity
    distances, slopes, turns = path.distances, path.slopes, path.turns
    positions, levels = path.positions, path.heights
    crossings = set(path.node_at[1:-1])
    changes = list(effort.changes)
    breaks = list(effort.break_at)
    boost, wobble, gust = 1.0, 0.0, 0.0
    off_north = off_east = 0.0
    # Degrees a sample, pulled back: a few metres of error in all, less when slow.
    blur = 1.4e-6 * min(1.0, speeds[25] / 3.4) * (0.5 if device.interval == 1 else 1)
    drift = dice.bell(0.0, 2.5) if device.barometer else dice.bell(0.0, 7.0)
    rough = 0.12 if device.barometer else 0.5
    sun = dice.between(-1.0, 4.0)
    speed = speeds[25] * 0.5
    now, due = 0.0, 0.0
    interval, spread = device.interval, 1.6 * (device.interval - 1)
    lap_goal, lap_first = effort.lap_metres, 0
    for i in range(1, len(distances)):
        before = distances[i - 1]
        length = distances[i] - before
        if length <= 0:
            continue
        slope = slopes[i]
        index = round(slope * 100) + 25
        while changes and before >= changes[0][0]:
            boost = changes.pop(0)[1]
        wobble = 0.9 * wobble + 0.06 * (draw() - 0.5)
        goal = speeds[index] * (boost + wobble) * turns[i]
        gain = length / (length + 14.0)
        speed += (goal - speed) * gain
        seconds = length / speed
        gust = 0.6 * gust + 0.16 * (draw() - 0.5)
        load = loads[index] * (boost**2.2 if wheels else boost) + wobble + gust
        load *= intensity
        if wheels and turns[i] < 0.8:
            load = 0.0
        load = load if load > 0 else 0.0
        target = effort.resting + reserve * (0.18 + 0.82 * min(load, 1.3))
        target += now / 1000  # the slow drift of a long day
        target = min(target, ceiling)
        pulse += (target - pulse) * (1 - exp(-seconds / 38))
        power = effort.ftp * load
        turning = gait.cadence + gait.cadence_by_speed * speed
        if wheels and load < 0.08:
            turning = power = 0.0
        lat, lng = positions[i - 1]
        lat_step, lng_step = positions[i][0] - lat, positions[i][1] - lng
        low, rise = levels[i - 1], levels[i] - levels[i - 1]
        arrival = now + seconds
        while due <= arrival:
            part = (due - now) / seconds
            off_north = 0.93 * off_north + blur * (draw() * 11 - 5.5)
            off_east = 0.93 * off_east + blur * (draw() * 16 - 8)
            times.append(int(due))
            meters.append(round(before + length * part, 1))
            latlng.append(
                [
                    round(lat + lat_step * part + off_north, 6),
                    round(lng + lng_step * part + off_east, 6),
                ]
            )
            heights.append(
                round((low + rise * part + drift + rough * (draw() - 0.5)) * 5) / 5
            )
            beats.append(int(pulse + 2.2 * draw()))
            if turning:
                cadences.append(int(turning + 5 * draw() - 2))
            else:
                cadences.append(0)
            shake = draw()
            watts.append(
                None if shake < 0.0015 else int(power * (0.72 + 0.56 * draw()))
            )
            if temperature is not None:
                warmth.append(int(temperature(due, low) + sun * exp(-due / 4000) + 0.5))
            due += interval if interval == 1 else interval + int(spread * draw())
        now = arrival
        if lap_goal and distances[i] >= lap_goal and len(times) - 1 > lap_first:
            laps.append(Lap(lap_first, len(times) - 1))
            lap_first = len(times) - 1
            lap_goal += effort.lap_metres
        wait = 0
        if breaks and distances[i] >= breaks[0][0]:
            wait = breaks.pop(0)[1]
        elif i in crossings and not indoor and draw() < gait.rests:
            wait = int(8 + 50 * draw())
        if wait and times:
            if not device.pauses:
                for second in range(int(due), int(now) + wait, max(2, interval * 2)):
                    times.append(second)
                    meters.append(meters[-1])
                    latlng.append(list(latlng[-1]))
                    heights.append(heights[-1])
                    pulse += (effort.resting + 0.3 * reserve - pulse) * 0.04
                    beats.append(int(pulse + 2 * draw()))
                    cadences.append(0)
                    watts.append(0)
                    if warmth:
                        warmth.append(warmth[-1])
            now += wait
            due = float(int(now) + 1)
            pulse += (effort.resting + 0.3 * reserve - pulse) * (1 - exp(-wait / 55))
            speed *= 0.4
    if times and meters[-1] < round(path.length, 1):
        times.append(max(times[-1] + 1, ceil(now)))  # the last sample, at the door
        meters.append(round(path.length, 1))
        lat, lng = positions[-1]
        latlng.append([round(lat + off_north, 6), round(lng + off_east, 6)])
        columns: list[list[Any]] = [heights, beats, cadences, watts, warmth]
        for column in columns:
            column += column[-1:]
    if laps and lap_first < len(times) - 1:
        laps.append(Lap(lap_first, len(times) - 1))
    streams: Streams = {"time": times, "distance": meters}
    if not indoor:
        streams["latlng"] = latlng
        streams["altitude"] = heights
    if device.heartrate:
        streams["heartrate"] = beats
    if device.cadence:
        streams["cadence"] = cadences
    if device.power or wheels:
        streams["watts"] = watts if device.power else [w or 0 for w in watts]
    if device.temperature and warmth:
        streams["temp"] = warmth
    return Recording(streams, laps)


def still(
    seconds: int,
    loads: Sequence[float],
    effort: Effort,
    dice: Dice,
    *,
    interval: int = 5,
) -> Recording:
    """Record the pulse of a sport that goes nowhere; loads are spread evenly."""
    times, beats = [], []
    reserve = effort.threshold - effort.resting
    pulse = effort.resting + 0.2 * reserve
    for second in range(0, seconds + 1, interval):
        load = loads[min(len(loads) - 1, second * len(loads) // max(1, seconds))]
        pulse += (effort.resting + reserve * load - pulse) * (1 - exp(-interval / 35))
        times.append(second)
        beats.append(int(min(effort.max_heartrate, pulse) + 3 * dice.random()))
    return Recording({"time": times, "heartrate": beats})


def pool(
    length: float, count: int, pace: float, effort: Effort, dice: Dice
) -> Recording:
    """Record a pool swim: one sample a length, rests at the wall, sets as laps."""
    times, meters, beats, strokes = [0], [0.0], [int(effort.resting + 25)], [0]
    laps: list[Lap] = []
    now, first = 0.0, 0
    reserve = effort.threshold - effort.resting
    pulse = float(beats[0])
    rest = dice.pick((4, 8, 8, 16))
    for number in range(1, count + 1):
        tired = 1 + 0.03 * number / count + dice.bell(0.0, 0.018)
        seconds = length / pace * tired
        now += seconds
        pulse += (effort.resting + 0.9 * reserve - pulse) * (1 - exp(-seconds / 40))
        times.append(round(now))
        meters.append(number * length)
        beats.append(int(pulse + 3 * dice.random()))
        strokes.append(int(26 + 4 * dice.random()))
        if number % rest == 0 and number < count:
            laps.append(Lap(first, len(times) - 1))
            wait = dice.whole(12, 35)
            now += wait
            times.append(round(now))
            meters.append(number * length)
            pulse -= 0.25 * (pulse - effort.resting)
            beats.append(int(pulse))
            strokes.append(0)
            first = len(times) - 1
    laps.append(Lap(first, len(times) - 1))
    return Recording(
        {"time": times, "distance": meters, "heartrate": beats, "cadence": strokes},
        laps,
    )

"""Building a world by hand, one object at a time, in a test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from stravalib.emulator.clock import stamp
from stravalib.emulator.entries import ActivityEntry
from stravalib.emulator.processing.derive import distance_from_positions
from stravalib.emulator.processing.detail import Clock as Zone
from stravalib.emulator.processing.detail import Facts, detail_of
from stravalib.emulator.records import (
    ActivityRecord,
    AthleteRecord,
    ClubRecord,
    RouteRecord,
    SegmentRecord,
)
from stravalib.emulator.shapes import summary_gear
from stravalib.emulator.uploads import adopt
from stravalib.testing.templates import (
    athlete_detail,
    club_detail,
    effort_detail,
    gear_detail,
    route_detail,
    segment_detail,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stravalib.emulator.local import LocalStrava
    from stravalib.emulator.records import Json, Streams
    from stravalib.emulator.state import Athlete

_FIRST = {
    "athlete": 90_000_001,
    "segment": 30_000_001,
    "club": 1_200_001,
    "route": 3_300_000_000_000_000_001,
    "comment": 3_000_000_001,
    "effort": 3_400_000_000_000_000_001,
    "gear": 20_001,
}
Point = tuple[float, float]


class WorldBuilder:
    """Adds to the world of a local Strava; every method gives what the API would send.

    Any field of an object can be given by its name in the API.

    Examples
    --------
    >>> strava.clear()  # doctest: +SKIP
    >>> run = strava.activity("Run", distance=5000, moving_time=1500)  # doctest: +SKIP
    >>> strava.comment(run["id"], "Well done")  # doctest: +SKIP
    """

    def __init__(self, server: LocalStrava) -> None:
        self.server = server
        self.state = server.state

    # -- athletes ----------------------------------------------------------------

    def athlete(
        self, firstname: str = "Alex", lastname: str = "Example", **fields: Any
    ) -> Json:
        """Add an athlete; ``subscriber=False`` is one without a subscription."""
        number = self._id("athlete")
        subscriber = fields.pop("subscriber", True)
        moment = stamp(self.state.clock.now())
        detail: Json = (
            athlete_detail(number, firstname, lastname, moment, subscriber=subscriber)
            | fields
        )
        zones = {"heart_rate": {"custom_zones": False, "zones": _ZONES}}
        self.state.add_athlete(AthleteRecord(detail, zones, subscriber=subscriber))
        self.state.keeper.commit()
        return detail

    def privacy_zone(
        self,
        latitude: float,
        longitude: float,
        metres: float = 500.0,
        *,
        athlete_id: int | None = None,
    ) -> None:
        """Hide where tracks begin and end from tokens without activity:read_all."""
        athlete = self._athlete(athlete_id)
        athlete.privacy_zones.append((latitude, longitude, metres))
        self.state.save_athlete(athlete)
        self.state.keeper.commit()

    def clear(self) -> None:
        """Take out all activities, segments, clubs and routes; athletes stay."""
        state = self.state
        for number in list(state.activities):
            state.remove_activity(number)
        for kind, objects in (
            ("segment", state.segments),
            ("club", state.clubs),
            ("route", state.routes),
        ):
            for number in list(objects):
                del objects[number]
                state.keeper.drop(kind, str(number))
        for athlete in state.athletes.values():
            athlete.starred.clear()
            state.save_athlete(athlete)
        state.keeper.commit()

    # -- activities --------------------------------------------------------------

    def activity(
        self,
        sport_type: str = "Run",
        *,
        start: datetime | str | None = None,
        zone: str = "Etc/UTC",
        distance: float = 5000.0,
        moving_time: int = 1800,
        latlng: Sequence[Point] | None = None,
        streams: Streams | None = None,
        athlete_id: int | None = None,
        tell: bool = False,
        **fields: Any,
    ) -> Json:
        """Add an activity.

        Parameters
        ----------
        start
            The start, aware or ISO 8601; None is the clock's time less the moving time.
        zone
            IANA name of the time zone.
        distance
            Metres.
        moving_time
            Seconds.
        latlng
            A track; samples are spread over the moving time.
        streams
            Samples of your own, equal lengths, ``time`` among them.
        tell
            Send the create event to webhook subscriptions.
        """
        athlete = self._athlete(athlete_id)
        moment = self._start(start, moving_time)
        facts = Facts(
            activity_id=0,
            athlete_id=athlete.id,
            name=str(fields.get("name") or f"{sport_type} {moment:%Y-%m-%d}"),
            sport=sport_type,
            start=moment,
            clock=Zone.at(zone, moment),
            distance=float(distance),
            moving_time=moving_time,
            elapsed_time=int(fields.get("elapsed_time") or moving_time),
        )
        samples = streams or _spread(latlng, moving_time)
        detail, zones, complete = detail_of(facts, samples)
        detail |= fields
        if "visibility" in fields:
            detail["private"] = fields["visibility"] == "only_me"
        elif fields.get("private"):
            detail["visibility"] = "only_me"
        record = ActivityRecord(detail, complete, zones=zones)
        entry = adopt(self.state, record, athlete.id)
        if "id" in fields:
            entry = self._renumber(entry, int(fields["id"]))
        self.state.keeper.commit()
        if tell:
            self.server.events.created(entry)
        return entry.detail

    def activities(self, count: int, **fields: Any) -> list[Json]:
        """Add activities one day apart, the last one now; see :meth:`activity`."""
        moving_time = int(fields.get("moving_time", 1800))
        last = self._start(fields.pop("start", None), moving_time)
        return [
            self.activity(start=last - timedelta(days=count - 1 - number), **fields)
            for number in range(count)
        ]

    def comment(
        self, activity_id: int, text: str, *, by: Json | None = None, **fields: Any
    ) -> Json:
        """Add a comment to an activity."""
        entry = self.state.activities[activity_id]
        comments = entry.get_list("comments")
        comment: Json = {
            "id": self._id("comment"),
            "activity_id": activity_id,
            "post_id": None,
            "resource_state": 2,
            "text": text,
            "mentions_metadata": None,
            "created_at": stamp(self.state.clock.now()),
            "athlete": by or {"firstname": "Kim", "lastname": "K."},
            "cursor": None,
            "reaction_count": 0,
            "has_reacted": False,
        } | fields
        comments.append(comment)
        self._replace(entry, "comments", comments, "comment_count")
        return comment

    def kudos(
        self, activity_id: int, firstname: str = "Kim", lastname: str = "K."
    ) -> None:
        """Add one kudo to an activity."""
        entry = self.state.activities[activity_id]
        givers = entry.get_list("kudos")
        givers.append({"firstname": firstname, "lastname": lastname})
        self._replace(entry, "kudos", givers, "kudos_count")

    # -- the rest ----------------------------------------------------------------

    def gear(
        self, kind: str = "bike", name: str = "Bike", *, athlete_id: int | None = None,
        **fields: Any,
    ) -> Json:  # fmt: skip
        """Add a bike or a shoe."""
        if kind not in ("bike", "shoe"):
            raise ValueError(f"kind is {kind!r}; use 'bike' or 'shoe'")
        athlete = self._athlete(athlete_id)
        gear: Json = (
            gear_detail(f"{'b' if kind == 'bike' else 'g'}{self._id('gear')}", name)
            | fields
        )
        if kind == "bike":
            gear.setdefault("frame_type", 3)
            gear.setdefault("weight", 8.0)
        athlete.gear[gear["id"]] = gear
        self.state.save_athlete(athlete)
        self.state.keeper.commit()
        return summary_gear(gear)

    def segment(
        self, name: str = "Segment", latlng: Sequence[Point] = (), **fields: Any
    ) -> Json:
        """Add a segment."""
        number = int(fields.pop("id", 0)) or self._id("segment")
        track = [list(point) for point in latlng or _LINE]
        metres = distance_from_positions(track)
        moment = stamp(self.state.clock.now())
        detail: Json = segment_detail(number, name, track, metres[-1], moment) | fields
        streams: Streams = {
            "distance": list(metres),
            "latlng": track,
            "altitude": [0.0] * len(track),
        }
        owner = self.server.athlete_id if detail["private"] else None
        self.state.put_segment(SegmentRecord(detail, streams, owner_id=owner))
        self.state.keeper.commit()
        return detail

    def effort(
        self, activity_id: int, segment_id: int, elapsed_time: int = 300, **fields: Any
    ) -> Json:
        """Add an effort on a segment to an activity."""
        entry = self.state.activities[activity_id]
        segment = self.state.segments[segment_id].detail
        detail = entry.detail
        effort: Json = (
            effort_detail(
                self._id("effort"),
                detail,
                segment,
                elapsed_time,
                max(0, len(entry.streams.get("time", ())) - 1),
            )
            | fields
        )
        detail["segment_efforts"] = [*detail.get("segment_efforts", []), effort]
        entry.detail = detail
        self.state.place(entry, detail)
        self.state.keeper.commit()
        return effort

    def club(self, name: str = "Club", **fields: Any) -> Json:
        """Add a club of which the first athlete is a member."""
        number = self._id("club")
        me = self.server.athlete_id
        detail: Json = club_detail(number, name, me) | fields
        self.state.put_club(ClubRecord(detail, [me], [me]))
        self.state.keeper.commit()
        return detail

    def route(
        self, name: str = "Route", latlng: Sequence[Point] = (), **fields: Any
    ) -> Json:
        """Add a route of the first athlete."""
        number = self._id("route")
        track = [list(point) for point in latlng or _LINE]
        metres = distance_from_positions(track)
        moment = self.state.clock.now()
        me = self.server.athlete_id
        detail: Json = (
            route_detail(number, name, track, metres[-1], me, moment) | fields
        )
        streams: Streams = {
            "latlng": track,
            "distance": list(metres),
            "altitude": [0.0] * len(track),
        }
        self.state.put_route(me, RouteRecord(detail, streams))
        self.state.keeper.commit()
        return detail

    # -- inside ------------------------------------------------------------------

    def _id(self, kind: str) -> int:
        return self.state.next_id(f"built {kind}", _FIRST[kind])

    def _athlete(self, athlete_id: int | None) -> Athlete:
        number = self.server.athlete_id if athlete_id is None else athlete_id
        try:
            return self.state.athletes[number]
        except KeyError:
            raise ValueError(
                f"no athlete {number} in this world; add one with athlete()"
            ) from None

    def _start(self, start: datetime | str | None, moving_time: int) -> datetime:
        if isinstance(start, str):
            start = datetime.fromisoformat(start)
        if start is None:
            start = self.state.clock.utc() - timedelta(seconds=moving_time)
        if start.tzinfo is None:
            raise ValueError(f"start needs a time zone, got {start!r}; add tzinfo=")
        return start.astimezone(UTC).replace(microsecond=0)

    def _renumber(self, entry: ActivityEntry, number: int) -> ActivityEntry:
        detail = entry.detail | {"id": number, "id_str": str(number)}
        detail["map"] = detail["map"] | {"id": f"a{number}"}
        value = entry.to_json() | {"detail": detail}
        self.state.remove_activity(entry.id)
        again = ActivityEntry.from_json(value)
        self.state.place(again, detail)
        return again

    def _replace(
        self, entry: ActivityEntry, name: str, items: list[Json], count: str
    ) -> None:
        entry.put_list(name, items)
        entry.detail = entry.detail | {count: len(items)}
        self.state.place(entry)
        self.state.keeper.commit()


_LINE: tuple[Point, ...] = ((47.0, 11.0), (47.005, 11.0), (47.01, 11.0))
_ZONES = [
    {"min": 0, "max": 115},
    {"min": 115, "max": 152},
    {"min": 152, "max": 171},
    {"min": 171, "max": 190},
    {"min": 190, "max": -1},
]


def _spread(latlng: Sequence[Point] | None, seconds: int) -> Streams:
    """Make samples of a track: the points at equal times."""
    if not latlng:
        return {}
    track = [list(point) for point in latlng]
    step = seconds / max(1, len(track) - 1)
    return {
        "time": [round(place * step) for place in range(len(track))],
        "latlng": track,
        "distance": list(distance_from_positions(track)),
    }

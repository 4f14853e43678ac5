"""The archive as recorded JSON, for a local Strava over one's own data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stravalib.archive import codec, tracks
from stravalib.archive.reading import join
from stravalib.formats import to_streams

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stravalib.archive.sqlite import SQLiteStore

_LABELS = {
    "activity_detail": "activities/{}",
    "activity_streams": "activities/{}/streams",
    "activity_laps": "activities/{}/laps",
    "activity_zones": "activities/{}/zones",
    "activity_comments": "activities/{}/comments",
    "activity_kudos": "activities/{}/kudos",
    "activity_photos": "activities/{}/photos",
    "athlete": "athlete",
    "athlete_zones": "athlete/zones",
    "gear": "gear/{}",
    "clubs": "athlete/clubs",
    "club": "clubs/{}",
    "route": "routes/{}",
    "route_streams": "routes/{}/streams",
    "segment": "segments/{}",
    "segment_streams": "segments/{}/streams",
    "starred": "segments/starred",
}


def recorded(
    store: SQLiteStore, athlete_id: int | None = None
) -> Iterator[tuple[str, Any]]:
    """Iterate over labels and JSON: athlete first, activities with all of theirs."""
    for kind in ("athlete", "athlete_zones"):
        for record in store.records(kind, athlete_id=athlete_id):
            yield _LABELS[kind], record.body
    rows = store.query(
        "SELECT athlete_id, id, source FROM activity WHERE (?1 IS NULL OR athlete_id"
        " = ?1) ORDER BY start_epoch, id",
        (athlete_id,),
    )
    for owner, number, source in rows:
        yield from _activity(store, owner, number, source)
    for kind, label in _LABELS.items():
        if kind.startswith(("activity", "athlete")):
            continue
        for record in store.records(kind, athlete_id=athlete_id):
            body = record.body
            if kind.endswith("_streams"):
                body = join(body, _lists(store, record.id))
            yield label.format(record.key), body


def _activity(
    store: SQLiteStore, athlete_id: int, number: int, source: Any
) -> Iterator[tuple[str, Any]]:
    key = str(number)
    merged: dict[str, Any] = {}
    for kind in ("activity", "activity_detail"):
        record = store.get(athlete_id, kind, key, source)
        if record is not None:
            merged |= record.body
    if source != "api":
        merged = _as_strava(merged, athlete_id, number)
    yield f"activities/{abs(number)}", {**merged, "resource_state": 3}
    for kind, label in _LABELS.items():
        if not kind.startswith("activity_") or kind == "activity_detail":
            continue
        record = store.get(athlete_id, kind, key)
        if record is None:
            continue
        body = record.body
        if kind == "activity_streams":
            body = join(body, _lists(store, record.id))
        yield label.format(abs(number)), body
    if store.get(athlete_id, "activity_streams", key) is None:
        track = store.get(athlete_id, "activity_track", key)
        if track is not None:
            samples = to_streams(tracks.unpack(track.body, _lists(store, track.id)))
            size = max(map(len, samples.values()), default=0)
            yield (
                f"activities/{abs(number)}/streams",
                {
                    name: {
                        "data": values,
                        "series_type": "time",
                        "original_size": size,
                        "resolution": "high",
                    }
                    for name, values in samples.items()
                },
            )


def _lists(store: SQLiteStore, record_id: int) -> dict[str, list[Any]]:
    return {name: codec.decode(blob) for name, blob in store.streams(record_id).items()}


def _as_strava(body: dict[str, Any], athlete_id: int, number: int) -> dict[str, Any]:
    """Give an export's or file's activity the shape of the API."""
    shaped = {
        "name": "Activity",
        "distance": 0.0,
        "moving_time": 0,
        "elapsed_time": 0,
        "total_elevation_gain": 0.0,
        "sport_type": "Workout",
        "start_date": "1970-01-01T00:00:00Z",
        "timezone": "(GMT+00:00) Etc/UTC",
        "utc_offset": 0.0,
        "visibility": "everyone",
        "private": False,
        **body,
        "id": abs(number),
        "athlete": {"id": athlete_id, "resource_state": 1},
    }
    shaped.setdefault("start_date_local", shaped["start_date"])
    shaped.setdefault("type", shaped["sport_type"])
    return shaped

"""What one asks an archive for; the reading half of `Archive`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stravalib.archive import reading
from stravalib.archive.errors import NotKept
from stravalib.archive.frames import Frame, frame_of

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from stravalib.archive.reading import Moment, Period, StreamSet
    from stravalib.archive.sqlite import SQLiteStore
    from stravalib.archive.store import Source
    from stravalib.formats import Track
    from stravalib.model import DetailedActivity


class Looking:
    """Frames, records, streams, tracks, SQL and files of what is kept."""

    store: SQLiteStore

    def activities(
        self,
        *,
        after: Moment | None = None,
        before: Moment | None = None,
        sport: str | Iterable[str] | None = None,
        athlete_id: int | None = None,
        source: Source | None = None,
        polyline: bool = False,
    ) -> Frame:
        """Return all activities as a frame, newest first.

        Parameters
        ----------
        after, before
            Bounds of the start (``after`` inclusive): datetime (naive: UTC), date,
            ISO 8601 text or seconds since 1970.
        sport
            One or several sport types as Strava writes them, ``"TrailRun"``.
        source
            Only what is held from this source.
        polyline
            Add ``summary_polyline``.
        """
        return reading.activities(
            self.store,
            polyline=polyline,
            after=after,
            before=before,
            sport=sport,
            athlete_id=athlete_id,
            source=source,
        )

    def totals(
        self,
        by: Period = "week",
        *,
        by_sport: bool = False,
        after: Moment | None = None,
        before: Moment | None = None,
        sport: str | Iterable[str] | None = None,
        athlete_id: int | None = None,
    ) -> Frame:
        """Sum activities by ``week`` (its Monday), ``month`` or ``year``, local dates.

        Distances and elevation are in m, times in s.
        """
        return reading.totals(
            self.store,
            by,
            by_sport,
            after=after,
            before=before,
            sport=sport,
            athlete_id=athlete_id,
        )

    def streams(
        self, ids: int | Iterable[int], *, source: Source | None = None
    ) -> Frame:
        """Return the streams of activities as one long frame, a row a point.

        Columns: ``activity_id``, ``point``, ``time`` (s since the start), ``lat`` and
        ``lng`` (deg), then what the recordings have, in the units of `Frame.units`.
        Raise `NotKept` for an activity without streams.
        """
        numbers = [ids] if isinstance(ids, int) else ids
        return reading.stream_frame(self.store, numbers, source)

    def stream_set(
        self, id: int, *, of: str = "activity", source: Source | None = None
    ) -> StreamSet:
        """Return the streams of one activity (segment, route, segment_effort)."""
        return reading.stream_set(self.store, id, of=of, source=source)

    def tracks(
        self,
        *,
        after: Moment | None = None,
        before: Moment | None = None,
        sport: str | Iterable[str] | None = None,
        athlete_id: int | None = None,
    ) -> Iterator[tuple[int, NDArray[np.float64]]]:
        """Iterate over (activity id, array (n, 2) of latitude, longitude)."""
        return reading.tracks(
            self.store, after=after, before=before, sport=sport, athlete_id=athlete_id
        )

    def raw(
        self,
        kind: str,
        key: int | str,
        *,
        athlete_id: int | None = None,
        source: Source | None = None,
    ) -> Any:
        """Return the JSON of one record exactly as it came in.

        ``kind`` is ``activity`` (summary), ``activity_detail``, ``activity_streams``,
        ``activity_laps``, ``activity_zones``, ``activity_comments``,
        ``activity_kudos``, ``activity_photos``, ``athlete``, ``athlete_zones``,
        ``stats``, ``gear``, ``club``, ``route``, ``segment`` ...
        """
        for record in self.store.records(
            kind, key=str(key), athlete_id=athlete_id, source=source
        ):
            if kind.endswith("_streams"):
                columns = reading.StreamSet(
                    record.body,
                    self.store.streams(record.id),
                    source=record.source,
                    kind=kind,
                )
                return columns.raw()
            return record.body
        raise NotKept(f"no {kind} {key} in {self.store.path}: sync or import it first")

    def activity(self, id: int, *, athlete_id: int | None = None) -> DetailedActivity:
        """Return one activity as the client's model, unbound."""
        from stravalib.model import DetailedActivity

        merged: dict[str, Any] = {}
        for kind in ("activity", "activity_detail"):
            try:
                merged |= self.raw(kind, id, athlete_id=athlete_id)
            except NotKept:
                continue
        if not merged:
            raise NotKept(f"no activity {id} in {self.store.path}")
        found: DetailedActivity = DetailedActivity.model_validate(merged)
        return found

    def sql(
        self, query: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> Frame:
        """Ask with SQL; the views are listed in the guide. Nothing can be written."""
        names, rows = self.store.select(query, parameters)
        kinds = [_kind_of(column) for column in zip(*rows, strict=True)]
        unique: dict[str, int] = {}
        labels = []
        for name in names:
            unique[name] = unique.get(name, 0) + 1
            labels.append(name if unique[name] == 1 else f"{name}_{unique[name]}")
        return frame_of(
            labels, kinds or ["text"] * len(labels), [_plain(row) for row in rows]
        )

    def info(self) -> dict[str, Any]:
        """Count what is there: athletes, activities, records by kind and source."""
        return reading.overview(self.store)

    def track(
        self, id: int, *, of: str = "activity", source: Source | None = None
    ) -> Track:
        """Return an activity, route or segment as `stravalib.formats.Track`."""
        from stravalib.archive import exporting

        return exporting.track_of(self, id, of=of, source=source)

    def export(
        self,
        id: int,
        path: str | os.PathLike[str],
        *,
        format: str | None = None,
        of: str = "activity",
        source: Source | None = None,
    ) -> Path:
        """Write an activity, route or segment to a file.

        Parameters
        ----------
        id
            Of the activity, ``route`` or ``segment`` (see ``of``).
        path
            A file, or a folder (then ``format`` is needed).
        format
            ``gpx``, ``tcx``, ``fit``, ``geojson``, ``csv`` (each also with ``.gz``)
            or ``parquet``; by default what the name ends in.
        source
            From this source only; by default the best there is.

        Raises
        ------
        NotKept
            The archive does not hold it.
        FormatError
            The format cannot hold it; the hint names one that can.
        """
        from stravalib.archive import exporting

        return exporting.export(self, id, path, format=format, of=of, source=source)

    def export_all(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write the whole archive as a folder of Parquet files (extra ``arrow``).

        One file a view, ``streams.parquet`` with all points, and ``records.parquet``
        with every record's JSON as it came in.
        """
        from stravalib.archive import exporting

        return exporting.export_all(self, folder)

    def recorded(self, *, athlete_id: int | None = None) -> Iterator[tuple[str, Any]]:
        """Iterate over (label, JSON) of all there is, as a local Strava loads it.

        Labels are paths of the API: ``activities/123``, ``activities/123/streams``.
        """
        from stravalib.archive import serving

        return serving.recorded(self.store, athlete_id)


def _kind_of(values: Sequence[Any]) -> Any:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int}:
        return "int"
    return "float" if kinds and kinds <= {int, float} else "text"


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        value.hex() if isinstance(value, (bytes, memoryview)) else value
        for value in row
    )

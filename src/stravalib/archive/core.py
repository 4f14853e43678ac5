"""`Archive`: a local database of one's activities."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from stravalib.archive import policy, reading
from stravalib.archive.errors import MixedSources
from stravalib.archive.looking import Looking
from stravalib.archive.parts import DEFAULT_PARTS
from stravalib.archive.sqlite import SQLiteStore
from stravalib.archive.store import SOURCES, Change, Record, Source

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Sequence
    from types import TracebackType

    from stravalib.archive.importing import ImportResult
    from stravalib.archive.parts import SyncOptions
    from stravalib.archive.plan import Miss, Progress, SyncPlan, SyncResult
    from stravalib.archive.reading import Moment
    from stravalib.async_client import AsyncClient
    from stravalib.client import Client


class Archive(Looking):
    """A local database of one or more athletes' Strava data, in one SQLite file.

    Parameters
    ----------
    path
        The file; it is made when it is not there. Photos and media are kept in a
        folder beside it (``strava-files`` for ``strava.db``).
    read_only
        Change nothing, not even the schema.
    busy_timeout
        Seconds to wait when another program is writing.
    clock
        Gives the time in seconds since 1970.

    Notes
    -----
    Each record knows its source: ``api`` data expire 7 days after they were fetched
    (Strava's API policy) unless a decision to `keep` them stands in the archive;
    ``export`` and ``file`` data are permanent. Expired data are removed when the
    archive is opened and at each sync. The object may be shared by threads.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] = "strava.db",
        *,
        read_only: bool = False,
        busy_timeout: float = 10.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.clock = clock
        self.store = SQLiteStore(
            path, read_only=read_only, busy_timeout=busy_timeout, clock=clock
        )
        if not read_only:
            self.purge()
            self.store.sweep()

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Archive {self.store.path}>"

    def close(self) -> None:
        """Close the file."""
        self.store.close()

    # -- writing -------------------------------------------------------------

    def add(
        self,
        kind: str,
        body: Any,
        *,
        athlete_id: int,
        key: int | str | None = None,
        source: Source = "api",
        etag: str | None = None,
    ) -> Change:
        """Keep what the API returned: a model (its ``raw``) or decoded JSON.

        ``key`` is the id where the object has none of its own. Only imports write
        the permanent part: another ``source`` than ``api`` raises `MixedSources`.
        """
        if source != "api":
            raise MixedSources(
                f"source={source!r}: what the API gave may not go into the permanent"
                " part (API policy 6.6); use import_export or import_files, or decide"
                " to keep API data longer with Archive.keep"
            )
        body = raw_of(body)
        if key is None:
            key = body.get("id") if isinstance(body, dict) else None
            if key is None:
                raise ValueError(f"this {kind} has no id of its own: give key=")
        columns: dict[str, list[Any]] | None = None
        if kind.endswith("_streams"):
            body, columns = reading.split(body)
        now = int(self.clock())
        with self.store.transaction():
            change = self.store.put(
                Record(
                    athlete_id,
                    kind,
                    str(key),
                    "api",
                    body,
                    now,
                    policy.expiry(self.store, athlete_id, now),
                    etag,
                ),
                columns,
            )
        return change

    # -- with Strava ---------------------------------------------------------

    def sync(
        self,
        client: Client,
        *,
        what: str | Iterable[str] = DEFAULT_PARTS,
        check: bool | None = None,
        since: Moment | None = None,
        athlete_id: int | None = None,
        wait: bool = False,
        max_requests: int | None = None,
        on_plan: Callable[[SyncPlan], bool | None] | None = None,
        progress: Callable[[Progress], None] | None = None,
        download: Callable[[str], tuple[bytes, str]] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> SyncResult:
        """Fetch what is new, then what is missing, the newest first.

        Re-reads the newest page of activities (one request when nothing is new; one
        more with a token that was not used here before). Everything is committed as
        it comes: whatever ends the run, the next one goes on there.

        Parameters
        ----------
        client
            Logged in as the athlete, with ``activity:read`` (``activity:read_all``
            for activities visible to nobody else).
        what
            Parts to fetch: ``details``, ``streams`` (the default), ``laps``,
            ``zones``, ``comments``, ``kudos``, ``photos``, ``athlete``, ``stats``,
            ``gear``, ``clubs``, ``routes``, ``segments``, or ``all``.
        check
            Re-list everything and notice edits, deletions and changes of visibility;
            None: when the last check is a week old.
        since
            Parts only of activities that began since then (the list is always whole).
        athlete_id
            Refuse a token that is of another athlete.
        wait
            Wait for the next day where the day's quota is used up; else stop.
        max_requests
            Stop after so many.
        on_plan
            Called with the plan before anything is fetched; False declines it.
        progress
            Called after each step.
        download
            Gets a photo; takes an address, returns bytes and media type.
        sleep
            Waits so many seconds.

        Raises
        ------
        AlreadyRunning
            Another sync or import of this archive is under way.
        ArchiveFull, ArchiveReadOnly, ArchiveBusy
            The archive could not be written; what is in it is intact.
        """
        from stravalib.archive import photos, sync

        return sync.run(
            self,
            client,
            self._options(
                what, check, since, athlete_id, max_requests, on_plan, progress
            ),
            wait=wait,
            download=download or photos.download,
            sleep=sleep,
        )

    async def sync_async(
        self,
        client: AsyncClient,
        *,
        concurrency: int = 8,
        what: str | Iterable[str] = DEFAULT_PARTS,
        check: bool | None = None,
        since: Moment | None = None,
        athlete_id: int | None = None,
        wait: bool = False,
        max_requests: int | None = None,
        on_plan: Callable[[SyncPlan], bool | None] | None = None,
        progress: Callable[[Progress], None] | None = None,
        download: Callable[[str], tuple[bytes, str]] | None = None,
    ) -> SyncResult:
        """Sync with an `AsyncClient`, `concurrency` requests at a time; see `sync`."""
        from stravalib.archive import photos, sync

        return await sync.run_async(
            self,
            client,
            self._options(
                what, check, since, athlete_id, max_requests, on_plan, progress
            ),
            concurrency=concurrency,
            wait=wait,
            download=download or photos.download,
        )

    def _options(
        self,
        what: str | Iterable[str],
        check: bool | None,
        since: Moment | None,
        athlete_id: int | None,
        max_requests: int | None,
        on_plan: Callable[[SyncPlan], bool | None] | None,
        progress: Callable[[Progress], None] | None,
    ) -> SyncOptions:
        from stravalib.archive.parts import SyncOptions, check_parts

        return SyncOptions(
            check_parts(what),
            check,
            athlete_id,
            None if since is None else reading.seconds(since),
            max_requests,
            on_plan,
            progress,
        )

    # -- from files ----------------------------------------------------------

    def import_export(
        self,
        path: str | os.PathLike[str],
        *,
        athlete_id: int | None = None,
        media: bool = True,
        progress: Callable[[Progress], None] | None = None,
    ) -> ImportResult:
        """Import Strava's bulk export: the ZIP as it came, or its folder.

        Permanent and kept apart from API data; an activity that both have is shown
        once. Nothing is unpacked but photos and videos, and those only with ``media``
        (they go to the folder beside the archive). What is here already is not read
        again, so an import that was cut off goes on, and a newer export adds what is
        new. The export has no laps of Strava's, no segment efforts and no kudos.

        Parameters
        ----------
        path
            ``export_<id>.zip``, or the folder it unpacks to.
        athlete_id
            Whose it is, where the export does not tell.
        media
            Keep photos and videos too.
        progress
            Called after each activity.

        Raises
        ------
        FormatError
            It is no bulk export.
        AlreadyRunning
            Another sync or import of this archive is under way.
        """
        from stravalib.archive import importing

        return importing.import_export(
            self, path, athlete_id=athlete_id, media=media, progress=progress
        )

    def import_files(
        self,
        path: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
        *,
        athlete_id: int | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> ImportResult:
        """Import FIT, TCX and GPX files (``.gz`` too), folders with all below them.

        A recording of an activity that is here already is joined to it; one that is
        here as a file or export is left out as a duplicate. Files that this archive
        made from API data are refused.

        Parameters
        ----------
        path
            A file, a folder, or several.
        athlete_id
            Whose they are; None: the only athlete of the archive.
        progress
            Called after each file.
        """
        from stravalib.archive import importing

        return importing.import_files(
            self, path, athlete_id=athlete_id, progress=progress
        )

    def misses(self, athlete_id: int) -> list[Miss]:
        """List what the syncs could not get, why, and when it is tried again."""
        from stravalib.archive.ledger import Ledger
        from stravalib.archive.plan import Miss

        return [Miss(*row) for row in Ledger(self.store, athlete_id).misses()]

    def adopt(self, athlete_id: int) -> None:
        """Give files that name no athlete to the only one there is."""
        others = self.store.query(
            "SELECT id FROM athlete WHERE id NOT IN (0, ?)", (athlete_id,)
        )
        if not others:
            self.store.move_athlete(0, athlete_id)

    def link_recordings(self, athlete_id: int, activity_id: int) -> None:
        """Find the loose file that an activity was recorded in, and join the two.

        Same athlete, a start within a minute, an elapsed time within two minutes or
        a twentieth.
        """
        rows = self.store.query(
            "SELECT f.id FROM activity f JOIN activity a"
            " ON a.athlete_id = f.athlete_id AND a.id = ?2 WHERE f.athlete_id = ?1"
            " AND f.id < 0 AND abs(f.start_epoch - a.start_epoch) <= 60"
            " AND abs(coalesce(f.elapsed_time, a.elapsed_time, 0)"
            "   - coalesce(a.elapsed_time, f.elapsed_time, 0))"
            "   <= max(120, coalesce(a.elapsed_time, 0) / 20)"
            " ORDER BY abs(f.start_epoch - a.start_epoch) LIMIT 1",
            (athlete_id, activity_id),
        )
        for (file_id,) in rows:
            self.store.link(athlete_id, file_id, activity_id)

    # -- whose data ----------------------------------------------------------

    def keep(
        self, reason: str, *, athlete_id: int | None = None, days: int | None = None
    ) -> policy.Decision:
        """Decide, on record, to keep API data longer than 7 days.

        Strava's API policy (6.2) allows 7 days. Whoever calls this takes the
        decision; its text, date and reach stay in the archive.

        Parameters
        ----------
        reason
            Why, in words.
        athlete_id
            Whose data; None: everybody's in this archive.
        days
            For how many days after fetching; None: without end.
        """
        return policy.keep(
            self.store, self.clock(), reason, athlete_id=athlete_id, days=days
        )

    def end_decision(self, decision_id: int) -> None:
        """End a decision to keep; the 7 days count again, from the fetching."""
        policy.end(self.store, self.clock(), decision_id)

    def decisions(self) -> list[policy.Decision]:
        """List the decisions to keep API data."""
        return policy.decisions(self.store)

    def purge(self) -> policy.Receipt | None:
        """Remove the API data whose time is over; None when there are none."""
        return policy.purge(self.store, self.clock())

    def forget(
        self,
        *,
        activity_id: int | None = None,
        athlete_id: int | None = None,
        sources: Sequence[Source] = SOURCES,
        reason: str = "asked for by the user",
    ) -> policy.Receipt:
        """Remove an activity or an athlete everywhere: records, streams, files, copies.

        With all sources a forgotten activity stays away: no sync or import brings it
        back. Deletion at Strava and revocation remove ``sources=("api",)`` only:
        what came from the athlete's own export or files is theirs. The receipt stays.
        """
        return policy.forget(
            self.store,
            self.clock(),
            activity_id=activity_id,
            athlete_id=athlete_id,
            sources=sources,
            reason=reason,
        )

    def apply_event(self, event: Any) -> policy.Receipt | None:
        """Act on a webhook event (JSON or model), as Strava's policy asks (6.3, 7.4).

        Deletion and revocation remove the API data at once and give a receipt; an
        edit is fetched again by the next sync. Other events change nothing.
        """
        body = raw_of(event)
        owner, number = int(body["owner_id"]), int(body["object_id"])
        what, aspect = body.get("object_type"), body.get("aspect_type")
        updates = body.get("updates") or {}
        if what == "athlete" and str(updates.get("authorized")).lower() == "false":
            return self.forget(
                athlete_id=owner, sources=("api",), reason="access revoked at Strava"
            )
        if what == "activity" and aspect == "delete":
            return self.forget(
                activity_id=number,
                athlete_id=owner,
                sources=("api",),
                reason="deleted at Strava",
            )
        if what == "activity" and aspect == "update":
            from stravalib.archive.ledger import Ledger

            with self.store.transaction():
                Ledger(self.store, owner).mark_stale(
                    {"activity_detail"}, str(number), self.clock()
                )
        return None

    def receipts(self) -> list[policy.Receipt]:
        """List what was removed, when and why."""
        return policy.receipts(self.store)


def raw_of(value: Any) -> Any:
    """Return the JSON as received of a model, of models in a list or dict, or JSON."""
    if isinstance(value, dict):
        if not any(hasattr(item, "raw") for item in value.values()):
            return value
        return {
            str(getattr(name, "value", name)): getattr(item, "raw", item)
            for name, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [getattr(item, "raw", item) for item in value]
    return getattr(value, "raw", value)

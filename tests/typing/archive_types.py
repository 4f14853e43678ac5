"""Types of the archive, for mypy and pyright; nothing here runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_type

from stravalib.archive import Archive, Frame, SyncPlan, SyncResult

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from stravalib.archive import ImportResult, Receipt, Store
    from stravalib.archive.sqlite import SQLiteStore
    from stravalib.async_client import AsyncClient
    from stravalib.client import Client
    from stravalib.formats import Track
    from stravalib.model import DetailedActivity


def store_fits(archive: Archive) -> Store:
    return archive.store


def kind_of_store(archive: Archive) -> SQLiteStore:
    return archive.store


def looks(archive: Archive) -> None:
    frame = archive.activities(sport="Run")
    assert_type(frame, Frame)
    pandas_frame: pandas.DataFrame = frame.to_pandas()
    polars_frame: polars.DataFrame = frame.to_polars()
    table: pyarrow.Table = frame.to_arrow()
    assert_type(list(frame.rows()), list[dict[str, Any]])
    activity: DetailedActivity = archive.activity(1)
    track: Track = archive.track(1)
    print(pandas_frame, polars_frame, table, activity, track)


def declined(plan: SyncPlan) -> bool:
    return plan.requests < 100


def works(archive: Archive, client: Client) -> None:
    result = archive.sync(client, what=["details"], on_plan=declined)
    assert_type(result, SyncResult)
    assert_type(result.exit_code, int)
    imported: ImportResult = archive.import_files(["a", "b"])
    receipt: Receipt = archive.forget(activity_id=1)
    print(imported, receipt)


async def works_async(archive: Archive, client: AsyncClient) -> None:
    assert_type(await archive.sync_async(client, concurrency=4), SyncResult)

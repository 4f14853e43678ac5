"""Run a sync: with `Client` one call after the other, with `AsyncClient` many."""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from stravalib import exc
from stravalib.archive.core import raw_of
from stravalib.archive.engine import Engine
from stravalib.archive.errors import AlreadyRunning
from stravalib.archive.ledger import Ledger
from stravalib.archive.photos import download as download_file
from stravalib.archive.plan import quota_of, seconds_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from stravalib.archive.core import Archive
    from stravalib.archive.parts import Call, SyncOptions
    from stravalib.archive.plan import SyncResult

    Download = Callable[[str], tuple[bytes, str]]

log = logging.getLogger("stravalib.archive")
# A wait for the next day is cut into pieces, so that it ends soon after a suspend.
_NAP = 60.0


@contextmanager
def only_one(archive: Archive, kind: str = "sync") -> Iterator[None]:
    """Hold the lock against a second sync or import; never a lock of the database."""
    from filelock import FileLock, Timeout

    path = archive.store.path
    lock = FileLock(path.with_name(path.name + ".lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        running = Ledger(archive.store).read("running") or {}
        pid = running.get("pid")
        who = f" (process {pid})" if pid else ""
        raise AlreadyRunning(
            f"another sync or import of {path} is under way{who}: wait for it, or"
            " end it",
            pid=pid,
        ) from None
    try:
        archive.store.sweep_unfinished()
        Ledger(archive.store).write("running", {"pid": os.getpid(), "kind": kind})
        yield
    finally:
        with suppress(exc.StravalibError):
            Ledger(archive.store).write("running", None)
        lock.release()


def run(
    archive: Archive,
    client: Any,
    options: SyncOptions,
    *,
    wait: bool = False,
    download: Download = download_file,
    sleep: Callable[[float], None] = time.sleep,
) -> SyncResult:
    """Sync with a `Client`."""
    with only_one(archive):
        engine = Engine(
            archive,
            options,
            getattr(client, "access_token", None),
            lambda requests: (quota_of(client), seconds_of(client, requests)),
            getattr(client, "athlete_id", None),
        )
        try:
            engine.start()
            while not engine.finished:
                call = engine.next()
                if call is None:
                    break
                _perform(engine, client, call, download)
                if wait and engine.result.outcome == "limit":
                    if engine.result.retry_after is None:
                        break
                    _wait(archive, engine.result.retry_after, sleep)
                    engine.resume()
        except KeyboardInterrupt:
            engine.stop("interrupted", "What has come is kept; run it again to go on")
        except BaseException:
            engine.stop("interrupted")
            raise
        finally:
            result = _end(engine, client)
    return result


def _perform(engine: Engine, client: Any, call: Call, download: Download) -> None:
    requests = [0]
    try:
        if call.mode == "file":
            body: Any = download(call.method)
        else:
            body = getattr(client, call.method)(*call.args, **dict(call.options))
            if call.mode in ("page", "list"):
                _count(body, requests)
                pages = body.pages()
                body = (
                    next(pages, [])
                    if call.mode == "page"
                    else [row for page in pages for row in page]
                )
            body = raw_of(body)
    except KeyboardInterrupt:
        engine.give_back(call)
        raise
    except Exception as error:
        engine.failed(call, error, requests=requests[0] or 1)
        return
    engine.done(call, body, requests=requests[0] or 1)


def _count(found: Any, requests: list[int]) -> None:
    """Count the pages that a paged list asks for, the empty last one too."""
    fetch = found.result_fetcher

    def counted(**page: Any) -> Any:
        requests[0] += 1
        return fetch(**page)

    found.result_fetcher = counted


def _wait(archive: Archive, seconds: float, sleep: Callable[[float], None]) -> None:
    """Wait for the quota; no lock of the database is held meanwhile."""
    log.warning("the quota is used up: waiting %.0f s", seconds)
    end = archive.clock() + seconds
    while (left := end - archive.clock()) > 0:
        sleep(min(left, _NAP))


async def run_async(
    archive: Archive,
    client: Any,
    options: SyncOptions,
    *,
    concurrency: int = 8,
    wait: bool = False,
    download: Download = download_file,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> SyncResult:
    """Sync with an `AsyncClient`, `concurrency` calls at a time."""
    if concurrency < 1:
        raise ValueError(f"concurrency={concurrency}: at least 1 call at a time")
    with only_one(archive):
        engine = Engine(
            archive,
            options,
            getattr(client, "access_token", None),
            lambda requests: (quota_of(client), seconds_of(client, requests)),
            getattr(client, "athlete_id", None),
        )
        flying: dict[asyncio.Task[tuple[Any, int]], Call] = {}
        try:
            engine.start()
            while not engine.finished or flying:
                while len(flying) < concurrency:
                    call = engine.next()
                    if call is None:
                        break
                    task = asyncio.create_task(_fetch(client, call, download))
                    flying[task] = call
                if flying:
                    landed, _ = await asyncio.wait(
                        flying, return_when=asyncio.FIRST_COMPLETED
                    )
                    for task in landed:
                        _take(engine, flying.pop(task), task)
                    continue
                if not (wait and engine.result.outcome == "limit"):
                    break
                if engine.result.retry_after is None:
                    break
                end = archive.clock() + engine.result.retry_after
                while (left := end - archive.clock()) > 0:
                    await sleep(min(left, _NAP))
                engine.resume()
        except BaseException:
            engine.stop("interrupted", "What has come is kept; run it again to go on")
            raise
        finally:
            for task in flying:
                task.cancel()
            await asyncio.gather(*flying, return_exceptions=True)
            result = _end(engine, client)
    return result


async def _fetch(client: Any, call: Call, download: Download) -> tuple[Any, int]:
    if call.mode == "file":
        return await asyncio.to_thread(download, call.method), 1
    found = getattr(client, call.method)(*call.args, **dict(call.options))
    if inspect.isawaitable(found):
        return raw_of(await found), 1
    rows: list[Any] = []
    requests = [0]
    _count(found, requests)
    async for page in found.pages():
        rows += page
        if call.mode == "page":
            break
    return raw_of(rows), requests[0] or 1


def _take(engine: Engine, call: Call, task: asyncio.Task[tuple[Any, int]]) -> None:
    error = task.exception()
    if error is None:
        body, requests = task.result()
        engine.done(call, body, requests=requests)
    elif isinstance(error, Exception):
        engine.failed(call, error)
    else:
        raise error


def _end(engine: Engine, client: Any) -> SyncResult:
    """Write down how it went; an archive that is full keeps its own error."""
    try:
        engine.learn_token(getattr(client, "access_token", None))
        return engine.finish()
    except exc.StravalibError as error:
        log.warning("the end of the sync could not be written down: %s", error)
        return engine.result

"""Kill syncs and imports with SIGKILL at random moments; nothing may be lost.

    python tests/campaigns/kill_archive.py --kills 200

Each round starts an empty archive and kills the process that fills it again and again
until it is done. Then the archive has to equal an undisturbed one, and nothing that was
committed may have been asked for again.
"""

from __future__ import annotations

import argparse
import functools
import multiprocessing
import os
import random
import re
import signal
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stravalib.archive import Archive

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from archive import exports, local
from archive.samples import ME, Clock

if TYPE_CHECKING:
    from stravalib.emulator import LocalStrava

_ASKED = re.compile(r"^/activities/(\d+)(/streams)?$")


@dataclass
class Report:
    """What a campaign found."""

    kills: int = 0
    rounds: int = 0
    requests: int = 0
    least: int = 0
    repeated: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills in {self.rounds} rounds, {self.requests} requests"
            f" (undisturbed {self.least}), {self.repeated} asked twice, all in flight:"
            f" {not self.faults}"
        )


def fill_by_sync(path: str, url: str, token: str, ready: Any) -> None:
    from stravalib.client import Client

    ready.set()
    with Archive(path, clock=Clock()) as archive:
        result = archive.sync(Client(access_token=token, base_url=url))
    os._exit(result.exit_code)


def fill_by_async(path: str, url: str, token: str, ready: Any) -> None:
    import asyncio

    from stravalib.async_client import AsyncClient

    async def fill() -> int:
        async with AsyncClient(access_token=token, base_url=url) as client:
            with Archive(path, clock=Clock()) as archive:
                return (await archive.sync_async(client)).exit_code

    ready.set()
    os._exit(asyncio.run(fill()))


def fill_by_import(path: str, export: str, ready: Any) -> None:
    ready.set()
    with Archive(path, clock=Clock()) as archive:
        result = archive.import_export(export)
    os._exit(result.exit_code)


def content(path: Path) -> dict[Any, Any]:
    with Archive(path, clock=Clock()) as archive:
        if archive.sql("PRAGMA integrity_check")["integrity_check"] != ["ok"]:
            raise AssertionError("the file is damaged")
        files = archive.store.query("SELECT path, sha256 FROM file ORDER BY 1")
        beside = sorted(
            file.relative_to(archive.store.files).as_posix()
            for file in archive.store.files.rglob("*")
            if file.is_file()
        )
        if beside != [name for name, _ in files]:
            raise AssertionError(f"files beside the archive: {beside}, noted: {files}")
        records: dict[Any, Any] = {
            (record.kind, record.key, record.source): (
                record.body,
                archive.store.streams(record.id),
            )
            for record in archive.store.records()
        }
        records["activities"] = list(archive.activities().rows())
        return records


def committed(path: Path) -> set[tuple[str, str]]:
    """Return (activity, part) of what is there."""
    if not path.exists():
        return set()
    with Archive(path, clock=Clock()) as archive:
        return {
            (key, kind)
            for kind in ("activity_detail", "activity_streams")
            for key in archive.store.has(ME, kind, "api")
        }


def strike(target: Any, arguments: tuple[Any, ...], delay: float | None) -> int:
    """Run a process, kill it after `delay` seconds of work; return how it ended."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        [
            "stravalib.client",
            "stravalib.async_client",
            "stravalib.model",
            "stravalib.archive.sync",
        ]
    )
    ready = context.Event()
    process = context.Process(target=target, args=(*arguments, ready))
    process.start()
    ready.wait(60)
    if delay is not None:
        time.sleep(delay)
        if process.pid is not None and process.is_alive():
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
    process.join(120)
    return process.exitcode if process.exitcode is not None else 1


def sync_campaign(
    kills: int, folder: Path, *, activities: int, seed: int, fill: Any = fill_by_sync
) -> Report:
    dice = random.Random(seed)
    report = Report()
    with local.strava(activities) as server:
        token = server.token()
        server.requests.clear()
        begun = time.perf_counter()
        strike(fill, (str(folder / "whole.db"), server.url, token), None)
        whole_time = time.perf_counter() - begun
        report.least = len(server.requests)
        whole = content(folder / "whole.db")
        while report.kills < kills:
            report.rounds += 1
            path = folder / f"sync-{report.rounds}.db"
            _one_sync(report, server, token, path, dice, whole_time, kills, fill)
            if content(path) != whole:
                report.faults.append(f"round {report.rounds}: another content")
    return report


def _one_sync(
    report: Report,
    server: LocalStrava,
    token: str,
    path: Path,
    dice: random.Random,
    whole_time: float,
    kills: int,
    fill: Any,
) -> None:
    arguments = (str(path), server.url, token)
    pages: dict[str, int] = {}
    here = 0
    while True:
        before = committed(path)
        server.requests.clear()
        enough = report.kills >= kills
        delay = None if enough else dice.uniform(0, whole_time / 6)
        ended = strike(fill, arguments, delay)
        for path_asked in local.asked(server):
            report.requests += 1
            found = _ASKED.match(path_asked)
            if found is None:
                pages[path_asked] = pages.get(path_asked, 0) + 1
                continue
            kind = "activity_streams" if found[2] else "activity_detail"
            if (found[1], kind) in before:
                report.faults.append(f"{path_asked} was there and was asked for again")
        if ended == 0:
            break
        if ended != -signal.SIGKILL:
            report.faults.append(f"round {report.rounds} ended with {ended}")
            break
        report.kills += 1
        here += 1
    twice = sum(count - 1 for count in pages.values())
    report.repeated += twice
    if twice > here:
        report.faults.append(f"round {report.rounds}: {pages} after {here} kills")


def import_campaign(kills: int, folder: Path, *, activities: int, seed: int) -> Report:
    dice = random.Random(seed)
    report = Report()
    export = exports.bulk(folder, activities)
    begun = time.perf_counter()
    strike(fill_by_import, (str(folder / "imported.db"), str(export)), None)
    whole_time = time.perf_counter() - begun
    whole = content(folder / "imported.db")
    while report.kills < kills:
        report.rounds += 1
        path = folder / f"import-{report.rounds}.db"
        while True:
            delay = dice.uniform(0, whole_time / 6)
            enough = report.kills >= kills
            ended = strike(
                fill_by_import, (str(path), str(export)), None if enough else delay
            )
            if ended != -signal.SIGKILL:
                break
            report.kills += 1
        if ended != 0:
            report.faults.append(f"round {report.rounds} ended with {ended}")
        elif content(path) != whole:
            report.faults.append(f"round {report.rounds}: another content")
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--activities", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    failed = False
    concurrent = functools.partial(sync_campaign, fill=fill_by_async)
    for name, campaign in (
        ("sync", sync_campaign),
        ("concurrent sync", concurrent),
        ("import", import_campaign),
    ):
        with tempfile.TemporaryDirectory() as folder:
            report = campaign(
                options.kills,
                Path(folder),
                activities=options.activities,
                seed=options.seed,
            )
        print(f"{name}: {report}")
        for fault in report.faults:
            print(f"  {fault}")
        failed = failed or bool(report.faults)
    sys.exit(failed)


if __name__ == "__main__":
    main()

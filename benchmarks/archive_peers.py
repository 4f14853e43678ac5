"""Compare the archive with mykrok and strava-offline on the same local Strava.

    python benchmarks/archive_peers.py [--years 1]

Each tool runs twice in an environment of its own: from nothing, and again with nothing
new. The peers are used as their users do, from the command line. Neither has an option
for another host, so the address of Strava is turned to the local one inside requests.
Requests are those that the local Strava saw. `strava-offline gpx` is left out: it takes
tracks from Strava's web pages with the cookie of a browser, not from the API.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive_kept import (
    print_table,
    text_of_archive,
    text_of_database,
    text_of_folder,
)

from stravalib._facts.sports import ACTIVITY_TYPES
from stravalib.archive import Archive
from stravalib.emulator import LocalStrava
from stravalib.emulator.accounts import Application
from stravalib.emulator.world import generate

PEERS = Path(__file__).resolve().parent / ".peers" / "archive"
VERSIONS = {"mykrok": "1.4.1", "strava-offline": "1.1.1"}
AMPLE = (10**6, 10**6, 10**6, 10**6)
# Runs in the peers: sends what is meant for Strava to the local one.
REDIRECT = """
import os
from urllib.parse import urlsplit
if os.environ.get("LOCAL_STRAVA"):
    import requests
    _send = requests.Session.send
    def send(self, request, **options):
        host = urlsplit(request.url).hostname or ""
        if host.endswith("strava.com"):
            rest = request.url.split(host, 1)[1]
            request.url = os.environ["LOCAL_STRAVA"] + rest
        return _send(self, request, **options)
    requests.Session.send = send
"""
OURS = """
import os, sys
from stravalib.archive import Archive
from stravalib.client import Client
strava = Client(access_token=os.environ["TOKEN"], base_url=os.environ["BASE"])
with Archive(sys.argv[1]) as archive:
    if not archive.decisions():
        archive.keep("a benchmark with invented data")
    print(archive.sync(strava, what=sys.argv[2].split(",")))
"""
PARTS = "details,streams,comments,kudos,photos,gear"


@dataclass
class Run:
    """One run of one tool."""

    requests: int
    seconds: float


def environment() -> Path:
    """Return the folder of the peers' programs; make it where it is missing."""
    folder = PEERS / ("Scripts" if os.name == "nt" else "bin")
    if not (folder / "mykrok").exists():
        venv.create(PEERS, with_pip=True)
        subprocess.run(
            [
                folder / "python",
                "-m",
                "pip",
                "install",
                "-q",
                *(f"{name}=={version}" for name, version in VERSIONS.items()),
            ],
            check=True,
        )
    return folder


def measure(
    server: LocalStrava, command: list[str], env: dict[str, str], folder: Path
) -> Run:
    server.requests.clear()
    begun = time.perf_counter()
    done = subprocess.run(
        command, env=env, cwd=folder, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - begun
    if done.returncode:
        print(done.stdout[-800:], done.stderr[-800:], file=sys.stderr)
        raise SystemExit(f"{command[0]} ended with {done.returncode}")
    return Run(server.requests.total, seconds)


def size_of(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=float, default=1.0)
    options = parser.parse_args()
    peers = environment()
    application = Application(1, "local-secret", limits=AMPLE)
    world = generate(years=options.years)
    for club in world.clubs:
        # mykrok builds on stravalib 2.6, which refuses athletes whose clubs have newer
        # sports: it gets a world without them.
        club.detail["activity_types"] = [
            sport
            for sport in club.detail.get("activity_types") or ()
            if sport in ACTIVITY_TYPES
        ]
    with (
        tempfile.TemporaryDirectory() as name,
        LocalStrava(world, applications=(application,)) as server,
    ):
        folder = Path(name)
        (folder / "sitecustomize.py").write_text(REDIRECT)
        token = server.token()
        later = int(time.time()) + 20_000
        env = {
            **os.environ,
            "HOME": name,
            "PYTHONPATH": name,
            "LOCAL_STRAVA": server.origin,
            "TOKEN": token,
            "BASE": server.url,
        }
        (folder / "token.json").write_text(
            json.dumps(
                {
                    "access_token": token,
                    "refresh_token": "none",
                    "expires_at": later,
                    "token_type": "Bearer",
                }
            )
        )
        (folder / "mykrok.toml").write_text(
            f'[strava]\nclient_id = "1"\nclient_secret = "local-secret"\n'
            f'access_token = "{token}"\nrefresh_token = "none"\n'
            f"token_expires_at = {later}\n"
        )
        ours = [sys.executable, "-c", OURS]
        mykrok = [str(peers / "mykrok"), "-c", "mykrok.toml", "-d", "mykrok", "sync"]
        offline = [
            *(str(peers / "strava-offline"), "sqlite", "--token-file", "token.json"),
            *("--database", "offline.db", "--client-id", "1"),
            *("--client-secret", "local-secret"),
        ]
        jobs: list[tuple[str, list[str], list[str], Path]] = [
            ("archive (default)", [*ours, "a.db", "details,streams"], [], Path("a.db")),
            ("archive (as mykrok)", [*ours, "b.db", PARTS], [], Path("b.db")),
            ("archive (all)", [*ours, "c.db", "all"], [], Path("c.db")),
            ("mykrok", mykrok, ["--what", "full"], Path("mykrok")),
            ("strava-offline", offline, [], Path("offline.db")),
        ]
        entries = server.state.activities_newest_first(server.athlete_id)
        print(f"{len(entries)} activities; peers: {VERSIONS}\n")
        print("| tool | requests | seconds | MB | again: requests | seconds |")
        print("|---|---|---|---|---|---|")
        for title, command, first, place in jobs:
            one = measure(server, [*command, *first], env, folder)
            two = measure(server, command, env, folder)
            print(
                f"| {title} | {one.requests:,} | {one.seconds:.1f} |"
                f" {size_of(folder / place) / 1e6:.1f} | {two.requests:,} |"
                f" {two.seconds:.1f} |",
                flush=True,
            )
        print()
        texts = {
            "archive (default)": text_of_archive(folder / "a.db"),
            "archive (all)": text_of_archive(folder / "c.db"),
            "mykrok": text_of_folder(folder / "mykrok"),
            "strava-offline": text_of_database(folder / "offline.db"),
        }
        print_table(server, texts)
        print("\nNo pictures are served: the world's photos are addresses only.")
        kept(server, folder)


def kept(server: LocalStrava, folder: Path) -> None:
    """Say what of a few activities each tool has kept."""
    import pyarrow.parquet as parquet

    entries = server.state.activities_newest_first(server.athlete_id)[::40]
    archive = Archive(folder / "c.db")
    known = {path.parent.name: path for path in (folder / "mykrok").rglob("info.json")}
    tables = sqlite3.connect(folder / "offline.db")
    names = [row[0] for row in tables.execute("SELECT name FROM sqlite_master")]
    shares: dict[str, list[float]] = {}
    columns: dict[str, set[str]] = {}

    equal: list[bool] = []

    def note(tool: str, share: float) -> None:
        shares.setdefault(tool, []).append(share)

    for entry in entries:
        detail = entry.detail
        note("archive", _share(detail, archive.raw("activity_detail", entry.id)))
        if entry.streams:
            found = archive.raw("activity_streams", entry.id)
            exact = all(
                found[kind]["data"] == values for kind, values in entry.streams.items()
            )
            equal.append(exact)
            columns.setdefault("archive", set()).update(found)
        for path in known.values():
            body: Any = json.loads(path.read_text())
            if body.get("id") == entry.id:
                note("mykrok", _share(detail, body))
                table = path.with_name("tracking.parquet")
                if table.exists():
                    schema = parquet.read_schema(table)
                    columns.setdefault("mykrok", set()).update(schema.names)
        row = tables.execute(
            f"SELECT * FROM {'activity' if 'activity' in names else names[0]}"
            " WHERE id = ?",
            (entry.id,),
        )
        heads = [item[0] for item in row.description]
        values = row.fetchone()
        if values is not None:
            flat = dict(zip(heads, values, strict=True))
            if isinstance(flat.get("json"), str):
                flat |= json.loads(flat["json"])
            note("strava-offline", _share(detail, flat))
    for tool, parts in shares.items():
        print(f"{tool}: {sum(parts) / len(parts):.0%} of the details' fields, as sent")
    print(f"archive, streams equal to those sent: {sum(equal)} of {len(equal)}")
    for tool, found in columns.items():
        print(f"{tool}, stream columns: {', '.join(sorted(found))}")
    archive.close()


def _share(sent: dict[str, Any], body: dict[str, Any]) -> float:
    """Return the share of the fields that are there with the value that was sent."""
    return sum(body.get(name, _NONE) == value for name, value in sent.items()) / len(
        sent
    )


_NONE = object()

if __name__ == "__main__":
    main()

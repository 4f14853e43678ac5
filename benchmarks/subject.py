"""One library doing one task in a process of its own; prints its figures as JSON.

    python subject.py LIBRARY TASK

Memory is measured once; other tasks once for each line of the standard input, ``warm``
or ``cold``, so that processes can take turns.

Libraries: ours, stravalib-2.6.0, strava-0.6.0. Answers come from memory, through the
library's own client and HTTP library, so that nothing of its work is left out.
"""

from __future__ import annotations

import dataclasses
import gc
import json
import sys
import time
import warnings
from operator import attrgetter
from typing import TYPE_CHECKING, Any

warnings.simplefilter("ignore")

import records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

FEWEST_RUNS = 2
SECONDS = 0.2  # to go on for, so that what is quick is measured often
STREAM_TYPES = list(records.streams())


# -- reading every field ---------------------------------------------------------


def field_names(kind: type) -> tuple[str, ...]:
    declared = getattr(kind, "model_fields", None)
    if declared is not None:
        return tuple(name for name in declared if name != "bound_client")
    if dataclasses.is_dataclass(kind):
        return tuple(field.name for field in dataclasses.fields(kind))
    return ()


class Readers(dict[type, "Callable[[Any], Sequence[Any]] | None"]):
    """What reads all fields of a class at once; None where it has none."""

    def __missing__(self, kind: type) -> Callable[[Any], Sequence[Any]] | None:
        self[kind] = found = reader_of(kind)
        if found is None:
            LEAVES.add(kind)
        return found


def reader_of(kind: type) -> Callable[[Any], Sequence[Any]] | None:
    if kind is list:
        return lambda values: values
    if issubclass(kind, dict):
        return lambda table: list(table.values())
    names = field_names(kind)
    if not names:
        return None
    getter = attrgetter(*names)
    return getter if len(names) > 1 else lambda value: (getter(value),)


LEAVES: set[type] = {int, float, str, bool, type(None)}
MANY = 10  # records of one class, to read them column by column
READERS = Readers()


def read(value: Any) -> int:
    """Read every field of a record, down to the values; return how many.

    As little as possible is spent on it, so that the libraries are measured and not
    the reading: level by level and column by column, in loops of C.
    """
    count = 0
    level = [value]
    while level:
        groups: dict[type, list[Any]] = {}
        for one in level:
            groups.setdefault(type(one), []).append(one)
        level = []
        for kind, group in groups.items():
            reader = READERS[kind]
            if reader is None:
                count += len(group)
                continue
            rows: Iterable[Sequence[Any]] = map(reader, group)
            if len(group) > MANY and kind is not list and not issubclass(kind, dict):
                rows = zip(*rows, strict=True)  # columns: one type each, mostly
            for row in rows:
                if kind is list and (series := length_of_series(row)):
                    count += series
                    continue
                if not LEAVES.issuperset(map(type, row)):
                    inner = [one for one in row if type(one) not in LEAVES]
                    level += inner
                    count -= len(inner)
                count += len(row)
    return count


def length_of_series(values: list[Any]) -> int:
    """Return how many numbers a list of numbers, or of pairs of them, has."""
    kind = type(values[0]) if values else None
    if kind is list:
        return sum(map(len, values))
    return len(values) if kind in LEAVES else 0


# -- clients that are answered from memory ---------------------------------------


def requests_session(answers: Callable[[str], bytes]) -> Any:
    import requests
    from requests.adapters import BaseAdapter

    class Memory(BaseAdapter):
        def send(self, request: Any, *args: Any, **keywords: Any) -> Any:
            response = requests.Response()
            response.status_code = 200
            response._content = answers(request.url)
            response.headers["Content-Type"] = "application/json; charset=utf-8"
            response.encoding = "utf-8"
            response.url = request.url
            response.request = request
            return response

        def close(self) -> None:
            pass

    session = requests.Session()
    session.mount("https://", Memory())
    return session


def stravalib_tasks(answers: Callable[[str], bytes]) -> dict[str, Callable[[], Any]]:
    from stravalib import Client

    client = Client(
        "T", requests_session=requests_session(answers), rate_limit_requests=False
    )
    return {
        "page": lambda: list(client.get_activities(limit=200)),
        "detail": lambda: client.get_activity(records.FIRST_ID),
        "streams": lambda: client.get_activity_streams(1, types=STREAM_TYPES),
        "all": lambda: list(client.get_activities(limit=10_000)),
    }


def strava_tasks(answers: Callable[[str], bytes]) -> dict[str, Callable[[], Any]]:
    import httpx
    from strava import Strava

    def handler(request: Any) -> Any:
        return httpx.Response(
            200,
            content=answers(str(request.url)),
            headers={"Content-Type": "application/json"},
        )

    client = Strava(
        access_token="T",
        http_client=httpx.Client(
            base_url="https://www.strava.com/api/v3",
            transport=httpx.MockTransport(handler),
        ),
    )

    def first(limit: int) -> list[Any]:
        found = []
        for activity in client.activities.list(per_page=200):
            found.append(activity)
            if len(found) == limit:
                break
        return found

    return {
        "page": lambda: first(200),
        "detail": lambda: client.activities.retrieve(records.FIRST_ID),
        "streams": lambda: client.streams.get_activity_streams(1, keys=STREAM_TYPES),
        "all": lambda: first(10_000),
    }


def tasks(library: str, answers: Callable[[str], bytes]) -> dict[str, Any]:
    if library.startswith("strava-"):
        return strava_tasks(answers)
    return stravalib_tasks(answers)


# -- measuring -------------------------------------------------------------------


def measure_cpu(library: str, task: str) -> None:
    """Answer each line of the standard input with the figures of a round."""
    content = records.body(task)
    run = tasks(library, lambda url: content)[task]
    count = read(run())
    for kind in map(str.strip, sys.stdin):
        best = float("inf")
        runs, end = 0, time.process_time() + SECONDS
        while runs < FEWEST_RUNS or time.process_time() < end:
            runs += 1
            if kind == "cold":
                gc.collect()  # walks through all memory: nothing is cached after it
            started = time.process_time()
            read(run())
            best = min(best, time.process_time() - started)
        print(json.dumps({"seconds": best, "values": count}), flush=True)


def resident() -> int:
    """Bytes of memory that the process has."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


def measure_memory(library: str) -> dict[str, Any]:
    from urllib.parse import parse_qs, urlsplit

    bodies = {number: records.body("page", number) for number in range(1, 51)}

    def answers(url: str) -> bytes:
        page = int(parse_qs(urlsplit(url).query).get("page", ["1"])[0])
        return bodies.get(page, b"[]")

    run = tasks(library, answers)
    read(run["page"]())
    gc.collect()
    before = resident()
    held = run["all"]()
    gc.collect()
    held_bytes = resident() - before
    values = read(held)
    gc.collect()
    assert len(held) == 10_000
    return {
        "held": held_bytes,
        "held_and_read": resident() - before,
        "values": values,
    }


def main(library: str, task: str) -> None:
    if task == "memory":
        print(json.dumps(measure_memory(library)))
    else:
        measure_cpu(library, task)


if __name__ == "__main__":
    main(*sys.argv[1:])

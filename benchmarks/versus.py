"""Compare this library with stravalib 2.6.0 and strava 0.6.0, in one run.

    python benchmarks/versus.py [--quick] [--only import,page,...]

Each library runs in an environment of its own (see peers.py), this one as the wheel of
the checkout without extras. Times are CPU times of processes that take turns, a fifth
of a second each; the smallest is printed, and the median of the ratios of neighbours.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent

import peers

OURS, OLD, OTHER = "ours", "stravalib-2.6.0", "strava-0.6.0"
LIBRARIES = (OURS, OLD, OTHER)
CONSTRUCT = {
    OURS: 'from stravalib import Client; Client(access_token="x")',
    OLD: 'from stravalib import Client; Client(access_token="x")',
    OTHER: 'from strava import Strava; Strava(access_token="x")',
}
TIMED = "import time; t = time.process_time()\n{code}\nprint(time.process_time() - t)"
# Bytecode must be cached, as it is for users.
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("PYTHON", "STRAVA_"))
} | {"SILENCE_TOKEN_WARNINGS": "1"}
# ratio to stravalib 2.6.0 that must not be exceeded
WANTED = {"import": 0.25, "page": 0.40, "detail": 0.50, "streams": 0.17, "memory": 0.9}
TITLES = {
    "import": "import and construct, fresh process",
    "page": "page of 200 activities",
    "detail": "activity with 25 efforts",
    "streams": "11 streams of 10,000 points",
    "memory": "memory of 10,000 activities",
}


def run(library: str, *arguments: str) -> str:
    done = subprocess.run(
        [str(peers.python_of(library)), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=ENVIRONMENT,
        cwd=HERE,
    )
    if done.returncode:
        raise SystemExit(f"{library} failed on {arguments}:\n{done.stderr}")
    return done.stdout.strip().splitlines()[-1]


def fresh(library: str, code: str) -> float:
    return float(run(library, "-c", TIMED.format(code=code)))


def import_times(rounds: int) -> dict[str, float]:
    codes = [(name, name, code) for name, code in CONSTRUCT.items()]
    codes.append(("import requests", OURS, "import requests"))
    codes.append(("requests session", OURS, "import requests; requests.Session()"))
    best = {title: float("inf") for title, *_ in codes}
    for _ in range(rounds):
        for title, library, code in codes:
            best[title] = min(best[title], fresh(library, code))
    return best


def memory_figures(rounds: int) -> dict[str, dict[str, Any]]:
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in LIBRARIES}
    for _ in range(rounds):
        for library in LIBRARIES:
            found[library].append(
                json.loads(run(library, "subject.py", library, "memory"))
            )
    return {
        name: sorted(rows, key=lambda row: row["held_and_read"])[len(rows) // 2]
        for name, rows in found.items()
    }


def task_figures(task: str, rounds: int) -> dict[str, dict[str, Any]]:
    """Let the libraries do a task in turn, each in a process that goes on.

    How fast a shared machine is changes from second to second, so the ratio is the
    median of the ratios of neighbouring rounds.
    """
    subjects = {
        library: start(library, "subject.py", library, task) for library in LIBRARIES
    }
    found: dict[str, dict[str, Any]] = {name: {} for name in LIBRARIES}
    try:
        for kind in ("warm", "cold"):
            times: dict[str, list[float]] = {name: [] for name in LIBRARIES}
            for number in range(rounds):
                order = list(subjects.items())
                for library, subject in order[:: -1 if number % 2 else 1]:
                    answer = json.loads(ask(subject, kind))
                    times[library].append(answer["seconds"])
                    found[library]["values"] = answer["values"]
            for library, row in times.items():
                found[library][kind] = min(row)
                found[library][f"{kind} ratio"] = statistics.median(
                    mine / its for mine, its in zip(times[OURS], row, strict=True)
                )
    finally:
        for subject in subjects.values():
            subject.communicate()
    return found


def start(library: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(peers.python_of(library)), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
        cwd=HERE,
    )


def ask(subject: subprocess.Popen[str], question: str) -> str:
    assert subject.stdin is not None
    assert subject.stdout is not None
    subject.stdin.write(f"{question}\n")
    subject.stdin.flush()
    answer = subject.stdout.readline()
    if not answer:
        raise SystemExit(f"{subject.args} ended; its message is above")
    return answer


def decoder_floor(task: str) -> float:
    """Return the seconds that decoding the JSON alone takes."""
    code = (
        "import time, records; from stravalib._core.http import decode\n"
        f"body = records.body({task!r}); best = 9.0\n"
        "for _ in range(15):\n"
        f"    t = time.process_time(); decode(body, '/{task}')\n"
        "    best = min(best, time.process_time() - t)\n"
        "print(best)"
    )
    return float(run(OURS, "-c", code))


def overhead(rounds: int) -> dict[str, dict[str, dict[str, float]]]:
    """Run the request benchmarks against one loopback server."""
    server = subprocess.Popen(
        [sys.executable, str(HERE / "loopback.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    port = server.stdout.readline().strip()
    subjects = {"async-ours": "ours-async", "async-strava": OTHER, "sync": OURS}
    runs: dict[str, list[dict[str, dict[str, float]]]] = {name: [] for name in subjects}
    try:
        for _ in range(rounds):
            for subject, library in subjects.items():
                answer = run(library, "throughput.py", subject, port)
                runs[subject].append(json.loads(answer))
    finally:
        server.communicate("")
    best = {"cpu": min, "per_second": max, "beside_bare": statistics.median}
    return {
        subject: {
            name: {
                figure: best[figure](found[name][figure] for found in rows)
                for figure in rows[0][name]
            }
            for name in rows[0]
        }
        for subject, rows in runs.items()
    }


def line(title: str, *cells: str) -> None:
    print(f"{title:38}" + "".join(f"{cell:>18}" for cell in cells[:3]), *cells[3:])


def verdict(ratio: float, limit: float, *, at_least: bool = False) -> str:
    good = ratio >= limit if at_least else ratio <= limit
    sign = ">=" if at_least else "<="
    return f"{ratio:.2f} ({'ok' if good else 'MISSED'}, {sign} {limit})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--only", default="import,page,detail,streams,memory,requests")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    chosen = parser.parse_args()
    wanted = chosen.only.split(",")
    rounds = 2 if chosen.quick else 5
    for library in (*LIBRARIES, "ours-async"):
        peers.make(library)
        print(f"{library:18}{peers.versions(library)}")
    figures: dict[str, Any] = {}
    print()
    line("", "this library", "stravalib 2.6.0", "strava 0.6.0", "ratio to 2.6.0")
    if "import" in wanted:
        best = figures["import"] = import_times(3 * rounds)
        row = [best[name] for name in LIBRARIES]
        line(
            TITLES["import"],
            *(f"{value * 1e3:.1f} ms" for value in row),
            verdict(row[0] / row[1], WANTED["import"]),
        )
        requests = best["import requests"]
        line(
            "  beside `import requests`",
            f"{requests * 1e3:.1f} ms",
            "",
            "",
            verdict(row[0] / requests, 1.2),
        )
    for task in ("page", "detail", "streams", "memory"):
        if task not in wanted:
            continue
        if task == "memory":
            found = figures[task] = memory_figures(rounds)
            row = [found[name]["held_and_read"] for name in LIBRARIES]
            cells = [f"{value / 1e6:.1f} MB" for value in row]
            ratios = [row[0] / value for value in row]
        else:
            found = figures[task] = task_figures(task, 4 * rounds)
            cells = [f"{found[name]['warm'] * 1e3:.2f} ms" for name in LIBRARIES]
            ratios = [found[name]["warm ratio"] for name in LIBRARIES]
        line(TITLES[task], *cells, verdict(ratios[1], WANTED[task]))
        line("  values read", *(f"{found[name]['values']:,}" for name in LIBRARIES))
        line("  ratio to strava 0.6.0", verdict(ratios[2], 1.0))
        if task != "memory":
            cells = [f"{found[name]['cold'] * 1e3:.2f} ms" for name in LIBRARIES]
            line("  with cold caches", *cells, f"{found[OLD]['cold ratio']:.2f}")
            line("  JSON decoder alone", f"{decoder_floor(task) * 1e3:.2f} ms")
    if "requests" in wanted:
        found = figures["requests"] = overhead(rounds)
        ours, other = found["async-ours"], found["async-strava"]
        print()
        print("small requests on loopback, 16 at a time")
        for name, row in {
            "bare aiohttp": ours["bare"],
            "AsyncClient, not decoded": ours["raw"],
            "AsyncClient, nor limited": ours["raw_unlimited"],
            "AsyncClient.get_athlete": ours["model"],
            "strava 0.6.0, the same": other["model"],
        }.items():
            line(name, f"{row['cpu'] * 1e6:.0f} us CPU", f"{row['per_second']:.0f} /s")
        line(
            "throughput, ratio to strava 0.6.0",
            verdict(
                ours["model"]["per_second"] / other["model"]["per_second"],
                3.0,
                at_least=True,
            ),
        )
        line(
            "CPU, ratio to strava 0.6.0",
            f"{ours['model']['cpu'] / other['model']['cpu']:.2f}",
        )
        line(
            "CPU, ratio to bare aiohttp",
            verdict(ours["raw"]["beside_bare"], 1.35),
        )
        plain = found["sync"]
        print("small requests on loopback, one after another")
        rows = {"bare requests": "bare", "Client, not decoded": "raw"}
        for name, key in rows.items():
            line(name, f"{plain[key]['cpu'] * 1e6:.0f} us CPU")
        line(
            "CPU, ratio to bare requests",
            verdict(plain["raw"]["beside_bare"], 1.10),
        )
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()

"""Send hostile files through the processing of uploads and report what happened.

Run it with ``python tests/campaigns/fuzz_uploads.py --count 10000``. It fails when
anything but an activity or a refusal comes out, when a case takes too long, when memory
goes beyond its bound, or when a file of this machine is opened.
"""

from __future__ import annotations

import argparse
import json
import logging
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from hostile import cases

from stravalib._facts import texts
from stravalib.emulator.processing import RejectedUpload, process_upload
from stravalib.emulator.records import AthleteRecord

ATHLETE = AthleteRecord({"id": 1, "athlete_type": 0, "weight": 70.0})
TEXTS = {texts.UPLOAD_MALFORMED, texts.UPLOAD_NO_TIME}


class Faults(logging.Handler):
    """Collects what the processing logs as a fault of its own."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the exception."""
        self.found.append(repr(record.exc_info[1]) if record.exc_info else record.msg)


class Watch:
    """Notices files that are opened and sockets that connect."""

    def __init__(self) -> None:
        self.on = False
        self.found: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.on and event in {"open", "socket.connect", "os.system"}:
            place = str(arguments[0])
            if not place.endswith((".py", ".pyc", ".so", ".tab")) and (
                "zoneinfo" not in place and "__pycache__" not in place
            ):
                self.found.append(f"{event} {place}")


def memory() -> float:
    """Return the peak of this process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(count: int, seed: int) -> dict[str, Any]:
    """Run the campaign; return its figures."""
    faults, watch = Faults(), Watch()
    log = logging.getLogger("stravalib.emulator")
    log.addHandler(faults)
    log.propagate = False
    answers: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    wrong: list[str] = []
    slowest = (0.0, "")
    biggest = (0.0, "")
    total = 0.0
    before = memory()
    for number, (what, kind, data) in enumerate(cases(count, seed)):
        begun = time.perf_counter()
        peak = memory()
        faults_before = len(faults.found)
        watch.on = True
        try:
            record = process_upload(data, kind, athlete=ATHLETE, now=0.0)
        except RejectedUpload as refusal:
            answer = "refused: " + refusal.text
            if refusal.text not in TEXTS:
                wrong.append(f"{number} {what}: {refusal.text!r} is no text of Strava")
        except BaseException as error:
            answer = f"raised {type(error).__name__}"
            wrong.append(f"{number} {what}: {error!r}")
        else:
            answer = "activity"
            wrong += [f"{number} {what}: {fault}" for fault in unsound(record)]
        watch.on = False
        if len(faults.found) > faults_before:
            wrong.append(f"{number} {what}: {faults.found[-1]}")
        taken = time.perf_counter() - begun
        total += taken
        slowest = max(slowest, (taken, f"{number} {what} {len(data)} bytes"))
        biggest = max(biggest, (memory() - peak, f"{number} {what} {len(data)} bytes"))
        answers[answer] += 1
        kinds[what + (" -> activity" if answer == "activity" else "")] += 1
    wrong += [f"opened: {place}" for place in sorted(set(watch.found))]
    return {
        "cases": count,
        "seed": seed,
        "answers": dict(answers),
        "kinds": dict(sorted(kinds.items())),
        "seconds": round(total, 1),
        "slowest": slowest,
        "memory_before_mb": round(before),
        "memory_peak_mb": round(memory()),
        "largest_step_mb": biggest,
        "wrong": wrong,
    }


def unsound(record: Any) -> list[str]:
    """Return what is wrong with an activity that came through."""
    detail, streams = record.detail, record.streams
    found = []
    try:
        text = json.dumps([detail, streams, record.zones], allow_nan=False)
    except ValueError as error:
        return [f"no JSON: {error}"]
    if "root:" in text:
        found.append("it holds a file of this machine")
    if len({len(values) for values in streams.values()}) > 1:
        found.append("streams of different lengths")
    if not 0 <= detail["moving_time"] <= detail["elapsed_time"]:
        found.append(f"{detail['moving_time']} of {detail['elapsed_time']} s moving")
    if not 0 <= detail["distance"] < 1e9:
        found.append(f"distance {detail['distance']}")
    for lat, lng in streams.get("latlng", ()):
        if not (-90 <= lat <= 90 and -180 <= lng <= 180):
            found.append(f"position {lat}, {lng}")
            break
    return found


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--memory", type=float, default=700.0, help="bound in MB")
    parser.add_argument("--slow", type=float, default=20.0, help="bound in seconds")
    options = parser.parse_args()
    report = run(options.count, options.seed)
    sys.stdout.write(json.dumps(report, indent=2) + "\n")
    bad = bool(report["wrong"])
    bad |= report["memory_peak_mb"] > options.memory
    bad |= report["slowest"][0] > options.slow
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())

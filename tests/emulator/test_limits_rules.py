from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from stravalib.emulator.limits import Limits

if TYPE_CHECKING:
    from asking import Asker

    from stravalib.emulator import LocalStrava

MIDNIGHT = 1_795_564_800.0  # 2026-11-25T00:00:00Z


def test_refused_requests_count_for_the_day_only() -> None:
    limits = Limits.of((2, 10, 1, 5))
    assert limits.take(MIDNIGHT, read=True)
    assert not limits.take(MIDNIGHT, read=True)
    assert (limits.overall.short_used, limits.overall.long_used) == (1, 2)
    assert (limits.read.short_used, limits.read.long_used) == (1, 2)
    assert limits.take(MIDNIGHT, read=False)
    assert not limits.take(MIDNIGHT, read=False)


def test_windows_end_with_the_clock() -> None:
    limits = Limits.of((1, 3, 1, 3))
    assert limits.take(MIDNIGHT + 899, read=True)
    assert not limits.take(MIDNIGHT + 899.9, read=True)
    assert limits.take(MIDNIGHT + 900, read=True)
    assert not limits.take(MIDNIGHT + 1800, read=True)  # the day is used up
    assert limits.take(MIDNIGHT + 86400, read=True)


@given(st.lists(st.tuples(st.floats(0, 400), st.booleans()), min_size=1, max_size=200))
def test_no_window_ever_lets_more_through(steps: list[tuple[float, bool]]) -> None:
    limits, now = Limits.of((10, 60, 6, 40)), MIDNIGHT
    passed: list[tuple[float, bool]] = []
    for pause, read in steps:
        now += pause
        if limits.take(now, read=read):
            passed.append((now, read))
    for window, most, most_read in ((900, 10, 6), (86400, 60, 40)):
        for start in {moment // window for moment, _ in passed}:
            inside = [read for moment, read in passed if moment // window == start]
            assert len(inside) <= most
            assert sum(inside) <= most_read


def test_429_and_recovery(small: LocalStrava, ask: Asker) -> None:
    small.application.limits = (200, 2000, 2, 5)
    small.application.__post_init__()
    assert [ask.get("/athlete").status_code for _ in range(3)] == [200, 200, 429]
    refused = ask.get("/athlete")
    assert refused.json() == {
        "message": "Rate Limit Exceeded",
        "errors": [
            {"resource": "Application", "field": "rate limit", "code": "exceeded"}
        ],
    }
    assert refused.headers["X-ReadRateLimit-Limit"] == "2,5"
    assert refused.headers["X-ReadRateLimit-Usage"] == "2,4"
    created = ask(
        "POST",
        "/activities",
        data={
            "name": "N",
            "sport_type": "Run",
            "start_date_local": "2026-01-01T00:00:00Z",
            "elapsed_time": 1,
        },
    )
    assert created.status_code == 201  # not a read
    small.clock.move(900)
    assert ask.get("/athlete").status_code == 200
    assert ask.get("/athlete").status_code == 429  # the day's five are gone
    moved = ask("POST", small.origin + "/_emulator/clock", json={"move": 43200})
    assert moved.json()["iso"].startswith("2026-11-26T00:15:00")
    ask.session.headers["Authorization"] = f"Bearer {small.token()}"
    assert ask.get("/athlete").headers["X-RateLimit-Usage"] == "1,1"


def test_applications_are_counted_apart(small: LocalStrava, ask: Asker) -> None:
    ask.get("/athlete")
    other = small.state.add_application(small.state.new_application())
    ask.session.headers["Authorization"] = f"Bearer {small.token(application=other)}"
    assert ask.get("/athlete").headers["X-RateLimit-Usage"] == "1,1"


def test_limits_can_be_reset(small: LocalStrava, ask: Asker) -> None:
    small.application.limits = (200, 2000, 1, 5)
    small.application.__post_init__()
    ask.get("/athlete")
    assert ask.get("/athlete").status_code == 429
    done = ask("POST", small.origin + "/_emulator/limits", data={"limits": "3,4,1,2"})
    assert done.status_code == 200
    assert ask.get("/athlete").headers["X-ReadRateLimit-Limit"] == "1,2"

from __future__ import annotations

import asyncio
import multiprocessing
import os
from typing import TYPE_CHECKING, Any

import pytest

from stravalib import exc
from stravalib.archive import AlreadyRunning, Archive, ArchiveFull
from stravalib.archive.listing import ActivityList
from stravalib.archive.plan import Progress, Quota, SyncPlan
from stravalib.emulator.records import AthleteRecord

from . import local
from .samples import ME, Clock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stravalib.emulator import LocalStrava

DAY = 86_400


@pytest.fixture
def server() -> Iterator[LocalStrava]:
    with local.strava(12) as running:
        yield running


def content(archive: Archive) -> dict[Any, Any]:
    return {
        (record.kind, record.key, record.source): (
            record.body,
            archive.store.streams(record.id),
        )
        for record in archive.store.records()
    }


def test_a_first_sync_brings_everything(archive: Archive, server: LocalStrava) -> None:
    result = archive.sync(local.client(server))
    assert (result.outcome, result.exit_code) == ("complete", 0)
    assert len(result.added) == 12
    assert result.fetched == {"details": 12, "streams": 12}
    asked = local.asked(server)
    assert len(asked) == result.requests
    assert len(set(asked)) == len(asked)
    # The newest come first.
    assert asked[3:5] == ["/activities/1011", "/activities/1011/streams"]
    assert archive.activity(1003).description == "words 3"
    kept = archive.raw("activity_streams", 1003)
    assert kept["heartrate"]["data"] == [None, *range(121, 140)]


def test_nothing_new_costs_one_request(archive: Archive, server: LocalStrava) -> None:
    strava = local.client(server)
    archive.sync(strava)
    local.asked(server)
    result = archive.sync(strava)
    assert local.asked(server) == ["/athlete/activities"]
    assert str(result) == "complete: 0 new; 1 requests"
    # A token that is new here has to be asked whose it is.
    archive.store.execute("DELETE FROM state WHERE key GLOB 'token:*'")
    archive.sync(local.client(server))
    assert local.asked(server) == ["/athlete", "/athlete/activities"]


def test_a_plain_sync_brings_what_is_new(archive: Archive, server: LocalStrava) -> None:
    strava = local.client(server)
    archive.sync(strava)
    server.state.add_activities(ME, [local.activity(50), local.activity(51)])
    local.asked(server)
    result = archive.sync(strava)
    assert sorted(result.added) == [1050, 1051]
    assert len(local.asked(server)) == 1 + 4


def test_more_than_a_page_of_new_ones(archive: Archive, server: LocalStrava) -> None:
    strava = local.client(server)
    archive.sync(strava, what=[])
    server.state.add_activities(ME, [local.activity(n) for n in range(20, 450)])
    result = archive.sync(strava, what=[])
    assert len(result.added) == 430
    assert len(archive.activities()) == 442


def test_many_pages_and_ties(archive: Archive) -> None:
    with local.strava(0) as server:
        same = [local.activity(n, start_date="2024-03-01T00:00:00Z") for n in range(5)]
        others = [local.activity(n) for n in range(1500, 1500 + 197)]
        server.state.add_activities(ME, [*same, *others])
        result = archive.sync(local.client(server), what=[])
        assert len(result.added) == 202
        archive.sync(local.client(server), what=[], check=True)
        assert len(archive.activities()) == 202


def _cut_after(pages: int) -> Any:
    def stop(progress: Progress) -> None:
        nonlocal pages
        pages -= 1
        if not pages:
            raise KeyboardInterrupt

    return stop


@pytest.mark.parametrize("pause", [60, 7200])
def test_a_first_list_that_was_cut_off_goes_on(
    archive: Archive, clock: Clock, pause: int
) -> None:
    with local.strava(900) as server:
        strava = local.client(server)
        archive.sync(strava, what=[], progress=_cut_after(2))
        first = local.asked(server)
        server.state.add_activities(ME, [local.activity(n) for n in range(950, 1160)])
        clock.now += pause
        # Cut off again while it catches up.
        archive.sync(strava, what=[], progress=_cut_after(1))
        clock.now += pause
        archive.sync(strava, what=[])
        second = local.asked(server)
        lists = [path for path in second if "before" in path]
        assert set(first).isdisjoint(lists)
        if pause > 900:
            assert len(archive.activities()) == 1110
        else:
            archive.sync(strava, what=[], check=True)
        assert len(archive.activities()) == 1110
        assert archive.sync(strava, what=[]).requests == 1


def test_a_check_that_was_cut_off_long_ago_starts_anew(
    archive: Archive, clock: Clock
) -> None:
    archive.keep("my own data")
    with local.strava(450) as server:
        strava = local.client(server)
        archive.sync(strava, what=[])
        archive.sync(strava, what=[], check=True, progress=_cut_after(1))
        server.state.add_activities(ME, [local.activity(n) for n in range(500, 750)])
        clock.now += 3 * DAY
        result = archive.sync(strava, what=[])
        assert len(result.added) == 250
        assert not result.checked


def test_what_was_found_gone_goes_in_the_next_run(
    archive: Archive, server: LocalStrava, monkeypatch: pytest.MonkeyPatch
) -> None:
    strava = local.client(server)
    archive.sync(strava, what=[])
    server.state.remove_activity(1002)

    def die(self: ActivityList, numbers: list[int]) -> None:
        if numbers:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ActivityList, "_sweep_gone", die)
        archive.sync(strava, what=[], check=True)
    assert 1002 in archive.activities()["id"]
    archive.sync(strava, what=[])
    assert 1002 not in archive.activities()["id"]


def test_the_plan_comes_first_and_can_be_declined(
    archive: Archive, server: LocalStrava
) -> None:
    plans: list[SyncPlan] = []

    def decline(plan: SyncPlan) -> bool:
        plans.append(plan)
        return False

    result = archive.sync(local.client(server), on_plan=decline)
    assert result.outcome == "declined"
    assert plans[0].requests == 24
    assert plans[0].by_part == {"details": 12, "streams": 12}
    assert archive.store.has(ME, "activity_detail", "api") == set()


def test_the_plan_in_words() -> None:
    quota = Quota(short=100, long=1000, short_left=100, long_left=800)
    plan = SyncPlan(3412, 3412, 6824, {}, quota)
    assert str(plan) == (
        "3,412 activities: 6,824 requests, done in about 6.8 days at your limits;"
        " the newest 400 today"
    )
    assert str(SyncPlan(5, 0, 0, {}, quota)) == "5 activities: nothing to fetch"
    assert str(SyncPlan(5, 5, 10, {}, quota)) == "5 activities: 10 requests, at once"
    assert "52 minutes" in str(SyncPlan(500, 200, 500, {}, quota))
    warned = SyncPlan(9000, 9000, 18_000, {}, quota, keeps=False)
    assert "expire after 7 days" in str(warned)


def test_all_parts(archive: Archive, server: LocalStrava) -> None:
    got: list[str] = []

    def download(url: str) -> tuple[bytes, str]:
        got.append(url)
        return b"\xff\xd8picture", "image/jpeg"

    strava = local.client(server)
    result = archive.sync(strava, what="all", download=download)
    assert result.outcome == "complete", result
    assert result.fetched["kudos"] == 6
    assert result.fetched["photos"] == 6
    assert result.fetched["files"] == 6
    assert got[0].endswith("/l")
    paths = archive.sql("SELECT path FROM photos")["path"]
    assert all(
        (archive.store.files / path).read_bytes()[:2] == b"\xff\xd8" for path in paths
    )
    assert archive.sql("SELECT name FROM routes")["name"] == ["Loop"]
    assert archive.stream_set(3329485690369457990, of="route")["distance"] == [0.0, 9.0]
    local.asked(server)
    again = archive.sync(strava, what="all", download=download)
    assert len(local.asked(server)) == 1
    assert again.fetched == {}


def test_a_check_notices_edits(
    archive: Archive, server: LocalStrava, clock: Clock
) -> None:
    strava = local.client(server)
    archive.keep("my own data")
    archive.sync(strava, what=["details", "streams", "kudos"])
    strava.update_activity(1001, name="Renamed")
    local.asked(server)
    # The check is due after a week, by itself.
    clock.now += 7 * DAY
    result = archive.sync(strava, what=["details", "streams", "kudos"])
    assert result.checked
    assert result.changed == [1001]
    assert result.fetched == {"details": 1}
    assert archive.activity(1001).name == "Renamed"


def test_a_check_renews_the_list_before_it_expires(
    archive: Archive, server: LocalStrava, clock: Clock
) -> None:
    strava = local.client(server)
    for day in range(15):
        result = archive.sync(strava, what=[])
        assert len(archive.activities()) == 12
        assert result.checked is (day in (0, 6, 12))
        assert len(result.added) == (12 if day == 0 else 0)
        clock.now += DAY


def test_a_check_notices_deletions_and_privacy(
    archive: Archive, server: LocalStrava, clock: Clock
) -> None:
    reader = local.client(server, "read,activity:read")
    archive.sync(reader)
    server.state.remove_activity(1002)
    local.edit(server, 1003, visibility="only_me", private=True)
    local.edit(server, 1004, visibility="followers_only")
    result = archive.sync(reader, check=True)
    assert sorted(result.gone) == [1002, 1003]
    assert result.private == [1004]
    assert len(archive.activities()) == 10
    assert archive.store.has(ME, "activity_streams", "api").isdisjoint({"1002", "1003"})
    assert {receipt.activity_id for receipt in archive.receipts()} == {1002, 1003}


def test_a_plain_sync_notices_what_left_the_newest_page(
    archive: Archive, server: LocalStrava
) -> None:
    strava = local.client(server)
    archive.sync(strava, what=[])
    server.state.remove_activity(1008)
    assert archive.sync(strava, what=[]).gone == [1008]


def test_an_empty_list_removes_nothing(archive: Archive, server: LocalStrava) -> None:
    strava = local.client(server)
    archive.sync(strava, what=[])
    for number in range(12):
        server.state.remove_activity(1000 + number)
    result = archive.sync(strava, what=[], check=True)
    assert "nothing was removed" in result.message
    assert len(archive.activities()) == 12


def test_what_was_forgotten_stays_away(archive: Archive, server: LocalStrava) -> None:
    strava = local.client(server)
    archive.sync(strava)
    archive.forget(activity_id=1005)
    archive.sync(strava, check=True)
    assert len(archive.activities()) == 11
    assert 1005 not in archive.activities()["id"]


def test_manual_activities_are_not_asked_for_streams(archive: Archive) -> None:
    with local.strava(1) as server:
        server.state.add_activities(ME, [local.activity(9, manual=True)])
        archive.sync(local.client(server))
        assert "/activities/1009/streams" not in local.asked(server)


def test_the_limit_stops_and_the_next_run_goes_on(archive: Archive) -> None:
    with local.strava(12, limits=(10, 10, 10, 10)) as server:
        strava = local.client(server)
        result = archive.sync(strava)
        assert (result.outcome, result.exit_code) == ("limit", 3)
        assert result.left > 0
        first = local.asked(server)
        server.application.usage = type(server.application.usage).of(local.AMPLE)
        result = archive.sync(local.client(server))
        assert result.outcome == "complete"
        second = local.asked(server)
        assert set(first[:10]).isdisjoint(second)
        assert len(archive.store.has(ME, "activity_streams", "api")) == 12


def test_waiting_out_a_limit(archive: Archive, clock: Clock) -> None:
    naps: list[float] = []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        clock.now += seconds
        # Nothing of the database is held meanwhile.
        other = Archive(archive.store.path, busy_timeout=0.01, clock=clock)
        other.add("gear", {"id": "b1"}, athlete_id=ME)
        other.close()

    with local.strava(3) as server:
        strava = local.client(server)
        real = strava.get_activity
        left = [exc.RateLimitExceeded("the day is used up", timeout=150.0)]

        def limited(number: int) -> Any:
            if left:
                raise left.pop()
            return real(number)

        strava.get_activity = limited  # type: ignore[method-assign,assignment]
        result = archive.sync(strava, wait=True, sleep=sleep)
        assert result.outcome == "complete"
        assert result.fetched == {"details": 3, "streams": 3}
    assert sum(naps) == 150.0


def test_max_requests(archive: Archive, server: LocalStrava) -> None:
    result = archive.sync(local.client(server), max_requests=7)
    assert len(local.asked(server)) == 7
    assert result.outcome == "limit"


def test_ctrl_c_ends_cleanly(archive: Archive, server: LocalStrava) -> None:
    strava = local.client(server)
    real = strava.get_activity_streams
    calls: list[int] = []

    def interrupted(number: int) -> Any:
        calls.append(number)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(number)

    strava.get_activity_streams = interrupted  # type: ignore[method-assign,assignment]
    result = archive.sync(strava)
    assert (result.outcome, result.exit_code) == ("interrupted", 130)
    strava.get_activity_streams = real  # type: ignore[method-assign]
    before = local.asked(server)
    result = archive.sync(strava)
    assert result.outcome == "complete"
    # The list is not read again, and nothing that is here.
    assert set(before).isdisjoint(local.asked(server))


def test_failures_are_reported_and_tried_again_later(
    archive: Archive, server: LocalStrava, clock: Clock
) -> None:
    strava = local.client(server)
    server.app.faults.add("500", path="/activities/1004/streams")
    result = archive.sync(strava)
    assert (result.outcome, result.exit_code) == ("partial", 4)
    (miss,) = archive.misses(ME)
    assert (miss.kind, miss.key) == ("activity_streams", "1004")
    assert "500" in miss.reason
    local.asked(server)
    archive.sync(strava)
    assert local.asked(server) == ["/athlete/activities"]
    server.app.faults.remove()
    clock.now += 3601
    result = archive.sync(strava)
    assert local.asked(server)[-1] == "/activities/1004/streams"
    assert archive.misses(ME) == []


def test_a_server_that_is_down_ends_the_run(
    archive: Archive, server: LocalStrava
) -> None:
    strava = local.client(server)
    server.app.faults.add("503", path="/activities/*")
    result = archive.sync(strava)
    assert (result.outcome, result.exit_code) == ("unreachable", 7)
    assert result.left > 0


def test_a_missing_scope_is_asked_for_once(
    archive: Archive, server: LocalStrava
) -> None:
    result = archive.sync(local.client(server, "read"))
    assert (result.outcome, result.exit_code) == ("refused", 6)
    assert "activity:read" in result.message


def test_what_only_subscribers_get(archive: Archive) -> None:
    with local.strava(3) as server:
        server.state.athletes[ME].subscriber = False
        result = archive.sync(local.client(server), what=["zones"])
        assert "zones" in result.refused
        assert sum(path.endswith("/zones") for path in local.asked(server)) == 1


def test_the_wrong_athlete_is_refused(archive: Archive, server: LocalStrava) -> None:
    result = archive.sync(local.client(server), athlete_id=5)
    assert result.outcome == "refused"
    assert archive.info()["activities"] == 0


def test_two_athletes_in_one_file(archive: Archive) -> None:
    with local.strava(3) as server:
        other = local.activity(1, id=2001)
        other.detail["athlete"] = {"id": 7, "resource_state": 1}
        server.state.add_athlete(AthleteRecord({"id": 7, "resource_state": 3}))
        server.state.add_activities(7, [other])
        archive.sync(local.client(server))
        strava = local.client(server, athlete_id=7)
        result = archive.sync(strava, athlete_id=7)
        assert result.added == [2001]
        assert archive.activities(athlete_id=7)["id"] == [2001]
        assert archive.sync(strava, check=True).gone == []
        archive.forget(athlete_id=7, sources=("api",), reason="revoked")
        assert archive.activities()["id"] == [1002, 1001, 1000]


def test_a_route_that_is_gone_leaves(archive: Archive, server: LocalStrava) -> None:
    strava = local.client(server)
    archive.sync(strava, what="routes")
    assert len(archive.sql("SELECT * FROM routes")) == 1
    server.state.routes.clear()
    archive.sync(strava, what="routes", check=True)
    assert len(archive.sql("SELECT * FROM routes")) == 0
    assert archive.store.has(ME, "route_streams", "api") == set()


def test_unknown_parts(archive: Archive, server: LocalStrava) -> None:
    with pytest.raises(ValueError, match="stream"):
        archive.sync(local.client(server), what="stream")


def test_progress(archive: Archive, server: LocalStrava) -> None:
    told: list[Progress] = []
    archive.sync(local.client(server), progress=told.append)
    assert told[0].phase == "listing"
    assert (told[-1].phase, told[-1].done, told[-1].total) == ("fetching", 24, 24)


def test_a_second_run_is_refused(archive: Archive, server: LocalStrava) -> None:
    seen: list[AlreadyRunning] = []

    def again(plan: SyncPlan) -> None:
        other = Archive(archive.store.path, clock=archive.clock)
        with pytest.raises(AlreadyRunning) as caught:
            other.sync(local.client(server))
        seen.append(caught.value)
        other.close()

    archive.sync(local.client(server), on_plan=again)
    assert seen[0].pid == os.getpid()


def test_a_full_archive_raises_and_goes_on_later(
    archive: Archive, server: LocalStrava
) -> None:
    strava = local.client(server)
    archive.sync(strava, what=[])
    ((pages,),) = archive.store.query("PRAGMA page_count")
    archive.store.query(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(ArchiveFull):
        archive.sync(strava)
    archive.store.query("PRAGMA max_page_count = 1000000")
    assert archive.sync(strava).outcome == "complete"
    assert len(archive.store.has(ME, "activity_streams", "api")) == 12


async def test_the_async_client_does_the_same(
    archive: Archive, server: LocalStrava, tmp_path: Path, clock: Clock
) -> None:
    pytest.importorskip("aiohttp")
    from stravalib.async_client import AsyncClient

    await asyncio.to_thread(
        archive.sync,
        local.client(server),
        what="all",
        download=lambda url: (b"x", "image/jpeg"),
    )
    local.asked(server)
    with Archive(tmp_path / "other.db", clock=clock) as other:
        async with AsyncClient(
            access_token=server.token(), base_url=server.url
        ) as strava:
            result = await other.sync_async(
                strava, what="all", download=lambda url: (b"x", "image/jpeg")
            )
            assert result.outcome == "complete", result
            asked = local.asked(server)
            assert len(asked) == len(set(asked)) == result.requests
            assert content(other) == content(archive)
            again = await other.sync_async(strava)
            assert again.requests == 1


async def test_a_cancelled_async_sync_goes_on_later(
    archive: Archive, server: LocalStrava
) -> None:
    pytest.importorskip("aiohttp")
    from stravalib.async_client import AsyncClient

    async with AsyncClient(access_token=server.token(), base_url=server.url) as strava:
        task: asyncio.Task[Any] | None = None

        def stop(progress: Progress) -> None:
            if progress.phase == "fetching" and progress.done == 5:
                assert task is not None
                task.cancel()

        task = asyncio.create_task(archive.sync_async(strava, progress=stop))
        with pytest.raises(asyncio.CancelledError):
            await task
        runs = archive.sql("SELECT outcome FROM run")["outcome"]
        assert runs == ["interrupted"]
        result = await archive.sync_async(strava)
        assert result.outcome == "complete"
        assert len(archive.store.has(ME, "activity_streams", "api")) == 12


def _sync_until_killed(path: str, url: str, token: str, calls: int) -> None:
    from stravalib.client import Client

    def die(progress: Progress) -> None:
        nonlocal calls
        calls -= 1
        if not calls:
            os.kill(os.getpid(), 9)

    Archive(path, clock=Clock()).sync(
        Client(access_token=token, base_url=url), progress=die
    )


def test_killed_and_resumed(tmp_path: Path, server: LocalStrava, clock: Clock) -> None:
    path = tmp_path / "killed.db"
    token = server.token()
    context = multiprocessing.get_context("spawn")
    for calls in (1, 5, 4):
        process = context.Process(
            target=_sync_until_killed, args=(str(path), server.url, token, calls)
        )
        process.start()
        process.join(30)
        assert process.exitcode == -9
    with (
        Archive(path, clock=clock) as archive,
        Archive(tmp_path / "whole.db", clock=clock) as whole,
    ):
        from stravalib.client import Client

        strava = Client(access_token=token, base_url=server.url)
        assert archive.sync(strava).outcome == "complete"
        asked = local.asked(server)
        assert len(asked) == len(set(asked))
        whole.sync(strava)
        assert content(archive) == content(whole)

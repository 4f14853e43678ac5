"""Lists in pages: where they end, what they ask for, what comes twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from stravalib import Client, model
from stravalib._core.paging import POLICIES, Paging
from stravalib.async_client import AsyncBatchedResultsIterator
from stravalib.client import BatchedResultsIterator

if TYPE_CHECKING:
    from collections.abc import Callable

Rows = list[dict[str, Any]]


def rows(*ids: int) -> Rows:
    return [{"id": number} for number in ids]


class Pages:
    """Fetches pages from a list of pages, and notes what was asked."""

    def __init__(self, *pages: Rows) -> None:
        self.pages = pages
        self.asked: list[tuple[int, int]] = []

    def __call__(self, *, page: int, per_page: int) -> Rows:
        self.asked.append((page, per_page))
        return self.pages[page - 1] if page <= len(self.pages) else []


class Cursors:
    """Fetches pages by cursor."""

    def __init__(self, *pages: Rows) -> None:
        self.pages = {None: pages[0]}
        for number, page in enumerate(pages[1:], start=1):
            self.pages[f"c{number}="] = page  # type: ignore[index]
        self.asked: list[tuple[str | None, int]] = []

    def __call__(self, *, after_cursor: str | None, page_size: int) -> Rows:
        self.asked.append((after_cursor, page_size))
        return self.pages[after_cursor]  # type: ignore[index]


def results(fetch: Any, **keywords: Any) -> BatchedResultsIterator[Any]:
    keywords.setdefault("per_page", 2)
    return BatchedResultsIterator(model.SummaryActivity, fetch, **keywords)


async def drain(
    kind: str, fetch: Callable[..., Rows], **keywords: Any
) -> list[int | None]:
    """Read a list to its end, with the sync or the async iterator."""
    if kind == "sync":
        return [row.id for row in results(fetch, **keywords)]

    async def fetcher(**asked: Any) -> Rows:
        return fetch(**asked)

    keywords.setdefault("per_page", 2)
    found = AsyncBatchedResultsIterator(model.SummaryActivity, fetcher, **keywords)
    return [row.id async for row in found]


EMPTY, SHORT, SINGLE = Paging.UNTIL_EMPTY, Paging.UNTIL_SHORT, Paging.SINGLE
LISTS: list[tuple[str, Paging, int | None, list[Rows], list[int], int]] = [
    # what, policy, limit, pages, ids, number of requests
    ("nothing there", EMPTY, None, [], [], 1),
    ("nothing there", SHORT, None, [], [], 1),
    ("one short page", SHORT, None, [rows(1)], [1], 1),
    ("one short page goes on", EMPTY, None, [rows(1)], [1], 2),
    ("short in the middle", EMPTY, None, [rows(1), rows(2, 3)], [1, 2, 3], 3),
    ("short in the middle ends", SHORT, None, [rows(1), rows(2, 3)], [1], 1),
    ("full pages", SHORT, None, [rows(1, 2), rows(3, 4)], [1, 2, 3, 4], 3),
    ("full pages", EMPTY, None, [rows(1, 2), rows(3, 4)], [1, 2, 3, 4], 3),
    ("limit within a page", EMPTY, 1, [rows(1, 2), rows(3)], [1], 1),
    ("limit at a page's end", EMPTY, 2, [rows(1, 2), rows(3)], [1, 2], 1),
    ("limit past a page's end", EMPTY, 3, [rows(1, 2), rows(3, 4)], [1, 2, 3], 2),
    ("limit above all there is", SHORT, 9, [rows(1, 2), rows(3)], [1, 2, 3], 2),
    ("limit 0 means all", SHORT, 0, [rows(1, 2), rows(3)], [1, 2, 3], 2),
    ("one request", SINGLE, None, [rows(1, 2), rows(3)], [1, 2], 1),
    ("one request, limited", SINGLE, 1, [rows(1, 2)], [1], 1),
    ("a row moves to the next page", SHORT, None, [rows(1, 2), rows(2)], [1, 2], 2),
    ("same row twice in a page", SHORT, None, [rows(1, 1), rows(2)], [1, 2], 2),
    ("a page of known rows", EMPTY, None, [rows(1, 2), rows(2, 1)], [1, 2], 3),
    ("a page repeats", EMPTY, None, [rows(1, 2), rows(1, 2), rows(3)], [1, 2], 2),
    ("limit counts rows once", EMPTY, 3, [rows(1, 2), rows(2, 3)], [1, 2, 3], 2),
]


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize(
    ("policy", "limit", "pages", "ids", "requests"),
    [row[1:] for row in LISTS],
    ids=[f"{row[0]}-{row[1].value}" for row in LISTS],
)
async def test_lists(
    kind: str,
    policy: Paging,
    limit: int | None,
    pages: list[Rows],
    ids: list[int],
    requests: int,
) -> None:
    fetch = Pages(*pages)
    assert await drain(kind, fetch, policy=policy, limit=limit) == ids
    # per_page stays the same throughout, and nothing is asked past the end
    assert fetch.asked == [(page, 2) for page in range(1, requests + 1)]


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_a_repeated_page_is_told(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    fetch = Pages(*[rows(1, 2)] * 50)
    assert await drain(kind, fetch, policy=EMPTY) == [1, 2]
    [record] = caplog.records
    assert record.levelname == "WARNING"
    assert "repeats" in record.getMessage()


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_cursor(kind: str) -> None:
    pages = [
        [{"id": 1, "cursor": "c0"}, {"id": 2, "cursor": "c1%3D"}],
        [{"id": 3, "cursor": "c2%3D"}],
    ]
    fetch = Cursors(*pages)
    assert await drain(kind, fetch, policy=Paging.CURSOR) == [1, 2, 3]
    assert fetch.asked == [(None, 2), ("c1=", 2)]


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_cursor_that_is_missing_or_stuck_ends_the_list(kind: str) -> None:
    fetch = Cursors([{"id": 1}, {"id": 2, "cursor": None}])
    assert await drain(kind, fetch, policy=Paging.CURSOR) == [1, 2]
    stuck = Cursors(
        [{"id": 1}, {"id": 2, "cursor": "c1%3D"}],
        [{"id": 3}, {"id": 4, "cursor": "c1%3D"}],
    )
    assert await drain(kind, stuck, policy=Paging.CURSOR) == [1, 2, 3, 4]
    assert len(stuck.asked) == 2


def test_negative_limit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"limit=-1 is negative; use None \(or 0\)"):
        Client("T").get_activities(limit=-1)


def test_rows_without_id_all_come() -> None:
    fetch = Pages([{"name": "a"}, {"name": "a"}])
    assert [row.name for row in results(fetch)] == ["a", "a"]


def test_a_row_that_is_no_object_does_not_cost_the_page() -> None:
    fetch = Pages([{"id": 1}, "broken"], [{"id": 2}])  # type: ignore[list-item]
    assert [row.id for row in results(fetch)] == [1, 2]


def test_next_reset_and_reuse() -> None:
    fetch = Pages(rows(1, 2), rows(3))
    listed = results(fetch)
    assert next(listed).id == 1
    assert listed.next().id == 2
    listed.reset()
    assert next(listed).id == 1
    assert [row.id for row in listed] == [1, 2, 3]
    assert [row.id for row in listed] == [1, 2, 3]
    with pytest.raises(StopIteration):
        [next(listed) for _ in range(4)]


def test_nothing_is_asked_before_it_is_needed() -> None:
    fetch = Pages(rows(1, 2), rows(3, 4), rows(5, 6))
    listed = results(fetch)
    assert fetch.asked == []
    for row in listed:
        if row.id == 3:
            break
    assert fetch.asked == [(1, 2), (2, 2)]


def test_pages() -> None:
    fetch = Pages(rows(1, 2), rows(3, 4), rows(5))
    pages = [[row.id for row in page] for page in results(fetch, limit=3).pages()]
    assert pages == [[1, 2], [3]]
    assert fetch.asked == [(1, 2), (2, 2)]


def test_rows_are_bound() -> None:
    client = Client("T")
    listed = results(Pages(rows(1)), bind_client=client)
    assert next(listed).bound_client is client


def test_table_of_policies() -> None:
    """The table, once more, as the reference has it."""
    until_empty = {
        "athlete_activities",
        "starred_segments",
        "athlete_starred_segments",
        "routes",
        "segment_efforts",
    }
    single = {
        "activity_laps",
        "activity_zones",
        "route_streams",
        "subscriptions",
        "club_events",
    }
    for name, policy in POLICIES.items():
        if name in until_empty:
            assert policy is EMPTY, name
        elif name in single:
            assert policy is SINGLE, name
        elif name == "activity_comments":
            assert policy is Paging.CURSOR
        else:
            assert policy is SHORT, name
    assert until_empty | single <= set(POLICIES)

"""A list ends, whatever the server does."""

from __future__ import annotations

import itertools
import logging
from typing import TYPE_CHECKING, Any

import pytest

from stravalib import model
from stravalib._core import paging
from stravalib._sync.paging import BatchedResultsIterator

if TYPE_CHECKING:
    from collections.abc import Callable

MOST = 12  # requests; a list that makes more would go on for ever


def results(
    page_of: Callable[[int], list[Any]],
    policy: paging.Paging = paging.Paging.UNTIL_EMPTY,
    limit: int | None = None,
) -> tuple[BatchedResultsIterator[Any], list[int]]:
    asked: list[int] = []

    def fetch(**query: Any) -> list[Any]:
        asked.append(len(asked) + 1)
        assert len(asked) <= MOST, "goes on for ever"
        return page_of(len(asked))

    found: BatchedResultsIterator[Any] = BatchedResultsIterator(
        model.SummaryActivity, fetch, limit=limit, per_page=2, policy=policy
    )
    return found, asked


def ids(*numbers: int, **values: Any) -> list[dict[str, Any]]:
    return [{"id": number, **values} for number in numbers]


PAGES: dict[str, Callable[[int], list[Any]]] = {
    "counts that change": lambda page: ids(1, 2, kudos_count=page),
    "another order each time": lambda page: ids(*((1, 2) if page % 2 else (2, 1))),
    "two pages in turn": lambda page: ids(*((1, 2) if page % 2 else (3, 4))),
}


@pytest.mark.parametrize("limit", [None, 50])
@pytest.mark.parametrize("what", PAGES)
def test_pages_without_anything_new_end_the_list(
    what: str, limit: int | None, caplog: pytest.LogCaptureFixture
) -> None:
    found, asked = results(PAGES[what], limit=limit)
    numbers = [activity.id for activity in found]
    assert len(numbers) == len(set(numbers))
    assert set(numbers) == {row["id"] for page in (1, 2) for row in PAGES[what](page)}
    assert len(asked) <= 4
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "brings nothing new" in record.getMessage()


def test_one_page_without_anything_new_is_not_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    # A list that grew by a page while it was read: page 2 is what page 1 was.
    pages = {1: ids(1, 2), 2: ids(2, 1), 3: ids(3), 4: []}
    found, asked = results(lambda page: pages[page])
    assert [activity.id for activity in found] == [1, 2, 3]
    assert asked == [1, 2, 3, 4]
    assert not caplog.records


def test_rows_without_an_id_end_too_when_only_their_counts_change() -> None:
    rows = [{"name": "a"}, {"name": "b"}]
    found, asked = results(
        lambda page: [{**row, "kudos_count": page} for row in rows],
        paging.Paging.UNTIL_SHORT,
    )
    names = [activity.name for activity in found]
    assert names[:2] == ["a", "b"]
    assert len(asked) <= 4


def test_two_rows_of_one_name_are_two() -> None:
    pages = {1: [{"name": "Max M."}, {"name": "Eva E."}], 2: [{"name": "Max M."}]}
    found, _ = results(lambda page: pages[page], paging.Paging.UNTIL_SHORT)
    assert [activity.name for activity in found] == ["Max M.", "Eva E.", "Max M."]


def test_a_cursor_that_came_before_ends_the_list(
    caplog: pytest.LogCaptureFixture,
) -> None:
    numbers = itertools.count(1)
    found, asked = results(
        lambda page: [
            {"id": next(numbers), "cursor": "AB"[page % 2]} for _ in range(2)
        ],
        paging.Paging.CURSOR,
    )
    assert len(list(found)) == 6
    assert len(asked) == 3
    assert "cursor of page 3 came before" in caplog.text


def test_a_boolean_is_no_id() -> None:
    fresh, has_news = paging.unseen([{"id": 1}, {"id": True}], set())
    assert len(fresh) == 2
    assert has_news


def test_an_empty_page_brings_nothing_new() -> None:
    assert paging.unseen([], set()) == ([], False)

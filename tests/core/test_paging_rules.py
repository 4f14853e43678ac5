"""Where lists end, and which rows come once."""

from __future__ import annotations

import pytest

from stravalib._core import paging
from stravalib._core.paging import Paging
from stravalib._facts.limits import MAX_PER_PAGE


@pytest.mark.parametrize(
    ("policy", "received", "last"),
    [
        (Paging.UNTIL_EMPTY, 0, True),
        (Paging.UNTIL_EMPTY, 3, False),
        (Paging.UNTIL_EMPTY, 200, False),
        (Paging.UNTIL_SHORT, 199, True),
        (Paging.UNTIL_SHORT, 200, False),
        (Paging.UNTIL_SHORT, 500, False),
        (Paging.SINGLE, 200, True),
        (Paging.CURSOR, 199, True),
        (Paging.CURSOR, 200, False),
    ],
)
def test_where_a_list_ends(policy, received, last):
    assert paging.is_last(policy, received, 200) is last


def test_limits():
    assert paging.normal_limit(0) is None
    assert paging.normal_limit(None) is None
    assert paging.normal_limit(5) == 5
    with pytest.raises(ValueError, match="limit=-1 is negative"):
        paging.normal_limit(-1)
    for limit in ("5", 2.5):
        with pytest.raises(TypeError, match=r"is not a whole number"):
            paging.normal_limit(limit)


def test_rows_come_once_and_rows_without_id_always():
    seen = set()
    rows = [{"id": 1}, {"id": 2}, {"id": 1}, {"name": "a"}, {"name": "a"}, "odd"]
    kept, _ = paging.unseen(rows, seen)
    assert kept == [{"id": 1}, {"id": 2}, {"name": "a"}, {"name": "a"}, "odd"]
    assert paging.unseen([{"id": 2}, {"id": 3}], seen) == ([{"id": 3}], True)


def test_cursor_is_unescaped_once():
    assert paging.next_cursor([{"cursor": "eyJ%3D%3D"}]) == "eyJ=="
    assert paging.next_cursor([{"cursor": None}]) is None
    assert paging.next_cursor([]) is None


def test_new_rows_come_as_they_are():
    rows = [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]
    assert paging.unseen(rows, set()) == (rows, True)
    assert paging.unseen(tuple(rows), set()) == (rows, True)


def test_pages_are_as_long_as_strava_lets_them_be():
    assert paging.DEFAULT_PER_PAGE == MAX_PER_PAGE

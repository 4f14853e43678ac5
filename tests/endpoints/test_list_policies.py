"""How each list goes on after a short page: by the method, not only by the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from stravalib import Client

if TYPE_CHECKING:
    from collections.abc import Callable

LISTS: dict[str, tuple[Callable[[Client], Any], str]] = {
    "get_activities": (lambda c: c.get_activities(), "until empty"),
    "get_starred_segments": (lambda c: c.get_starred_segments(), "until empty"),
    "get_athlete_starred_segments": (
        lambda c: c.get_athlete_starred_segments(7),
        "until empty",
    ),
    "get_routes": (lambda c: c.get_routes(7), "until empty"),
    "get_segment_efforts": (lambda c: c.get_segment_efforts(7), "until empty"),
    "get_athlete_koms": (lambda c: c.get_athlete_koms(7), "until short"),
    "get_athlete_clubs": (lambda c: c.get_athlete_clubs(), "until short"),
    "get_activity_kudos": (lambda c: c.get_activity_kudos(7), "until short"),
    "get_activity_photos": (lambda c: c.get_activity_photos(7), "until short"),
    "get_activity_comments": (lambda c: c.get_activity_comments(7), "until short"),
    "get_club_members": (lambda c: c.get_club_members(7), "until short"),
    "get_club_admins": (lambda c: c.get_club_admins(7), "until short"),
    "get_club_activities": (lambda c: c.get_club_activities(7), "until short"),
    "get_activity_laps": (lambda c: c.get_activity_laps(7), "one request"),
    "get_club_events": (lambda c: c.get_club_events(7), "one request"),
    "list_subscriptions": (lambda c: c.list_subscriptions(1, "s"), "one request"),
}
# rows of the pages; asked for after them where the list goes on
PAGES = [200, 3, 200, 0]
REQUESTS = {"until empty": 4, "until short": 2, "one request": 1}


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize("name", LISTS)
def test_where_the_list_of_a_method_ends(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, policy = LISTS[name]
    client = Client("T")
    asked: list[str] = []
    numbers = iter(range(1, 10_000))

    def request(url: str, *args: Any, **kwargs: Any) -> Any:
        asked.append(url)
        rows = PAGES[len(asked) - 1]
        return [{"id": next(numbers), "cursor": f"c{len(asked)}"} for _ in range(rows)]

    monkeypatch.setattr(client.protocol, "_request", request)
    found = list(make(client))
    assert len(asked) == REQUESTS[policy]
    assert len(found) == sum(PAGES[: len(asked)])

"""The pages for eyes, as endpoints."""

from __future__ import annotations

from stravalib.emulator.pages.browse import activity_page, athlete_page
from stravalib.emulator.pages.overview import overview
from stravalib.emulator.routing import Handler, Param, Route

_OWN = "/_emulator"


def _page(path: str, handler: Handler, about: str, *params: Param) -> Route:
    return Route(
        "GET",
        path,
        handler,
        about,
        "LocalStrava",
        "html",
        params,
        token=False,
        oauth=True,
        statuses=(200, 404),
    )


_ID = Param("id", "integer", "path", required=True)

ROUTES: tuple[Route, ...] = (
    _page("/", overview, "The world, for eyes"),
    _page(
        _OWN + "/athletes/{id}",
        athlete_page,
        "An athlete, for eyes",
        _ID,
        Param("page", "integer", minimum=1, maximum=1_000_000, default=1),
    ),
    _page(_OWN + "/activities/{id}", activity_page, "An activity, for eyes", _ID),
)

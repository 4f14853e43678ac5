"""A web application with Django: async views, one file.

Run it with::

    STRAVA_CLIENT_ID=... STRAVA_CLIENT_SECRET=... APP_SECRET=... APP_VERIFY_TOKEN=... \\
    APP_URL=http://localhost:8000 uvicorn django_app:application

In a project of your own the settings, the views and the ``application`` go to their
usual files. Tokens and the quota are kept in SQLite files, so that several workers,
and background jobs that use ``strava().client(athlete_id)``, agree.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

import aiohttp
import django
from django.conf import settings

if not settings.configured:
    address = os.environ["APP_URL"]
    settings.configure(
        SECRET_KEY=os.environ["APP_SECRET"],
        ALLOWED_HOSTS=[address.split("//")[1].split(":")[0].split("/")[0]],
        ROOT_URLCONF=__name__,
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            f"{__name__}.strava_errors",
        ],
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        SESSION_COOKIE_SECURE=address.startswith("https:"),
        CSRF_COOKIE_SECURE=address.startswith("https:"),
        USE_TZ=True,
        # What the rest of this file reads:
        STRAVA_REDIRECT=f"{address}/login/back",
        STRAVA_VERIFY_TOKEN=os.environ["APP_VERIFY_TOKEN"],
        STRAVA_TOKENS=os.environ.get("APP_TOKENS", "tokens.sqlite"),
        STRAVA_LIMITS=os.environ.get("APP_LIMITS", "limits.sqlite"),
    )
    django.setup()

from django.core.asgi import get_asgi_application
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import path
from django.utils.decorators import async_only_middleware
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from stravalib import App, exc, webhooks
from stravalib.limits import SQLiteLedger
from stravalib.tokens import SQLiteTokenStore, TokenKey

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from django.http import HttpRequest

    from stravalib import AsyncClient
    from stravalib.model import SubscriptionUpdate

log = logging.getLogger(__name__)


@cache
def strava() -> App:
    """Return the application at Strava."""
    return App(
        store=SQLiteTokenStore(settings.STRAVA_TOKENS),
        ledger=SQLiteLedger(settings.STRAVA_LIMITS),
        redirect_uri=settings.STRAVA_REDIRECT,
        scopes=["read", "activity:read"],
    )


class Shared:
    """The HTTP session and the tasks of this worker; `application` opens and closes."""

    session: aiohttp.ClientSession | None = None
    tasks: ClassVar[set[asyncio.Task[None]]] = set()
    news: ClassVar[list[str]] = []


def client(athlete_id: int, **options: Any) -> AsyncClient:
    """Return an athlete's client; without `application` it opens its own session."""
    return strava().async_client(athlete_id, session=Shared.session, **options)


async def visitor(request: HttpRequest) -> AsyncClient:
    """Return the visitor's own client."""
    athlete_id = await request.session.aget("athlete_id")
    if athlete_id is None:
        raise exc.LoginRequired("Nobody is logged in.")
    # A visitor does not wait for a quota: max_wait=0 raises at once.
    return client(athlete_id, max_wait=0)


@async_only_middleware
def strava_errors(
    get_response: Callable[[HttpRequest], Awaitable[HttpResponse]],
) -> Any:
    """Turn the errors of stravalib into answers."""

    async def middleware(request: HttpRequest) -> HttpResponse:
        return await get_response(request)

    async def process_exception(
        request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        if isinstance(error, exc.LoginFailed):
            return HttpResponse(str(error), status=400, content_type="text/plain")
        if isinstance(error, exc.LoginRequired):
            await request.session.apop("athlete_id", None)
            return HttpResponseRedirect("/login")
        if isinstance(error, exc.RateLimitExceeded):
            seconds = round(getattr(error, "retry_after", None) or 900)
            later = {"Retry-After": str(seconds)}
            return HttpResponse("The quota is used up.", status=503, headers=later)
        if isinstance(error, exc.InvalidVerifyToken):
            return HttpResponse(status=403)
        if isinstance(error, webhooks.InvalidEvent):
            return HttpResponse(status=400)
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]
    return middleware


# -- login -----------------------------------------------------------------------------


@require_GET
async def login(request: HttpRequest) -> HttpResponse:
    """Send the visitor to Strava."""
    url, state = strava().start_login()
    await request.session.aset("state", state)
    return HttpResponseRedirect(url)


@require_GET
async def back(request: HttpRequest) -> HttpResponse:
    """Take the visitor back from Strava."""
    state = await request.session.apop("state", "")
    async with await strava().finish_login_async(request.GET.dict(), state) as found:
        await request.session.aset("athlete_id", found.athlete_id)
    return HttpResponseRedirect("/")


@require_POST
async def leave(request: HttpRequest) -> HttpResponse:
    """Revoke the visitor's tokens and forget them."""
    athlete_id = await request.session.apop("athlete_id", None)
    if athlete_id is not None:
        await asyncio.to_thread(strava().disconnect, athlete_id)
    return HttpResponse(status=204)


# -- pages -----------------------------------------------------------------------------


@require_GET
async def activities(request: HttpRequest) -> HttpResponse:
    """List the visitor's newest activities."""
    mine = await visitor(request)
    found = [
        {
            "id": activity.id,
            "name": activity.name,
            "sport": activity.sport_type.root if activity.sport_type else None,
            "start": activity.start_local,
            "kilometres": round((activity.distance or 0) / 1000, 2),
        }
        async for activity in mine.get_activities(limit=20)
    ]
    # The token is what a form of yours would carry.
    return JsonResponse({"activities": found, "csrf": get_token(request)})


@require_GET
async def news(request: HttpRequest) -> HttpResponse:
    """List what the events brought."""
    return JsonResponse(Shared.news, safe=False)


# -- webhooks --------------------------------------------------------------------------


@csrf_exempt
async def events(request: HttpRequest) -> HttpResponse:
    """Answer Strava at once; work later."""
    if request.method == "GET":
        token = settings.STRAVA_VERIFY_TOKEN
        return JsonResponse(webhooks.handshake(request.GET.dict(), token))
    event = webhooks.parse_event(request.body)
    task = asyncio.create_task(work(event))
    Shared.tasks.add(task)
    task.add_done_callback(Shared.tasks.discard)
    return HttpResponse(status=200)


async def work(event: SubscriptionUpdate) -> None:
    """Deal with an event; in a large project a job queue does this."""
    owner, number = event.owner_id or 0, event.object_id or 0
    try:
        kind = webhooks.kind_of(event)
        if kind is webhooks.EventKind.DEAUTHORIZED:
            key = TokenKey(strava().client_id, owner)
            await asyncio.to_thread(strava().store.delete, key)
            Shared.news.append(f"athlete {owner} has left")
        elif kind is webhooks.EventKind.ACTIVITY_CREATED:
            activity = await client(owner).get_activity(number)
            Shared.news.append(f"{activity.name}: {activity.distance or 0:.0f} m")
        elif kind is webhooks.EventKind.ACTIVITY_DELETED:
            Shared.news.append(f"activity {number} was deleted")
    except Exception:
        log.exception("Event %s %s", event.object_type, number)


urlpatterns = [
    path("", activities),
    path("login", login),
    path("login/back", back),
    path("leave", leave),
    path("news", news),
    path("strava/events", events),
]

# -- start and end ---------------------------------------------------------------------

_django = get_asgi_application()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Serve Django, with one HTTP session from the start to the end of the server."""
    if scope["type"] != "lifespan":
        await _django(scope, receive, send)
        return
    await receive()
    Shared.session = aiohttp.ClientSession()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    if Shared.tasks:
        await asyncio.wait(Shared.tasks, timeout=10)
    for task in list(Shared.tasks):
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    await Shared.session.close()
    Shared.session = None
    await send({"type": "lifespan.shutdown.complete"})

"""A web application with FastAPI: athletes log in, see their activities, get news.

Run it with::

    STRAVA_CLIENT_ID=... STRAVA_CLIENT_SECRET=... APP_SECRET=... \\
    APP_URL=http://localhost:8000 uvicorn --factory fastapi_app:from_env

Tokens are kept per athlete in a SQLite file, the quota is counted in another, so any
number of workers may run. All clients of a worker share one HTTP session.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import logging
import os
from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Annotated, Any

import aiohttp
from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.middleware.sessions import SessionMiddleware

from stravalib import App, AsyncClient, exc, webhooks
from stravalib.limits import SQLiteLedger
from stravalib.tokens import SQLiteTokenStore, TokenKey

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from stravalib.model import SubscriptionUpdate

log = logging.getLogger(__name__)
SEEN_EVENTS = 10_000


class Worker:
    """Deals with events after they were answered."""

    def __init__(self, strava: App) -> None:
        self.strava = strava
        self.news: deque[str] = deque(maxlen=100)
        self.queue: asyncio.Queue[SubscriptionUpdate] = asyncio.Queue()
        self._seen: OrderedDict[str, None] = OrderedDict()

    def put(self, event: SubscriptionUpdate) -> None:
        """Take an event, once: Strava may send it again."""
        key = webhooks.event_key(event)
        if key not in self._seen:
            self._seen[key] = None
            while len(self._seen) > SEEN_EVENTS:
                self._seen.popitem(last=False)
            self.queue.put_nowait(event)

    async def run(self, session: aiohttp.ClientSession) -> None:
        """Work until cancelled; one event that fails does not end it."""
        while True:
            event = await self.queue.get()
            try:
                await self._work(event, session)
            except Exception:
                log.exception("Event %s %s", event.object_type, event.object_id)
            finally:
                self.queue.task_done()

    async def _work(
        self, event: SubscriptionUpdate, session: aiohttp.ClientSession
    ) -> None:
        owner, number = event.owner_id or 0, event.object_id or 0
        kind = webhooks.kind_of(event)
        if kind is webhooks.EventKind.DEAUTHORIZED:
            key = TokenKey(self.strava.client_id, owner)
            await asyncio.to_thread(self.strava.store.delete, key)
            self.news.append(f"athlete {owner} has left")
        elif kind is webhooks.EventKind.ACTIVITY_CREATED:
            # Nobody waits for this one: it may wait for the quota.
            client = self.strava.async_client(owner, session=session)
            activity = await client.get_activity(number)
            self.news.append(f"{activity.name}: {activity.distance or 0:.0f} m")
        elif kind is webhooks.EventKind.ACTIVITY_DELETED:
            self.news.append(f"activity {number} was deleted")


def visitor(request: Request) -> AsyncClient:
    """Return the visitor's own client."""
    athlete_id = request.session.get("athlete_id")
    if athlete_id is None:
        raise exc.LoginRequired("Nobody is logged in.")
    state = request.app.state
    strava: App = state.strava
    # A visitor does not wait for a quota: max_wait=0 raises at once.
    return strava.async_client(athlete_id, session=state.session, max_wait=0)


Mine = Annotated[AsyncClient, Depends(visitor)]


def create_app(strava: App, *, secret: str, verify_token: str) -> FastAPI:
    """Make the application; ``secret`` signs the cookies of its visitors."""
    worker = Worker(strava)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with aiohttp.ClientSession() as session:
            app.state.session = session
            task = asyncio.create_task(worker.run(session))
            yield
            # What was answered is not sent again: finish it, but not for ever.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(worker.queue.join(), timeout=10)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    app = FastAPI(lifespan=lifespan)
    app.state.strava = strava
    secure = (strava.redirect_uri or "").startswith("https:")
    app.add_middleware(SessionMiddleware, secret_key=secret, https_only=secure)

    # -- what may go wrong ---------------------------------------------------------

    @app.exception_handler(exc.LoginRequired)
    async def log_in_first(request: Request, error: Exception) -> Response:
        request.session.pop("athlete_id", None)
        return RedirectResponse("/login", 303)

    @app.exception_handler(exc.RateLimitExceeded)
    async def come_back_later(request: Request, error: Exception) -> Response:
        seconds = round(getattr(error, "retry_after", None) or 900)
        return JSONResponse(
            {"detail": "The quota is used up."}, 503, {"Retry-After": str(seconds)}
        )

    @app.exception_handler(exc.LoginFailed)
    async def login_failed(request: Request, error: Exception) -> Response:
        return HTMLResponse(f"<p>{html.escape(str(error))}", 400)

    # -- login -----------------------------------------------------------------------

    @app.get("/login")
    async def login(request: Request) -> Response:
        url, request.session["state"] = strava.start_login()
        return RedirectResponse(url, 303)

    @app.get("/login/back")
    async def back(request: Request) -> Response:
        state = request.session.pop("state", "")
        async with await strava.finish_login_async(
            request.query_params, state
        ) as found:
            request.session["athlete_id"] = found.athlete_id
        return RedirectResponse("/", 303)

    @app.post("/leave")
    async def leave(request: Request) -> Response:
        athlete_id = request.session.pop("athlete_id", None)
        if athlete_id is not None:
            await asyncio.to_thread(strava.disconnect, athlete_id)
        return Response(status_code=204)

    # -- pages -----------------------------------------------------------------------

    @app.get("/")
    async def activities(mine: Mine) -> list[dict[str, Any]]:
        return [
            {
                "id": activity.id,
                "name": activity.name,
                "sport": str(activity.sport_type.root) if activity.sport_type else None,
                "start": activity.start_local,
                "kilometres": round((activity.distance or 0) / 1000, 2),
            }
            async for activity in mine.get_activities(limit=20)
        ]

    @app.get("/news")
    async def news() -> list[str]:
        return list(worker.news)

    # -- webhooks --------------------------------------------------------------------

    @app.get("/strava/events")
    async def handshake(request: Request) -> dict[str, str]:
        return webhooks.handshake(request.query_params, verify_token)

    @app.post("/strava/events")
    async def event(request: Request) -> Response:
        worker.put(webhooks.parse_event(await request.body()))
        return Response(status_code=200)

    @app.exception_handler(exc.InvalidVerifyToken)
    async def not_strava(request: Request, error: Exception) -> Response:
        return Response(status_code=403)

    @app.exception_handler(webhooks.InvalidEvent)
    async def no_event(request: Request, error: Exception) -> Response:
        return Response(status_code=400)

    return app


def from_env() -> FastAPI:
    """Make the application that the environment describes."""
    strava = App(
        store=SQLiteTokenStore(os.environ.get("APP_TOKENS", "tokens.sqlite")),
        ledger=SQLiteLedger(os.environ.get("APP_LIMITS", "limits.sqlite")),
        redirect_uri=os.environ["APP_URL"] + "/login/back",
        scopes=["read", "activity:read"],
    )
    secret = os.environ["APP_SECRET"]
    return create_app(
        strava,
        secret=secret,
        verify_token=os.environ.get("APP_VERIFY_TOKEN", secret[:16]),
    )

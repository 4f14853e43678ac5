"""Webhook subscriptions and the events that are sent to them.

See https://developers.strava.com/docs/webhooks/
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from stravalib._facts import texts
from stravalib.emulator.callbacks import CallbackError, call_back
from stravalib.emulator.entries import hidden
from stravalib.emulator.errors import ApiError, bad_request
from stravalib.emulator.jsonio import dumps, loads

if TYPE_CHECKING:
    from stravalib.emulator.accounts import Application, Grant
    from stravalib.emulator.entries import ActivityEntry
    from stravalib.emulator.records import Json
    from stravalib.emulator.state import State

log = logging.getLogger("stravalib.emulator")

ATTEMPTS = 3
ANSWER_SECONDS = 2.0
FIRST_SUBSCRIPTION_ID = 131_301
_KEPT = 1000


@dataclass(slots=True)
class Subscription:
    """Where the events of an application go."""

    id: int
    application_id: int
    callback_url: str
    created_at: str

    def show(self) -> Json:
        """Write the subscription the way the API does."""
        return {
            "id": self.id,
            "resource_state": 2,
            "application_id": self.application_id,
            "callback_url": self.callback_url,
            "created_at": self.created_at,
            "updated_at": self.created_at,
        }

    @classmethod
    def read(cls, value: Json) -> Subscription:
        """Read what :meth:`show` wrote."""
        return cls(
            value["id"],
            value["application_id"],
            value["callback_url"],
            value["created_at"],
        )


@dataclass(slots=True)
class Delivery:
    """An event on its way to a callback."""

    event: Json
    callback_url: str
    id: int
    attempts: int = 0
    statuses: list[int | None] = field(default_factory=list)
    error: str | None = None
    done: bool = False

    @property
    def delivered(self) -> bool:
        """Whether the callback took it."""
        return bool(self.statuses) and self.statuses[-1] == 200


class Events:
    """Subscriptions of all applications, and the delivery of events.

    Parameters
    ----------
    anywhere
        Call back to other machines too.
    retry_seconds
        Real seconds between two tries.
    """

    def __init__(
        self, state: State, *, anywhere: bool = False, retry_seconds: float = 0.5
    ) -> None:
        self._state = state
        self.anywhere = anywhere
        self.retry_seconds = retry_seconds
        self.subscriptions: dict[int, Subscription] = {}
        self.deliveries: deque[Delivery] = deque(maxlen=_KEPT)
        self.loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        for value in state.restored.get("subscription", ()):
            subscription = Subscription.read(value)
            self.subscriptions[subscription.id] = subscription

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Deliver in this loop from now on, first what a file held undelivered."""
        self.loop = loop
        for value in self._state.restored.pop("delivery", ()):
            delivery = Delivery(value["event"], value["callback_url"], value["id"])
            self.deliveries.append(delivery)
            self._start(delivery)

    # -- subscriptions -----------------------------------------------------------

    def of(self, application_id: int) -> Subscription | None:
        """Find the one subscription of an application."""
        for subscription in list(self.subscriptions.values()):
            if subscription.application_id == application_id:
                return subscription
        return None

    async def subscribe(
        self, application: Application, callback_url: str, verify_token: str
    ) -> Subscription:
        """Subscribe an application, after its callback has proved itself."""
        if self.of(application.id) is not None:
            raise bad_request("PushSubscription", "", "already exists")
        await self._verify(callback_url, verify_token)
        if self.of(application.id) is not None:
            raise bad_request("PushSubscription", "", "already exists")
        moment = self._state.clock.utc()
        subscription = Subscription(
            self._state.next_id("subscription", FIRST_SUBSCRIPTION_ID),
            application.id,
            callback_url,
            f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06}000Z",
        )
        self.subscriptions[subscription.id] = subscription
        self._state.keeper.put(
            "subscription", str(subscription.id), subscription.show()
        )
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """End a subscription."""
        del self.subscriptions[subscription.id]
        self._state.keeper.drop("subscription", str(subscription.id))

    async def _verify(self, callback_url: str, verify_token: str) -> None:
        import secrets

        challenge = secrets.token_hex(8)
        query = urlencode(
            {
                "hub.verify_token": verify_token,
                "hub.challenge": challenge,
                "hub.mode": "subscribe",
            }
        )
        separator = "&" if "?" in callback_url else "?"
        try:
            reply = await call_back(
                "GET",
                callback_url + separator + query,
                seconds=ANSWER_SECONDS,
                anywhere=self.anywhere,
            )
        except CallbackError as error:
            log.warning("webhook callback cannot be verified: %s", error)
            raise _refused(texts.CALLBACK_NOT_VERIFIABLE) from error
        if reply.status != 200:
            raise _refused(texts.CALLBACK_NOT_200)
        try:
            value = loads(reply.body)
            echoed = value["hub.challenge"]
        except (ValueError, KeyError, TypeError):
            raise _refused(texts.CALLBACK_NOT_VERIFIABLE) from None
        if echoed != challenge:
            raise _refused(texts.CALLBACK_NOT_VERIFIABLE)

    # -- events ------------------------------------------------------------------

    def created(self, entry: ActivityEntry) -> None:
        """Tell of a new activity."""
        self._tell(entry, entry.only_me, "create", {})

    def deleted(self, entry: ActivityEntry) -> None:
        """Tell of a deleted activity."""
        self._tell(entry, entry.only_me, "delete", {})

    def updated(self, entry: ActivityEntry, before: Json, after: Json) -> None:
        """Tell of a changed title, type or privacy; nothing else is told.

        An application that may not see hidden activities is told of one that becomes
        hidden as deleted, and as created when it comes back.
        """
        updates: Json = {}
        if before.get("name") != after.get("name"):
            updates["title"] = after.get("name")
        if before.get("sport_type") != after.get("sport_type"):
            updates["type"] = after.get("sport_type")
        was, now = hidden(before), hidden(after)
        if was != now:
            updates["private"] = "true" if now else "false"
        if before.get("visibility") != after.get("visibility"):
            updates.setdefault("private", "true" if now else "false")
            updates["visibility"] = after.get("visibility")
        if not updates:
            return
        for grant in self._grants(entry.athlete_id):
            if "activity:read_all" in grant.scopes:
                self._send_activity(grant, entry, "update", updates)
            elif "activity:read" in grant.scopes:
                if was and not now:
                    self._send_activity(grant, entry, "create", {})
                elif now and not was:
                    self._send_activity(grant, entry, "delete", {})
                elif not now:
                    visible = {
                        key: value
                        for key, value in updates.items()
                        if key in ("title", "type")
                    }
                    if visible:
                        self._send_activity(grant, entry, "update", visible)

    def deauthorized(self, grant: Grant) -> None:
        """Tell an application that an athlete has left it."""
        self.send(
            grant.application.id,
            {
                "object_type": "athlete",
                "object_id": grant.athlete_id,
                "aspect_type": "update",
                "owner_id": grant.athlete_id,
                "updates": {"authorized": "false"},
            },
        )

    def send(self, application_id: int, event: Json) -> Delivery | None:
        """Send any event to an application; None if it has no subscription.

        ``subscription_id`` and ``event_time`` are filled in where they are missing.
        """
        subscription = self.of(application_id)
        if subscription is None:
            return None
        full = {
            "aspect_type": event.get("aspect_type", "update"),
            "event_time": event.get("event_time", int(self._state.clock.now())),
            "object_id": event.get("object_id"),
            "object_type": event.get("object_type", "activity"),
            "owner_id": event.get("owner_id"),
            "subscription_id": event.get("subscription_id", subscription.id),
            "updates": event.get("updates", {}),
        }
        return self._queue(full, subscription.callback_url)

    def replay(self, delivery: Delivery) -> Delivery:
        """Send an event again, unchanged."""
        return self._queue(delivery.event, delivery.callback_url)

    def _queue(self, event: Json, callback_url: str) -> Delivery:
        number = self._state.next_id("delivery", 1)
        delivery = Delivery(event, callback_url, number)
        self._state.keeper.put(
            "delivery",
            str(number),
            {"event": event, "callback_url": callback_url, "id": number},
        )
        self.deliveries.append(delivery)
        self._start(delivery)
        return delivery

    def _tell(
        self, entry: ActivityEntry, only_me: bool, aspect: str, updates: Json
    ) -> None:
        for grant in self._grants(entry.athlete_id):
            allowed = "activity:read_all" in grant.scopes or (
                "activity:read" in grant.scopes and not only_me
            )
            if allowed:
                self._send_activity(grant, entry, aspect, updates)

    def _grants(self, athlete_id: int) -> list[Grant]:
        grants = list(self._state.accounts.grants.values())
        return [grant for grant in grants if grant.athlete_id == athlete_id]

    def _send_activity(
        self, grant: Grant, entry: ActivityEntry, aspect: str, updates: Json
    ) -> None:
        self.send(
            grant.application.id,
            {
                "object_type": "activity",
                "object_id": entry.id,
                "aspect_type": aspect,
                "owner_id": entry.athlete_id,
                "updates": updates,
            },
        )

    # -- delivery ----------------------------------------------------------------

    def _start(self, delivery: Delivery) -> None:
        try:
            running = asyncio.get_running_loop()
        except RuntimeError:
            running = None
        loop = self.loop if self.loop is not None else running
        if loop is None or loop.is_closed():
            delivery.error = "the server is not running"
            delivery.done = True
        elif loop is running:
            self._spawn(delivery)
        else:
            loop.call_soon_threadsafe(self._spawn, delivery)

    def _spawn(self, delivery: Delivery) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, delivery: Delivery) -> None:
        body = dumps(delivery.event)
        try:
            for attempt in range(ATTEMPTS):
                if attempt:
                    await asyncio.sleep(self.retry_seconds)
                delivery.attempts += 1
                try:
                    reply = await call_back(
                        "POST",
                        delivery.callback_url,
                        body=body,
                        seconds=ANSWER_SECONDS,
                        anywhere=self.anywhere,
                    )
                except CallbackError as error:
                    delivery.error = str(error)
                    delivery.statuses.append(None)
                    continue
                delivery.statuses.append(reply.status)
                if reply.status == 200:
                    delivery.error = None
                    return
                delivery.error = f"answered {reply.status}"
        finally:
            delivery.done = True
            self._state.keeper.drop("delivery", str(delivery.id))
            self._state.keeper.commit()

    def to_list(self) -> list[dict[str, Any]]:
        """List the deliveries, newest first."""
        return [
            {
                "event": item.event,
                "callback_url": item.callback_url,
                "attempts": item.attempts,
                "statuses": item.statuses,
                "error": item.error,
                "done": item.done,
                "delivered": item.delivered,
            }
            for item in reversed(self.deliveries)
        ]


def _refused(code: str) -> ApiError:
    return bad_request("PushSubscription", "callback url", code)

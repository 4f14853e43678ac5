"""One alarm for all requests that wait for an answer, where aiohttp sets one for each.

aiohttp's own timer costs an eighth of a small request: it is set, moved and cancelled
as bytes arrive. Here a request that begins to wait is noted with the time by which its
answer must have begun; a single alarm rings at the earliest of these times. It also
ends answers whose headers never end.
"""

from __future__ import annotations

import asyncio
import math

import aiohttp


class Waiting:
    """A request in one task, and the time by which its answer must go on."""

    __slots__ = ("_before", "_watch", "deadline", "expired", "seconds", "task")

    def __init__(
        self, watch: Watch, task: asyncio.Task[object], seconds: float
    ) -> None:
        self.task = task
        self.seconds = seconds
        self.deadline = math.inf  # until it is sent
        self.expired = False
        self._before = task.cancelling()  # by others
        self._watch = watch
        watch.waiting[task] = self

    def begin(self) -> None:
        """Let the time run, from now."""
        self._watch.ring_at(self)

    def stop(self) -> None:
        """Let the time run no more."""
        self.deadline = math.inf

    def done(self) -> None:
        """Be watched over no more."""
        self._watch.waiting.pop(self.task, None)
        if self.expired:  # something else went wrong at that moment
            self.expired = False
            self.task.uncancel()

    def was_ours(self) -> bool:
        """Take our cancellation of the task back; tell whether nobody else asked."""
        if not self.expired:
            return False
        self.expired = False
        return self.task.uncancel() <= self._before


class Watch:
    """Watches over the requests of one event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.waiting: dict[asyncio.Task[object], Waiting] = {}
        self._alarm: asyncio.TimerHandle | None = None
        self._rings = math.inf
        watch = self

        class Response(aiohttp.ClientResponse):
            async def start(
                self, connection: aiohttp.connector.Connection
            ) -> aiohttp.ClientResponse:
                # The request is on its way: no more waiting for a connection.
                waiting = watch.present()
                if waiting is None:
                    return await super().start(connection)
                waiting.begin()
                try:
                    return await super().start(connection)
                finally:
                    waiting.stop()  # aiohttp may connect anew, and send again

        self.response_class = Response

    def expect(self, seconds: float) -> Waiting | None:
        """Note that this task is about to send a request; None where there is no task.

        Its ``done`` must follow.
        """
        task = asyncio.current_task(self._loop)
        return None if task is None else Waiting(self, task, seconds)

    def present(self) -> Waiting | None:
        """Return what this task waits for."""
        task = asyncio.current_task(self._loop)
        return None if task is None else self.waiting.get(task)

    def ring_at(self, waiting: Waiting) -> None:
        """Set the alarm so that it does not ring too late for a request."""
        waiting.deadline = deadline = self._loop.time() + waiting.seconds
        if deadline < self._rings:
            self._set(deadline)

    def close(self) -> None:
        """Ring no more."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm, self._rings = None, math.inf

    def _set(self, deadline: float) -> None:
        self.close()
        self._alarm = self._loop.call_at(deadline, self._ring)
        self._rings = deadline

    def _ring(self) -> None:
        self.close()
        # Where the loop was busy, answers may have come meanwhile: their tasks first.
        self._loop.call_soon(self._end, self._loop.time())

    def _end(self, now: float) -> None:
        """End what has waited too long, and set the alarm for the next."""
        nearest = math.inf
        for waiting in self.waiting.values():
            if waiting.deadline <= now:
                waiting.deadline, waiting.expired = math.inf, True
                waiting.task.cancel()
            nearest = min(nearest, waiting.deadline)
        if nearest < self._rings:
            self._set(nearest)

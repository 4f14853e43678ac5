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
    """A request in one task, and the time by which its answer must have begun."""

    __slots__ = ("_all", "_before", "deadline", "expired", "seconds", "task")

    def __init__(
        self,
        everyone: dict[asyncio.Task[object], Waiting],
        task: asyncio.Task[object],
        seconds: float,
    ) -> None:
        self.task = task
        self.seconds = seconds
        self.deadline = math.inf  # until it is sent
        self.expired = False
        self._before = task.cancelling()  # by others
        self._all = everyone
        everyone[task] = self

    def stop(self) -> None:
        """Let the time run no more: the answer has begun."""
        self.deadline = math.inf

    def done(self) -> None:
        """Be watched over no more."""
        self._all.pop(self.task, None)
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
        self._waiting: dict[asyncio.Task[object], Waiting] = {}
        self._alarm: asyncio.TimerHandle | None = None
        self._rings = math.inf
        watch = self

        class Response(aiohttp.ClientResponse):
            async def start(
                self, connection: aiohttp.connector.Connection
            ) -> aiohttp.ClientResponse:
                # The request is on its way: no more waiting for a connection.
                watch.begin()
                return await super().start(connection)

        self.response_class = Response

    def expect(self, seconds: float) -> Waiting | None:
        """Note that this task is about to send a request; None where there is no task.

        Its ``done`` must follow.
        """
        task = asyncio.current_task(self._loop)
        if task is None:
            return None
        return Waiting(self._waiting, task, seconds)

    def begin(self) -> None:
        """Let the time of this task's request run."""
        task = asyncio.current_task(self._loop)
        waiting = self._waiting.get(task) if task is not None else None
        if waiting is None:
            return
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
        now = self._loop.time()
        nearest = math.inf
        for waiting in self._waiting.values():
            if waiting.deadline <= now:
                waiting.deadline, waiting.expired = math.inf, True
                waiting.task.cancel()
            nearest = min(nearest, waiting.deadline)
        if nearest < math.inf:
            self._set(nearest)

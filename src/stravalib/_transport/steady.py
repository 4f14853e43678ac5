"""Finish a refresh although its loop ends: the answer holds the only new token."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Seconds that the end of a loop may be held up.
LONGEST_HOLD = 30.0


class SteadyTask(asyncio.Task[Any]):
    """A task that is cancelled only after it has done what must not be cut short.

    `asyncio.run` cancels all tasks at its end and waits for them. Time limits of HTTP
    libraries cancel as well, from a timer of the loop or from the task itself; those
    still get through.
    """

    _holds = 0
    _asked: asyncio.TimerHandle | None = None

    @property
    def holds(self) -> bool:
        """Whether something is done that must not be cut short."""
        return self._holds > 0

    def cancel(self, msg: Any | None = None) -> bool:
        """Cancel now, or as soon as possible."""
        if self.done() or not self._holds or self._is_by_timer():
            return super().cancel(msg)
        if self._asked is None:
            self._asked = self.get_loop().call_later(LONGEST_HOLD, super().cancel)
        return True

    def _is_by_timer(self) -> bool:
        try:
            running = asyncio.get_running_loop()
        except RuntimeError:
            return False
        return running is self.get_loop() and asyncio.current_task() in (None, self)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Put off cancelling until the end of the block."""
        self._holds += 1
        try:
            yield
        finally:
            self._holds -= 1
            if not self._holds and self._asked is not None:
                self._asked.cancel()
                self._asked = None
                super().cancel()


class SteadyTasks:
    """Runs functions to their end, even if the caller is cancelled meanwhile."""

    def __init__(self) -> None:
        self._tasks: set[SteadyTask] = set()

    async def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return the result of an async function."""
        task = SteadyTask(function(*arguments), loop=asyncio.get_running_loop())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def drain(self) -> None:
        """Wait for what must not be cut short."""
        loop = asyncio.get_running_loop()
        tasks = [t for t in self._tasks if t.holds and t.get_loop() is loop]
        if tasks:
            await asyncio.wait(tasks, timeout=LONGEST_HOLD)


@contextmanager
def hold() -> Iterator[None]:
    """Put off cancelling the present task, where it is a `SteadyTask`."""
    task = asyncio.current_task()
    if isinstance(task, SteadyTask):
        with task.hold():
            yield
    else:
        yield


class LoopLocks:
    """One lock for each event loop: a client may outlive a loop."""

    def __init__(self) -> None:
        self._locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = (
            WeakKeyDictionary()
        )

    def here(self) -> asyncio.Lock:
        """Return the lock of the running loop."""
        loop = asyncio.get_running_loop()
        lock = self._locks.get(loop)
        if lock is None:
            lock = self._locks[loop] = asyncio.Lock()
        return lock

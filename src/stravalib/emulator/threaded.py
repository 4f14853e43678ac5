"""A uvicorn server in a thread that stops when it is told to, not at the next tick."""

from __future__ import annotations

import asyncio
import threading

import uvicorn


class ThreadedServer(uvicorn.Server):
    """Waits for :meth:`wake` where uvicorn looks ten times a second."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._waiting = threading.Event()
        self._wake: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        """Serve until woken."""
        self._wake = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._waiting.set()
        await self.on_tick(0)
        if not self.should_exit:
            await self._wake.wait()

    def wake(self, seconds: float = 1.0) -> None:
        """End the server from another thread."""
        self.should_exit = True
        if self._waiting.wait(seconds) and self._loop is not None and self._wake:
            self._loop.call_soon_threadsafe(self._wake.set)

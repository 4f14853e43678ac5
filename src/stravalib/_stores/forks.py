"""What a forked process must not take over: locks that a thread of the parent holds."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from types import TracebackType


# Seconds that a fork waits for another thread to finish what it does under a lock.
FORK_PATIENCE = 1.0


class Forkable(Protocol):
    """What has to do something when its process forks."""

    def _before_fork(self) -> None:
        """Come to rest, if that can be done soon."""
        ...

    def _after_fork(self, *, child: bool) -> None:
        """Go on: in the child with new locks, for nobody would release the old."""
        ...


# By identity; its references can be copied while other threads add some.
_members: WeakValueDictionary[int, Any] = WeakValueDictionary()
_begun = False


def watch(member: Forkable) -> None:
    """Tell ``member`` of each fork from now on; nothing where systems cannot fork."""
    global _begun
    if not hasattr(os, "register_at_fork"):
        return
    if not _begun:
        _begun = True
        os.register_at_fork(
            before=_before,
            after_in_parent=lambda: _after(child=False),
            after_in_child=lambda: _after(child=True),
        )
    _members[id(member)] = member


def _before() -> None:
    for member in _living():
        member._before_fork()


def _after(*, child: bool) -> None:
    for member in _living():
        member._after_fork(child=child)


def _living() -> list[Forkable]:
    members = [reference() for reference in _members.valuerefs()]
    return [member for member in members if member is not None]


class ThreadLock:
    """A lock among the threads of one process; a forked child begins with a free one.

    Not re-entrant.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        watch(self)

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._lock.release()

    def _before_fork(self) -> None:
        """Do nothing: a holder may wait for the network."""

    def _after_fork(self, *, child: bool) -> None:
        """Begin with a free lock in the child."""
        if child:
            self._lock = threading.Lock()

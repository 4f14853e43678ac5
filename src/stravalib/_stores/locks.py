"""Locks between processes, by the operating system: they end with their holder."""

from __future__ import annotations

import logging
import os
import stat
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from stravalib._stores.base import describe, poll

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stravalib._core.tokens import TokenKey

log = logging.getLogger("stravalib.tokens")


def data_folder() -> Path:
    """Return the user's own folder for our data; it may not exist yet."""
    import platformdirs

    return platformdirs.user_data_path("stravalib", appauthor=False)


def make_private_folder(folder: Path) -> None:
    """Make a folder that only this user can enter; one that exists is left alone."""
    # mkdir(parents=True) would leave those above open to everybody.
    for missing in [*reversed(folder.parents), folder]:
        missing.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def file_lock(path: Path, timeout: float | None, what: str) -> Iterator[None]:
    """Hold an advisory lock on ``path`` against threads and processes."""
    import filelock

    make_private_folder(path.parent)
    # A new object each time: two in one process exclude each other as well, and
    # without thread_local another thread may release.
    lock = filelock.FileLock(path, thread_local=False, mode=0o600)

    def attempt() -> bool:
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            return False
        return True

    poll(attempt, timeout, what)
    try:
        yield
    finally:
        lock.release()


def key_lock_path(folder: Path, key: TokenKey) -> Path:
    """Return the lock file of one token."""
    return folder / f"{describe(key).replace(':', '-')}.lock"


def create_private_file(path: Path) -> None:
    """Make sure that ``path`` exists; a new one is readable by its owner only."""
    make_private_folder(path.parent)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def close_to_others(path: Path) -> None:
    """Take a file of this user away from everybody else, where systems know modes."""
    if sys.platform != "win32":
        try:
            found = path.stat()
            is_mine = stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid()
            if is_mine and found.st_mode & 0o077:
                path.chmod(0o600)
                log.warning("%s was open to other users; it is no longer", path)
        except FileNotFoundError:
            pass


def real_path(path: Path) -> Path:
    """Return the file behind links: all who use it must meet at the same locks."""
    return Path(os.path.realpath(path))

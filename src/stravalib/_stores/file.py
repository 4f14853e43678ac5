"""Tokens in one JSON file of the user."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stravalib._stores.base import (
    WRITE_TIMEOUT,
    LockBusy,
    describe,
    read_keys,
    read_token,
)
from stravalib._stores.locks import (
    close_to_others,
    data_folder,
    file_lock,
    key_lock_path,
    make_private_folder,
    real_path,
)
from stravalib.exc import StoreFailed

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from stravalib._core.tokens import Token, TokenKey

VERSION = 1
log = logging.getLogger("stravalib.tokens")


class FileTokenStore:
    """Keep tokens in a JSON file that only its owner can read.

    Each change writes a new file, flushes it to the disk and puts it in the place of
    the old one, so a crash leaves the old or the new tokens, never half of them.
    Threads and processes may share it; its locks end with the process that holds them.

    Parameters
    ----------
    path
        The file; by default ``tokens.json`` in the user's own data folder.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self.path = (
            data_folder() / "tokens.json" if path is None else Path(path).expanduser()
        )

    def _locks(self) -> Path:
        path = real_path(self.path)
        return path.with_name(f".{path.name}.locks")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.path)!r})"

    def load(self, key: TokenKey, /) -> Token | None:
        """Return the token kept under ``key``."""
        entry = self._read().get(describe(key))
        return None if entry is None else read_token(entry, str(self.path), key)

    def save(self, key: TokenKey, token: Token, /) -> None:
        """Keep a token; once this returns, it survives a crash."""

        def change(tokens: dict[str, Any]) -> None:
            tokens[describe(key)] = token.to_json()

        self._change(change)

    def delete(self, key: TokenKey, /) -> None:
        """Forget a token."""

        def change(tokens: dict[str, Any]) -> None:
            tokens.pop(describe(key), None)

        self._change(change)

    def list(self, client_id: int | None = None, /) -> builtins.list[TokenKey]:
        """Return the keys that are kept."""
        keys = read_keys(self._read(), str(self.path))
        return [k for k in keys if client_id is None or k.client_id == client_id]

    def lock(
        self, key: TokenKey, /, timeout: float | None = None
    ) -> AbstractContextManager[None]:
        """Hold the right to refresh this token, against all processes."""
        return file_lock(key_lock_path(self._locks(), key), timeout, describe(key))

    def _change(self, change: Callable[[dict[str, Any]], None]) -> None:
        path = self._locks() / "write.lock"
        try:
            with file_lock(path, WRITE_TIMEOUT, str(self.path)):
                tokens = self._read()
                change(tokens)
                self._write(tokens)
        except LockBusy as error:
            raise StoreFailed(f"{error} ({path})") from error

    def _read(self) -> dict[str, Any]:
        try:
            close_to_others(self.path)
            content = self.path.read_bytes()
        except FileNotFoundError:
            return {}
        try:
            data = json.loads(content)
            tokens = data["tokens"]
            if data["version"] != VERSION or not isinstance(tokens, dict):
                raise ValueError("unknown version")
        except (ValueError, KeyError, TypeError):
            # Without the cause: its text would quote the content.
            message = (
                f"{self.path} is not a token file of this release; move it away and "
                "log in again (`stravalib login`)"
            )
            raise StoreFailed(message) from None
        return tokens

    def _write(self, tokens: dict[str, Any]) -> None:
        write_private_json(self.path, {"version": VERSION, "tokens": tokens})


def write_private_json(path: Path, value: Any) -> None:
    """Replace a file that only this user may read, whole or not at all.

    A link stays a link: what it leads to is replaced.
    """
    path = real_path(path)
    folder = path.parent
    make_private_folder(folder)
    # mkstemp makes the file readable by its owner only.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(value, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    flush_folder(folder)


def flush_folder(folder: Path) -> None:
    """Make a renaming in ``folder`` survive a power cut, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders
        return
    try:
        os.fsync(handle)
    except OSError as error:
        log.debug("cannot flush %s: %s", folder, error)
    finally:
        os.close(handle)

"""Tokens in the system's keyring (extra ``keyring``)."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from stravalib._stores.base import WRITE_TIMEOUT, describe, read_keys, read_token
from stravalib._stores.locks import data_folder, file_lock, key_lock_path
from stravalib.exc import AuthError, StoreFailed

if TYPE_CHECKING:
    import builtins
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from stravalib._core.tokens import Token, TokenKey

INDEX = "index"


@contextmanager
def _told() -> Iterator[None]:
    """Tell failures of the keyring as our own."""
    try:
        yield
    except Exception as error:
        # A backend of the user's own may do without the library.
        errors = sys.modules.get("keyring.errors")
        if errors is None or not isinstance(error, errors.KeyringError):
            raise
        message = f"The keyring failed ({type(error).__name__}: {error})."
        raise StoreFailed(message) from error


class KeyringTokenStore:
    """Keep tokens where the system keeps passwords.

    Parameters
    ----------
    service
        The name under which the keyring shows the entries.
    backend
        A `keyring.backend.KeyringBackend`; by default the one that keyring chooses.
    lock_folder
        Where the lock files lie; by default in the user's own data folder.
    """

    def __init__(
        self,
        service: str = "stravalib",
        *,
        backend: Any = None,
        lock_folder: Path | None = None,
    ) -> None:
        self._service = service
        self._chosen = backend
        self._locks = lock_folder or data_folder() / ".keyring.locks"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._service!r})"

    def _backend(self) -> Any:
        if self._chosen is None:
            try:
                import keyring
                from keyring.backends import fail
            except ImportError as error:
                message = 'The keyring needs an extra: pip install "stravalib[keyring]"'
                raise ImportError(message) from error
            backend = keyring.get_keyring()
            if isinstance(backend, fail.Keyring):
                message = (
                    "This system has no keyring (usual on servers). Use "
                    "FileTokenStore(), or install a keyring backend."
                )
                raise AuthError(message)
            self._chosen = backend
        return self._chosen

    def load(self, key: TokenKey, /) -> Token | None:
        """Return the token kept under ``key``."""
        with _told():
            text = self._backend().get_password(self._service, describe(key))
        return None if not text else read_token(text, repr(self), key)

    def save(self, key: TokenKey, token: Token, /) -> None:
        """Keep a token."""
        text = json.dumps(token.to_json(), separators=(",", ":"))
        with _told():
            self._backend().set_password(self._service, describe(key), text)
        with file_lock(self._locks / "index.lock", WRITE_TIMEOUT, self._service):
            names = self._names()
            if describe(key) not in names:
                self._keep_names([*names, describe(key)])

    def delete(self, key: TokenKey, /) -> None:
        """Forget a token."""
        with file_lock(self._locks / "index.lock", WRITE_TIMEOUT, self._service):
            names = self._names()
            if describe(key) not in names:
                return
            with _told():
                self._backend().delete_password(self._service, describe(key))
            self._keep_names([name for name in names if name != describe(key)])

    def list(self, client_id: int | None = None, /) -> builtins.list[TokenKey]:
        """Return the keys that are kept; keyrings cannot list, so an entry does."""
        keys = read_keys(self._names(), repr(self))
        return [k for k in keys if client_id is None or k.client_id == client_id]

    def lock(
        self, key: TokenKey, /, timeout: float | None = None
    ) -> AbstractContextManager[None]:
        """Hold the right to refresh this token, against all processes."""
        return file_lock(key_lock_path(self._locks, key), timeout, describe(key))

    def _names(self) -> builtins.list[str]:
        with _told():
            text = self._backend().get_password(self._service, INDEX)
        names = json.loads(text) if text else []
        return [name for name in names if isinstance(name, str)]

    def _keep_names(self, names: builtins.list[str]) -> None:
        with _told():
            text = json.dumps(sorted(names))
            self._backend().set_password(self._service, INDEX, text)

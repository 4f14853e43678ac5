"""Make the pint registry, once, and quickly where its definitions are cached."""

from __future__ import annotations

import logging
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from pint import UnitRegistry

log = logging.getLogger("stravalib.units")
_lock = threading.Lock()
_registry: UnitRegistry[Any] | None = None


def registry() -> UnitRegistry[Any]:
    """Return the one registry of this process.

    The first call imports pint and reads its definitions. Those are kept, parsed, in
    the user's cache folder, which saves about 0.1 s in the next process; where no
    safe folder can be written, nothing is kept.
    """
    global _registry
    with _lock:
        if _registry is None:
            _registry = _make()
        return _registry


def _make() -> UnitRegistry[Any]:
    import pint

    folder = cache_folder(pint.__version__)
    if folder is not None:
        try:
            return pint.UnitRegistry(cache_folder=folder)
        except Exception as error:  # whatever a torn or foreign cache file raises
            log.debug("The cache of unit definitions is not used: %r", error)
    return pint.UnitRegistry()


def cache_folder(version: str) -> Path | None:
    """Return a folder for pickled definitions, None where none is safe.

    The folder holds pickles, so it has to belong to this user and to nobody else.

    Parameters
    ----------
    version
        Pint's version; another one could not read the pickles.
    """
    try:
        import platformdirs

        base = platformdirs.user_cache_path("stravalib", appauthor=False)
        python = f"{sys.version_info.major}.{sys.version_info.minor}"
        folder = base / f"pint-{version}-python-{python}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform != "win32":
            state = folder.stat()
            if state.st_uid != os.geteuid() or state.st_mode & 0o022:
                return None
        return folder if os.access(folder, os.W_OK | os.X_OK) else None
    except (OSError, RuntimeError, ImportError):  # read-only, no home, no package
        return None

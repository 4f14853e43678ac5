"""What the archive asks of a place to keep things, and the values that pass."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

Source = Literal["api", "export", "file"]
SOURCES: tuple[Source, ...] = ("api", "export", "file")


@dataclass(frozen=True, slots=True)
class Record:
    """One JSON object or list as it came in, and where and when it came from.

    ``fetched_at`` and ``expires_at`` are seconds since 1970; ``expires_at`` is None
    for what is permanent. ``origin`` names the file of an import.
    """

    athlete_id: int
    kind: str
    key: str
    source: Source
    body: Any
    fetched_at: int
    expires_at: int | None = None
    etag: str | None = None
    origin: str | None = None
    hash: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What `Store.put` found: new, changed or the same, and the record's number."""

    record_id: int
    state: Literal["new", "changed", "same"]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file beside the database; ``path`` is relative to `Store.files`."""

    name: str
    path: str
    sha256: str
    size: int
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Removed:
    """How much a removal took away."""

    records: int = 0
    activities: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)


class Store(Protocol):
    """A place that keeps records; SQLite first, anything with transactions later.

    Every method works inside the transaction that is open in this thread, or in one
    of its own. A transaction is never held open while something else is waited for.
    """

    files: Path

    def transaction(self) -> AbstractContextManager[None]:
        """Group writes: all or none."""
        ...

    def put(
        self,
        record: Record,
        streams: Mapping[str, Sequence[Any]] | None = None,
        files: Sequence[StoredFile] = (),
    ) -> Change:
        """Write one record with its streams and files; replace the one before it."""
        ...

    def get(
        self, athlete_id: int, kind: str, key: str, source: Source | None = None
    ) -> Record | None:
        """Return one record, from the best source where none is named."""
        ...

    def records(
        self,
        kind: str | None = None,
        *,
        athlete_id: int | None = None,
        source: Source | None = None,
        key: str | None = None,
    ) -> Iterator[Record]:
        """Iterate over records, by athlete, kind and key."""
        ...

    def has(self, athlete_id: int, kind: str, source: Source) -> set[str]:
        """Return the keys of all records of a kind."""
        ...

    def streams(self, record_id: int) -> dict[str, bytes]:
        """Return the packed streams of one record, in their order."""
        ...

    def remove(
        self,
        *,
        athlete_id: int | None = None,
        activity_id: int | None = None,
        kind: str | None = None,
        key: str | None = None,
        sources: Sequence[Source] = SOURCES,
        expired_at: int | None = None,
    ) -> Removed:
        """Remove records (and what hangs on them) that meet every condition given."""
        ...

    def query(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> list[tuple[Any, ...]]:
        """Read with SQL."""
        ...

    def execute(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> int:
        """Write with SQL; return the number of rows."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...

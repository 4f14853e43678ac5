"""What all endpoint mixins stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from stravalib._async import _compat
from stravalib._async.paging import (
    AsyncBatchedResultsIterator,
    AsyncCursorFetcher,
    AsyncResultFetcher,
)
from stravalib._async.protocol import hands_over
from stravalib._core import shape
from stravalib._core.paging import POLICIES

if TYPE_CHECKING:
    from stravalib._async.client import AsyncClient
    from stravalib._async.protocol import AsyncApiV3

T = TypeVar("T")


class AsyncEndpoints:
    """Holds the protocol; builds models."""

    protocol: AsyncApiV3

    def _build(self, entity: type[T], raw: Any) -> T:
        from stravalib._models.build import build

        kind: Any = entity
        record = shape.an_object(raw, kind.__name__)
        own = hands_over(self.protocol)
        built: T = build(kind, record, _compat.bind(self), own=own)
        self._note(built)
        return built

    def _note(self, built: object) -> None:
        """Keep what is known about the last answer with what was built from it."""
        from stravalib._models.base import Entity, set_response_meta

        if isinstance(built, Entity):
            set_response_meta(built, self.protocol.sender.last)

    def _build_list(self, entity: type[T], rows: Any) -> list[T]:
        from stravalib._models.build import build_list

        kind: Any = entity
        rows = shape.rows(rows, kind.__name__)
        own = hands_over(self.protocol)
        built: list[T] = build_list(kind, rows, _compat.bind(self), own=own)
        return built

    def _results(
        self,
        entity: type[T],
        name: str,
        fetcher: AsyncResultFetcher | AsyncCursorFetcher,
        limit: int | None = None,
    ) -> AsyncBatchedResultsIterator[T]:
        found = AsyncBatchedResultsIterator(
            entity=entity,
            result_fetcher=fetcher,
            bind_client=cast("AsyncClient", self),
            limit=limit,
            policy=POLICIES[name],
        )
        if hands_over(self.protocol):
            found._our_fetcher = fetcher
        return found

"""Lists that come in pages, iterated as one."""

from __future__ import annotations

import logging
from collections import deque
from operator import attrgetter, eq
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Protocol, TypeVar

from stravalib._async import _compat
from stravalib._core import paging, shape

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from stravalib._async.client import AsyncClient

T = TypeVar("T")
log = logging.getLogger("stravalib.paging")
_raw = attrgetter("raw")


class AsyncResultFetcher(Protocol):
    """Fetches one page of raw rows."""

    async def __call__(self, *, page: int, per_page: int) -> Iterable[Any]:
        """Return the rows of a page; pages count from 1."""
        ...


class AsyncCursorFetcher(Protocol):
    """Fetches the page after a cursor."""

    async def __call__(
        self, *, after_cursor: str | None, page_size: int
    ) -> Iterable[Any]:
        """Return the rows after the cursor, or the first ones for None."""
        ...


class AsyncBatchedResultsIterator(Generic[T]):
    """Iterates over a paged list; each iteration starts anew.

    Pages are requested when they are needed, none after ``limit`` is reached, and
    ``per_page`` stays the same throughout. Rows with an id come once, also when the
    list shifts between two pages. Where a page repeats the one before, the list ends
    with a warning in the log.

    Parameters
    ----------
    entity
        Model class of the rows.
    result_fetcher
        Called with ``page=`` and ``per_page=``, returns the rows as decoded JSON.
    bind_client
        Client that the objects fetch more with.
    limit
        The largest number of objects; None or 0 for all.
    per_page
        Rows per request, at most 200.
    policy
        When the list ends, see `stravalib._core.paging`.

    Attributes
    ----------
    response_meta
        What is known about the answer with the last page, see `ResponseMeta`.
    """

    default_per_page = paging.DEFAULT_PER_PAGE

    def __init__(
        self,
        entity: type[T],
        result_fetcher: AsyncResultFetcher | AsyncCursorFetcher,
        bind_client: AsyncClient | None = None,
        limit: int | None = None,
        per_page: int | None = None,
        *,
        policy: paging.Paging = paging.Paging.UNTIL_SHORT,
    ) -> None:
        self.log = log
        self.entity = entity
        self.bind_client = bind_client
        self.result_fetcher: Any = result_fetcher
        self.limit = paging.normal_limit(limit)
        self.per_page = per_page if per_page is not None else self.default_per_page
        self.policy = policy
        self._our_fetcher: Any = None  # whose rows are nobody else's
        # Outlives the end of the list, which resets the rest.
        self.response_meta: Any = None
        self.reset()

    def __repr__(self) -> str:
        """Name the entity."""
        return f"<{type(self).__name__} entity={self.entity.__name__}>"

    def reset(self) -> None:
        """Start anew: the next object will be the first one."""
        self._counter = 0
        self._buffer: deque[T] = deque()
        self._page = 1
        self._all_results_fetched = False
        self._cursor: str | None = None
        self._cursors: set[str] = set()
        # The rows of the page before, or what was made of them where they were taken.
        self._previous: list[Any] | None = None
        self._taken = False
        self._seen: set[Any] = set()
        self._barren = 0  # pages in a row that brought nothing new

    async def _fetch_rows(self) -> list[Any]:
        if self.policy is paging.Paging.CURSOR:
            rows = await self.result_fetcher(
                after_cursor=self._cursor, page_size=self.per_page
            )
        else:
            rows = await self.result_fetcher(page=self._page, per_page=self.per_page)
        sender = getattr(getattr(self.bind_client, "protocol", None), "sender", None)
        self.response_meta = getattr(sender, "last", None)
        return shape.rows(rows, self.entity.__name__)

    async def _next_page(self) -> list[T]:
        """Request one page and return its new objects, at most up to the limit."""
        rows = await self._fetch_rows()
        self.log.debug("page %d: %d rows", self._page, len(rows))
        if rows and self._repeats(rows):
            self._warn(f"page {self._page} repeats the page before")
            return []
        self._page += 1
        self._all_results_fetched = paging.is_last(
            self.policy, len(rows), self.per_page
        )
        if self.policy is paging.Paging.CURSOR:
            cursor = paging.next_cursor(rows)
            if cursor is None:
                self._all_results_fetched = True
            elif cursor in self._cursors:
                self._warn(f"the cursor of page {self._page - 1} came before")
            else:
                self._cursors.add(cursor)
            self._cursor = cursor
        fresh, has_news = paging.unseen(rows, self._seen)
        self._barren = 0 if has_news else self._barren + 1
        if rows and self._barren >= paging.MOST_BARREN_PAGES:
            self._warn(f"page {self._page - 1} brings nothing new, as the one before")
        if self.limit is not None:
            left = self.limit - self._counter
            if len(fresh) >= left:
                fresh = fresh[:left]
                self._all_results_fetched = True
        from stravalib._models.build import build_list, is_entity

        entity: Any = self.entity
        own = self.result_fetcher is self._our_fetcher and is_entity(entity)
        client = _compat.bind(self.bind_client)
        built: list[T] = build_list(entity, fresh, client, own=own)
        self._previous, self._taken = (built, True) if own else (rows, False)
        self._counter += len(built)
        return built

    def _repeats(self, rows: list[Any]) -> bool:
        """Tell whether a page is the one before, value for value."""
        before = self._previous
        if before is None or len(before) != len(rows):
            return False
        if self._taken:
            return all(map(eq, map(_raw, before), rows))
        return rows == before

    def _warn(self, reason: str) -> None:
        """End the list, which would go on for ever."""
        self.log.warning("%s of %r; the list ends here", reason, self)
        self._all_results_fetched = True

    async def _fill_buffer(self) -> None:
        """Request pages until one brings something new or the list ends."""
        while not self._buffer and not self._all_results_fetched:
            self._buffer.extend(await self._next_page())

    def _eof(self) -> NoReturn:
        """End the iteration; the next one starts anew."""
        self.reset()
        raise StopAsyncIteration

    def __aiter__(self) -> AsyncBatchedResultsIterator[T]:
        """Start anew."""
        self.reset()
        return self

    async def __anext__(self) -> T:
        """Return the next object."""
        if not self._buffer:
            await self._fill_buffer()
            if not self._buffer:
                self._eof()
        return self._buffer.popleft()

    async def next(self) -> T:
        """Return the next object; `StopAsyncIteration` after the last."""
        return await self.__anext__()

    async def pages(self) -> AsyncIterator[list[T]]:
        """Iterate over whole pages, as lists, from the first."""
        self.reset()
        while not self._all_results_fetched:
            page = await self._next_page()
            if page:
                yield page
        self.reset()

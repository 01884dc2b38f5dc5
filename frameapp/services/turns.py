"""Long work in fair turns: so much at a time in all, so much of each user, and free places go round among the users.

Asyncio's default threads are for what takes milliseconds, such as sessions and pages. Whatever may take longer is done
in ``Threads`` of its own, or awaited in ``Turns``.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import ParamSpec, TypeVar

from frameapp.errors import TooBusy

P = ParamSpec("P")
T = TypeVar("T")


class Turns:
    """``in_all`` places, at most ``each`` for one key, such as a user's id; ``waiting`` more of a key may wait."""

    def __init__(self, *, in_all: int, each: int, waiting: int, full: str) -> None:
        self._in_all = in_all
        self._each = each
        self._longest = waiting
        self._full = full
        self._taken: Counter[Hashable] = Counter()
        self._waiting: dict[Hashable, deque[asyncio.Future[None]]] = {}  # by key, the one whose turn is next first

    @asynccontextmanager
    async def turn(self, key: Hashable) -> AsyncIterator[None]:
        """A place, once it is this key's turn. Raises TooBusy with the sentence ``full`` where too many wait."""
        await self.wait(key)
        try:
            yield
        finally:
            self.leave(key)

    def has_room(self, key: Hashable) -> bool:
        """Whether the key would have a place at once. Waiting callers get one as soon as it is free."""
        return self._taken.total() < self._in_all and self._taken[key] < self._each

    def enter(self, key: Hashable) -> bool:
        """Take a place where there is one."""
        if not self.has_room(key):
            return False
        self._taken[key] += 1
        return True

    async def wait(self, key: Hashable) -> None:
        """Take a place, once it is this key's turn. Raises TooBusy as ``turn`` does."""
        if self.enter(key):
            return
        queue = self._waiting.setdefault(key, deque())
        if len(queue) >= self._longest:
            raise TooBusy(self._full)
        place = asyncio.get_running_loop().create_future()
        queue.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.leave(key)  # it had just been given
            else:
                self._forget(key, place)
            raise

    def leave(self, key: Hashable) -> None:
        """Give a place back, to the next that waits."""
        self._taken[key] -= 1
        if not self._taken[key]:
            del self._taken[key]
        while (following := next(filter(self.has_room, self._waiting), None)) is not None:
            queue = self._waiting.pop(following)
            place = queue.popleft()
            if queue:
                self._waiting[following] = queue  # behind the others
            if not place.done():
                self._taken[following] += 1
                place.set_result(None)

    def _forget(self, key: Hashable, place: asyncio.Future[None]) -> None:
        queue = self._waiting.get(key, deque())
        if place in queue:
            queue.remove(place)
        if not queue:
            self._waiting.pop(key, None)


class Threads:
    """Threads for one kind of long work, in turns."""

    def __init__(self, name: str, *, count: int, each: int = 1, waiting: int, full: str) -> None:
        self._turns = Turns(in_all=count, each=each, waiting=waiting, full=full)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix=name)

    async def run(self, key: Hashable, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``work`` in one of the threads, once it is this key's turn. Raises TooBusy where too many wait.

        A cancelled caller waits for the end all the same: a thread cannot be stopped, and keeps its place.
        """
        async with self._turns.turn(key):
            loop = asyncio.get_running_loop()
            working = loop.run_in_executor(self._threads, partial(work, *args, **kwargs))
            try:
                return await asyncio.shield(working)
            finally:
                await asyncio.gather(working, return_exceptions=True)


_long = Threads(
    "long", count=16, waiting=20, full="Too many of your requests are in progress. Wait for them, then try again."
)


async def at_length(user_id: int, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """``work`` that may take seconds, one of a user at a time, in threads that pages do not wait for."""
    return await _long.run(user_id, work, *args, **kwargs)

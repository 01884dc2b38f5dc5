"""The worker processes of a folder: one per core, each a few pictures ahead, each replaced when it dies."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from multiprocessing.resource_tracker import ensure_running

from frameapp.errors import StartError
from frameapp.services.offline import worker
from frameapp.services.offline.worker import Answer, Hopeless, Job, Order, Ready

IN_HAND = 12  # a worker's orders: enough to fetch while others render
DEATHS = 3
GIVEN_UP = "This picture stopped its worker three times, so it was not tried again."
END_SECONDS = 5.0

_spawning = multiprocessing.get_context("spawn")


@dataclass
class _Member:
    process: SpawnProcess
    connection: Connection
    ready: bool = False
    held: dict[int, Order] = field(default_factory=dict)


class Team:
    """``size`` workers on one job. A context manager: they end with it, and with this process however it ends."""

    def __init__(self, job: Job, size: int) -> None:
        self._job = job
        self._members = [self._member() for _ in range(size)]
        self._again: list[Order] = []
        self._lone = False  # somebody holds one order of the dead, or the team is emptying its hands for one
        self._deaths: Counter[int] = Counter()
        self._stillborn = 0  # how many in a row died before they were ready

    def __enter__(self) -> Team:
        return self

    def __exit__(self, *_: object) -> None:
        for member in self._members:
            member.connection.close()
        deadline = time.monotonic() + END_SECONDS
        for member in self._members:
            member.process.join(max(0.0, deadline - time.monotonic()))
            if member.process.is_alive():
                member.process.kill()
                member.process.join()

    @property
    def pids(self) -> list[int]:
        """The workers' process ids."""
        return [member.process.pid for member in self._members if member.process.pid]

    def answers(self, orders: Iterable[Order | Answer | None]) -> Iterator[Answer]:
        """One answer for each order, as they come; no order is taken before a worker has room for it.

        An answer among the orders is passed on; None says that the next one must wait for an answer.
        A dead worker's orders are tried again one by one, so that a deadly one fails alone. Raises StartError where
        nothing can be rendered at all.
        """
        fresh = iter(orders)
        while True:
            yield from self._give(fresh)
            if not any(member.held for member in self._members):
                return
            heard = wait([member.connection for member in self._members])
            for number, member in enumerate(self._members):
                if member.connection not in heard:
                    continue
                try:
                    message = member.connection.recv()
                except (EOFError, OSError):
                    yield from self._mourn(member)
                    self._members[number] = self._member()
                    continue
                if isinstance(message, Hopeless):
                    raise StartError(message.sentence)
                if isinstance(message, Ready):
                    member.ready = True
                    continue
                del member.held[message.number]
                yield message

    def _member(self) -> _Member:
        ours, theirs = _spawning.Pipe()
        process = _spawning.Process(target=worker.main, args=(theirs, self._job), daemon=True)
        try:
            _start_deaf(process)
        except OSError as error:
            raise StartError(f"A worker process cannot be started: {error.strerror}.") from error
        theirs.close()
        return _Member(process, ours)

    def _give(self, fresh: Iterator[Order | Answer | None]) -> Iterator[Answer]:
        """Fill the members' hands. While orders of the dead are left, one alone is given: if it is deadly, we know."""
        if self._again or self._lone:
            self._lone = any(member.held for member in self._members)
            if self._again and not self._lone:
                self._lone = True
                _send(self._members[0], self._again.pop())
            if self._lone:
                return
        for member in self._members:
            while len(member.held) < IN_HAND and (order := next(fresh, None)) is not None:
                if isinstance(order, Answer):
                    yield order
                else:
                    _send(member, order)

    def _mourn(self, member: _Member) -> Iterator[Answer]:
        """Keep a dead member's orders for another one; those that were fatal too often fail."""
        member.connection.close()
        member.process.join()
        self._stillborn = 0 if member.ready else self._stillborn + 1
        if self._stillborn >= DEATHS:
            raise StartError(f"The worker processes end as they start, with exit status {member.process.exitcode}.")
        for order in member.held.values():
            self._deaths[order.number] += 1
            if self._deaths[order.number] >= DEATHS:
                yield Answer(order.number, reason=GIVEN_UP)
            else:
                self._again.append(order)


def _start_deaf(process: SpawnProcess) -> None:
    """Start it without ears for Ctrl-C, which goes to the whole terminal: its pipe signals the end."""
    ensure_running()  # before, since Python 3.11 lifts the block as it starts its tracker
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _send(member: _Member, order: Order) -> None:
    member.held[order.number] = order
    try:
        member.connection.send(order)
    except OSError:
        return  # it is dead; its end of the pipe says so when it is read

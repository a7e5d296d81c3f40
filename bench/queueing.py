"""How messages queue for the processor and for the commit, simulated: what a slower disk or a database further away
would do. `python -m bench.queueing` prints the table of docs/scaling.md."""

import heapq
import random
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import NamedTuple

from bench.figures import percentile

Act = Callable[[float], None]
"""What happens at a time, in seconds since the beginning."""

BEFORE, WITHIN, AFTER = 0.4, 0.2, 0.4
"""Parts of a message's processor time: before its commit, in it, and for its answer and those who hear of it."""
STALLS = 50
"""One commit in so many takes ten times as long: a disk has its moments."""
CPU = 27.4e-6
"""Of a message into a room of four, in the sample."""


class Outcome(NamedTuple):
    """Messages a second and of a commit, seconds until the answer, and the processor's part of the time."""

    rate: float
    batch: float
    p50: float
    p99: float
    busy: float


class Run:
    """One processor that serves its queue in order, `cpu` seconds for each message; one commit at a time, which takes
    all that has gathered, and `commit` seconds besides."""

    def __init__(self, cpu: float, commit: float) -> None:
        self.answers: list[tuple[float, float]] = []  # (when, how long after it was sent)
        self.answered: Act = lambda _: None
        self.chance = random.Random(1)
        self._cpu, self._commit = cpu, commit
        self._events: list[tuple[float, int, Act]] = []
        self._order = count()
        self._gathered: list[float] = []
        self._commits, self._batches = False, 0
        self._worked = self._free_at = 0.0

    def at(self, time: float, act: Act) -> None:
        heapq.heappush(self._events, (time, next(self._order), act))

    def send(self, now: float) -> None:
        self._work(now, BEFORE, partial(self._append, now))

    def outcome(self, messages: int) -> Outcome:
        """Go on for so many messages; the first tenth does not count."""
        while len(self.answers) < messages:
            time, _, act = heapq.heappop(self._events)
            act(time)
        times, waits = zip(*self.answers[messages // 10 :], strict=True)
        rate, busy = len(times) / (times[-1] - times[0]), self._worked / max(self._free_at, times[-1])
        return Outcome(rate, messages / self._batches, percentile(waits, 0.5), percentile(waits, 0.99), busy)

    def _work(self, now: float, messages: float, then: Act) -> None:
        self._worked += messages * self._cpu
        self._free_at = max(self._free_at, now) + messages * self._cpu
        self.at(self._free_at, then)

    def _append(self, sent_at: float, now: float) -> None:
        self._gathered.append(sent_at)
        if not self._commits:
            self._begin_commit(now)

    def _begin_commit(self, now: float) -> None:
        self._commits, batch, self._gathered = True, self._gathered, []
        self._batches += 1
        seconds = self._commit * (10 if self.chance.random() < 1 / STALLS else 1)
        self._work(now, WITHIN * len(batch), lambda at: self.at(at + seconds, partial(self._end_commit, batch)))

    def _end_commit(self, batch: list[float], now: float) -> None:
        self._commits = False
        if self._gathered:
            self._begin_commit(now)
        for sent_at in batch:
            self._work(now, AFTER, partial(self._answer, sent_at))

    def _answer(self, sent_at: float, now: float) -> None:
        self.answers.append((now, now - sent_at))
        self.answered(now)


def at_most(cpu: float, commit: float, under_way: int, messages: int = 40_000) -> Outcome:
    """Each answer is followed by the next message at once: what a server carries with so many under way."""
    run = Run(cpu, commit)
    run.answered = run.send
    for _ in range(under_way):
        run.at(0.0, run.send)
    return run.outcome(messages)


def at_rate(cpu: float, commit: float, rate: float, messages: int = 40_000) -> Outcome:
    """People who write when they like, so many messages a second together, whatever the server does."""
    run = Run(cpu, commit)

    def arrive(now: float) -> None:
        run.at(now + run.chance.expovariate(rate), arrive)
        run.send(now)

    run.at(0.0, arrive)
    return run.outcome(messages)


if __name__ == "__main__":
    print("ms of a commit   under way   a second   a commit    p50 ms    p99 ms   busy")
    for commit in (0.0003, 0.001, 0.003, 0.01):
        for under_way in (64, 1_000):
            rate, batch, p50, p99, busy = at_most(CPU, commit, under_way)
            share = f"{rate:11,.0f}{batch:11.0f}{1000 * p50:10.1f}{1000 * p99:10.1f}{busy:7.0%}"
            print(f"{1000 * commit:14g}{under_way:12,}{share}")

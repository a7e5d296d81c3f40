"""What people have said of late, as far as to know it again. Of this process alone: who says the same in each of
several may say it so often in each."""

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import NamedTuple

SECONDS = 12 * 3_600.0
PEOPLE, TEXTS = 5_000, 20
"""Who spoke last, and of each the texts said last: more is forgotten, so that memory is bounded."""


class Said(NamedTuple):
    at: float
    nonce: int


class Echoes:
    """How often each person has said each text within twelve hours."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._said: OrderedDict[int, OrderedDict[int, deque[Said]]] = OrderedDict()
        self._told: dict[int, float] = {}

    def take(self, person: int, text: str, most: int, nonce: str) -> bool:
        """Count this once more; False, and not counted, when it was said `most` times. A send that is repeated, which
        its nonce tells, is counted once."""
        now, send = self._monotonic(), hash(nonce)
        times = self._times(person, hash(text))
        while times and times[0].at <= now - SECONDS:
            times.popleft()
        if send in {each.nonce for each in times}:
            return True
        if len(times) >= most:
            return False
        times.append(Said(now, send))
        return True

    def is_news(self, person: int) -> bool:
        """Whether nobody was told within twelve hours that this person repeats themselves; from now on they were."""
        now = self._monotonic()
        if self._told.get(person, -SECONDS) > now - SECONDS:
            return False
        self._told = {each: at for each, at in self._told.items() if at > now - SECONDS} | {person: now}
        return True

    def _times(self, person: int, key: int) -> deque[Said]:
        texts = self._said.setdefault(person, OrderedDict())
        self._said.move_to_end(person)
        times = texts.setdefault(key, deque())
        texts.move_to_end(key)
        if len(texts) > TEXTS:
            texts.popitem(last=False)
        if len(self._said) > PEOPLE:
            self._said.popitem(last=False)
        return times

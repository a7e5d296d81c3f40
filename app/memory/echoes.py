"""What people have said of late, as far as to know it again. Of this process alone: who says the same in each of
several may say it so often in each."""

from collections import OrderedDict, deque
from collections.abc import Callable

SECONDS = 12 * 3_600.0
PEOPLE, TEXTS = 5_000, 20
"""Who spoke last, and of each the texts said last: more is forgotten, so that memory is bounded."""


class Echoes:
    """How often each person has said each text within twelve hours."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._said: OrderedDict[int, OrderedDict[int, deque[float]]] = OrderedDict()
        self._told: dict[int, float] = {}

    def take(self, person: int, text: str, most: int) -> bool:
        """Count this once more; False, and not counted, when it was said `most` times."""
        now = self._monotonic()
        times = self._times(person, hash(text))
        while times and times[0] <= now - SECONDS:
            times.popleft()
        if len(times) >= most:
            return False
        times.append(now)
        return True

    def is_news(self, person: int) -> bool:
        """Whether nobody was told within twelve hours that this person repeats themselves; from now on they were."""
        now = self._monotonic()
        if self._told.get(person, -SECONDS) > now - SECONDS:
            return False
        self._told = {each: at for each, at in self._told.items() if at > now - SECONDS} | {person: now}
        return True

    def _times(self, person: int, key: int) -> deque[float]:
        texts = self._said.setdefault(person, OrderedDict())
        self._said.move_to_end(person)
        times = texts.setdefault(key, deque())
        texts.move_to_end(key)
        if len(texts) > TEXTS:
            texts.popitem(last=False)
        if len(self._said) > PEOPLE:
            self._said.popitem(last=False)
        return times

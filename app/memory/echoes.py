"""What people have said of late, as far as to know it again. Of this process alone: who says the same in each of
several may say it so often in each."""

from collections import OrderedDict
from collections.abc import Callable

SECONDS = 12 * 3_600.0
PEOPLE, TEXTS = 5_000, 20
"""Who spoke last, and of each the texts said last: more is forgotten, so that memory is bounded."""


Sends = dict[int, float]
"""When each was, the oldest first, by a hash of its nonce."""


class Echoes:
    """How often each person has said each text within twelve hours."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._said: OrderedDict[int, OrderedDict[int, Sends]] = OrderedDict()
        self._told: dict[int, float] = {}

    def take(self, person: int, text: str, most: int, nonce: str) -> bool:
        """Count this once more; False, and not counted, when it was said `most` times. A send that is repeated, which
        its nonce tells, is counted once."""
        now, send = self._monotonic(), hash(nonce)
        sends = self._sends(person, hash(text))
        while sends and next(iter(sends.values())) <= now - SECONDS:
            del sends[next(iter(sends))]
        if send in sends:
            return True
        if len(sends) >= most:
            return False
        sends[send] = now
        return True

    def is_news(self, person: int) -> bool:
        """Whether nobody was told within twelve hours that this person repeats themselves; from now on they were."""
        now = self._monotonic()
        if self._told.get(person, -SECONDS) > now - SECONDS:
            return False
        self._told = {each: at for each, at in self._told.items() if at > now - SECONDS} | {person: now}
        return True

    def _sends(self, person: int, key: int) -> Sends:
        texts = self._said.setdefault(person, OrderedDict())
        self._said.move_to_end(person)
        sends = texts.setdefault(key, {})
        texts.move_to_end(key)
        if len(texts) > TEXTS:
            texts.popitem(last=False)
        if len(self._said) > PEOPLE:
            self._said.popitem(last=False)
        return sends

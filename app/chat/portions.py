"""How much of a room goes into one answer. A text may be 24 KiB with its HTML, and what waits on a slow line counts as
not read (DELIVERY D8): a thousand of them in one answer would end the connection, again at each return."""

from collections.abc import Iterable
from itertools import accumulate

from app.models import Message

PORTION = 256 * 1024
"""Bytes of texts and HTML in one answer."""


def first_that_fit(messages: list[Message], size: int = PORTION) -> list[Message]:
    """As many from the front as fit, but one at least."""
    return messages[: count_that_fit(messages, size)]


def last_that_fit(messages: list[Message], size: int = PORTION) -> list[Message]:
    """As many from the end as fit, but one at least."""
    return messages[len(messages) - count_that_fit(reversed(messages), size) :]


def middle_that_fits(messages: list[Message], number: int) -> list[Message]:
    """As many on both sides of message `number` as fit."""
    below = [message for message in messages if message.number < number]
    return last_that_fit(below, PORTION // 2) + first_that_fit(messages[len(below) :], PORTION // 2)


def count_that_fit(messages: Iterable[Message], size: int) -> int:
    ends = accumulate(size_of(message) for message in messages)
    return sum(1 for count, end in enumerate(ends) if count == 0 or end <= size)


def size_of(message: Message) -> int:
    return len(message.text.encode()) + len(message.html.encode()) + len(message.extras or "")

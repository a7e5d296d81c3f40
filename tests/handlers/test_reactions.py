"""What people put on a message, as the page is drawn first. static/js/core/reactions.js says the same: tests/js."""

import pytest

from app.handlers.languages import every_language
from app.handlers.reactions import shown_reactions
from app.models import Extras, Message, Reaction, User

WORDS = every_language()
PEOPLE = {number: User(number, None, f"p{number}", f"p{number}", "person", "member", 0) for number in range(1, 12)}


def message(*reactions: Reaction) -> Message:
    return Message(1, 1, 2, 1, "n", "msg", "hi", "hi", 0).with_more(Extras(reactions=reactions))


def labels(*ids: int, language: str = "en") -> list[str]:
    shown = shown_reactions(message(Reaction("👍", ids)), PEOPLE, PEOPLE[1], {11}, WORDS[language])
    return [each.label for each in shown]


@pytest.mark.parametrize(
    ("ids", "label"),
    [
        ((2,), "👍 1, p2"),
        ((1,), "👍 1, you"),
        ((2, 1, 3), "👍 3, p2, p3 and you"),
        ((98, 99), "👍 2, 2 members"),
        ((2, 99), "👍 2, p2 and 1 other"),
        (
            (2, 3, 4, 5, 6, 7, 8, 9, 10, 1, 12, 13),
            "👍 12, p2, p3, p4, p5, p6, p7, p8, p9, p10, you and 2 others",
        ),
        ((2, 11), "👍 1, p2"),
    ],
)
def test_who_they_are_is_said_with_the_reader_last(ids: tuple[int, ...], label: str) -> None:
    assert labels(*ids) == [label]


def test_what_somebody_blocked_has_put_there_alone_is_not_drawn() -> None:
    assert labels(11) == []


def test_it_is_said_in_the_reader_s_language() -> None:
    assert labels(2, 1, language="ru") == ["👍 2, p2 и вы"]
    assert labels(2, 99, 98, language="ru") == ["👍 3, p2 и ещё 2"]


def test_one_s_own_are_marked_and_a_plain_message_has_none() -> None:
    both = message(Reaction("👍", (2,)), Reaction("🎉", (2, 1)))
    shown = shown_reactions(both, PEOPLE, PEOPLE[1], set(), WORDS["en"])
    assert [(each.emoji, each.count, each.mine) for each in shown] == [("👍", "1", False), ("🎉", "2", True)]
    assert shown_reactions(message(), PEOPLE, PEOPLE[1], set(), WORDS["en"]) == []

"""What a timeline shows, one below the other."""

from msgspec.structs import replace

from clients.rows import Day, NewLine, Notice, Said, rows_of, stored_by
from clients.times import day_of
from tests.clients.rows import ADA, message

DAY = 24 * 60 * 60 * 1000
MINUTE = 60 * 1000
NOON = 1_700_000_000_000


def test_each_day_has_its_line_and_who_goes_on_is_not_named_again() -> None:
    messages = [message(1, at=NOON), message(2, at=NOON + MINUTE), message(3, at=NOON + DAY)]
    assert [*rows_of(messages, ADA.id, None)] == [
        Day(day_of(NOON)),
        Said(messages[0], is_grouped=False),
        Said(messages[1], is_grouped=True),
        Day(day_of(NOON + DAY)),
        Said(messages[2], is_grouped=False),
    ]


def test_a_pause_an_answer_an_act_and_another_author_begin_a_group() -> None:
    first = message(1, at=NOON)
    soon = message(2, at=NOON + MINUTE)
    late, answer = replace(soon, at=NOON + 6 * MINUTE), replace(soon, reply_to=1)
    for second in (late, answer, replace(soon, kind="me"), replace(soon, author=ADA.id)):
        rows = [*rows_of([first, second], ADA.id, None)]
        assert [row.is_grouped for row in rows if isinstance(row, Said)] == [False, False]


def test_the_line_of_what_is_new_stands_above_the_first_of_others_where_what_came_before_is_held() -> None:
    own, other = message(2, at=NOON + MINUTE, author=ADA.id), message(3, at=NOON + 2 * MINUTE)
    rows = [*rows_of([message(1, at=NOON), own, other], ADA.id, 1)]
    assert rows[-2:] == [NewLine(other.at), Said(other, is_grouped=False)]
    assert not any(isinstance(row, NewLine) for row in rows_of([other], ADA.id, 1))


def test_what_its_author_removed_before_anybody_answered_is_gone() -> None:
    gone = message(2, at=NOON, removed=True)
    assert [*rows_of([gone], ADA.id, None)] == []
    answered = message(2, at=NOON, removed=True, answered=True)
    assert Said(answered, is_grouped=False) in [*rows_of([answered], ADA.id, None)]


def test_notices_stand_where_they_were_heard_and_end_a_group() -> None:
    messages = [message(1, at=NOON), message(2, at=NOON)]
    rows = [*rows_of(messages, ADA.id, None, [Notice(2, "later"), Notice(1, "bo left")])]
    assert [type(row) for row in rows] == [Day, Said, Notice, Said, Notice]
    assert rows[3] == Said(messages[1], is_grouped=False)


def test_what_is_stored_no_longer_waits() -> None:
    assert stored_by(ADA.id, [message(1, author=ADA.id), message(2)]) == {"nonce-1"}

"""K is seen to fail: each check on a history that breaks just what it guards."""

from dataclasses import replace

import pytest

from tests.faults.checker import falling_times, violations
from tests.faults.history import History, Resume, Row, Seen, Send, Truth

ROOM, ADA, BOB = 7, 1, 2


def row(number: int, author: int = ADA, *, seq: int | None = None, text: str = "", nonce: str = "") -> Row:
    return Row(ROOM, number, seq or number + 1, author, nonce or f"n{number}", 1000 + number, text or f"text {number}")


def seen(row: Row) -> Seen:
    return Seen(row.seq, row.number, row.author, row.nonce, row.at, row.text)


def send(row: Row, *, number: int | None = -1, refused: str | None = None) -> Send:
    """As it went: acknowledged with the row's number unless told otherwise."""
    return Send(row.nonce, ROOM, row.text, number=row.number if number == -1 else number, refused=refused)


ROWS = [row(1), row(2, BOB), row(3), row(4)]
"""Seq 1 is somebody joining."""


@pytest.fixture
def truth() -> Truth:
    return Truth(list(ROWS), {ROOM: (4, 5)})


@pytest.fixture
def ada() -> History:
    """Opened after two messages, saw the third live, lost the line, and caught up with the fourth."""
    entries: list[Seen | Resume] = [
        Resume(None, 3, True, tuple(map(seen, ROWS[:2]))),
        seen(ROWS[2]),
        Resume(4, 5, False, (seen(ROWS[3]),)),
    ]
    return History(ADA, {ROOM: entries}, [send(ROWS[0]), send(ROWS[2]), send(ROWS[3])])


@pytest.fixture
def bob() -> History:
    return History(
        BOB, {ROOM: [Resume(None, 3, True, tuple(map(seen, ROWS[:2]))), seen(ROWS[2]), seen(ROWS[3])]}, [send(ROWS[1])]
    )


def judge(truth: Truth, *histories: History, loaded: list[Row] | None = None) -> list[str]:
    return violations(truth, histories, {ROOM: [seen(row) for row in (ROWS if loaded is None else loaded)]})


def checks_of(sentences: list[str]) -> set[str]:
    return {sentence[:3] for sentence in sentences}


def test_an_honest_history_has_no_violation(truth: Truth, ada: History, bob: History) -> None:
    assert judge(truth, ada, bob) == []


def test_a_missing_number_is_found(truth: Truth, ada: History, bob: History) -> None:
    truth.rows.remove(ROWS[1])
    assert "(1) room 7: 3 messages are not numbered 1 to 4" in judge(truth, ada, bob)


def test_a_seq_given_twice_is_found(truth: Truth, ada: History, bob: History) -> None:
    truth.rows[3] = ROWS[3]._replace(seq=ROWS[2].seq)
    assert "(1) room 7: two messages share a seq" in judge(truth, ada, bob)


def test_a_seq_above_the_rooms_is_found(truth: Truth, ada: History, bob: History) -> None:
    truth.heads[ROOM] = (4, 4)
    assert "(1) room 7: a message has seq 5, the room only 4" in judge(truth, ada, bob)


def test_an_acknowledged_message_that_is_gone_is_found(truth: Truth, ada: History, bob: History) -> None:
    ada.sends.append(Send("lost-nonce", ROOM, "gone", number=5))
    assert judge(truth, ada, bob) == ["(2) nonce lost-nonce was acknowledged and is there 0 times"]


def test_an_acknowledgement_with_another_number_is_found(truth: Truth, ada: History, bob: History) -> None:
    ada.sends[1].number = 2
    assert checks_of(judge(truth, ada, bob)) == {"(2)"}


def test_another_text_than_the_first_under_a_nonce_is_found(truth: Truth, ada: History, bob: History) -> None:
    ada.sends.append(replace(ada.sends[0], text="another text"))
    assert judge(truth, ada, bob) == [], "the first text is there, as promised"
    ada.sends.insert(0, ada.sends.pop())
    assert judge(truth, ada, bob) == ["(2) nonce n1 was acknowledged and holds another text"] * 2


def test_a_message_stored_twice_is_found(truth: Truth, ada: History, bob: History) -> None:
    truth.rows.append(row(5, nonce="n4", text="text 4"))
    truth.heads[ROOM] = (5, 6)
    assert "(3) nonce n4 is there 2 times" in judge(truth, ada, bob)


def test_a_message_that_nobody_sent_is_found(truth: Truth, ada: History, bob: History) -> None:
    bob.sends.clear()
    assert judge(truth, ada, bob) == ["(3) message 2 of room 7 was sent by nobody"]


@pytest.mark.parametrize(("number", "refused"), [(None, None), (None, "storage")])
def test_a_pending_or_refused_message_may_be_there_or_not(
    truth: Truth, ada: History, bob: History, number: int | None, refused: str | None
) -> None:
    bob.sends[0] = send(ROWS[1], number=number, refused=refused)
    bob.sends.append(Send("never-arrived", ROOM, "never", refused=refused))
    assert judge(truth, ada, bob) == []


def test_a_gap_between_resumes_is_found(truth: Truth, ada: History, bob: History) -> None:
    del bob.rooms[ROOM][1]
    assert "(4) person 2, room 7: change 5 came where 4 was due" in judge(truth, ada, bob)


def test_a_change_shown_twice_is_found(truth: Truth, ada: History, bob: History) -> None:
    bob.rooms[ROOM].append(seen(ROWS[3]))
    assert checks_of(judge(truth, ada, bob)) == {"(4)"}


def test_a_change_before_the_state_of_the_room_is_found(truth: Truth, ada: History, bob: History) -> None:
    bob.rooms[ROOM].insert(0, seen(ROWS[0]))
    assert "(4) person 2, room 7: change 2 came before the state of the room" in judge(truth, ada, bob)


def test_a_resume_that_leaves_something_out_is_found(truth: Truth, ada: History, bob: History) -> None:
    ada.rooms[ROOM][2] = Resume(4, 5, False, ())
    assert checks_of(judge(truth, ada, bob)) == {"(4)", "(7)"}


def test_a_first_page_that_leaves_out_the_newest_is_found(truth: Truth, ada: History, bob: History) -> None:
    bob.rooms[ROOM][0] = Resume(None, 3, True, (seen(ROWS[0]),))
    assert "(4) person 2, room 7: after the resume to 3 it holds message 1, the database held 2" in judge(
        truth, ada, bob
    )


def test_a_text_that_the_database_does_not_hold_is_found(truth: Truth, ada: History, bob: History) -> None:
    for history in (ada, bob):
        history.rooms[ROOM][1] = seen(ROWS[2])._replace(text="made up")
    assert checks_of(judge(truth, ada, bob)) == {"(4)", "(7)"}


def test_two_clients_who_saw_different_things_are_found(truth: Truth, ada: History, bob: History) -> None:
    bob.rooms[ROOM][2] = seen(ROWS[3])._replace(at=1)
    assert "(5) room 7: person 2 saw change 5 as another one than others" in judge(truth, ada, bob)


def test_messages_of_one_sender_out_of_order_are_found(truth: Truth, ada: History, bob: History) -> None:
    ada.sends[1], ada.sends[2] = ada.sends[2], ada.sends[1]
    assert judge(truth, ada, bob) == ["(6) person 1: message 3 of room 7 stands before an earlier one"]


def test_a_repeat_is_not_out_of_order(truth: Truth, ada: History, bob: History) -> None:
    ada.sends.append(replace(ada.sends[0]))
    assert judge(truth, ada, bob) == []


def test_a_client_that_holds_nothing_of_a_full_room_is_found(truth: Truth, ada: History, bob: History) -> None:
    bob.rooms[ROOM] = [Resume(None, 5, True, ())]
    assert checks_of(judge(truth, ada, bob)) == {"(4)", "(7)"}


def test_a_fresh_load_that_differs_is_found(truth: Truth, ada: History, bob: History) -> None:
    loaded = [*ROWS[:3], ROWS[3]._replace(text="changed")]
    assert checks_of(judge(truth, ada, bob, loaded=loaded)) == {"(7)"}


def test_only_the_first_sentences_of_a_kind_are_told(truth: Truth, ada: History, bob: History) -> None:
    ada.sends += [Send(f"lost{n}", ROOM, "", number=5 + n) for n in range(30)]
    assert judge(truth, ada, bob)[-1] == "... and 10 more of this kind"


def test_a_time_that_falls_is_found(truth: Truth) -> None:
    assert falling_times(truth) == []
    truth.rows[3] = ROWS[3]._replace(at=1)
    assert falling_times(truth) == ["room 7: message 4 is older than message 3"]

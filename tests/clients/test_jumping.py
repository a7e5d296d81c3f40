"""Which room is meant by some of its letters."""

from clients.jumping import score


def test_letters_count_more_side_by_side_and_at_the_beginning_of_words() -> None:
    best, *others = (score("gen", text) for text in ("general", "big event", "engine and tent"))
    assert best is not None
    assert all(other is None or best > other for other in others)


def test_letters_that_do_not_stand_there_in_their_order_mean_another_room() -> None:
    assert score("xyz", "general") is None
    assert score("neg", "general") is None
    assert score("", "general") == 0

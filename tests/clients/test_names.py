"""What clients call people."""

from app.protocol.events import Person
from clients.names import name_of


def test_somebody_is_called_by_their_name_or_their_handle_and_a_bot_says_that_it_is_one() -> None:
    assert name_of(Person(1, "ada", "Ada")) == "Ada"
    assert name_of(Person(1, "ada", "")) == "ada"
    assert name_of(Person(2, "ferry_times", "Ferry times", bot=True)) == "Ferry times (bot)"

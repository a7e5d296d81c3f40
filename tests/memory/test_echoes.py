import secrets

from app.memory.echoes import PEOPLE, SECONDS, TEXTS, Echoes


class SetClock:
    seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


def say(echoes: Echoes, person: int, text: str, most: int) -> bool:
    return echoes.take(person, text, most, secrets.token_hex())


def test_a_text_is_said_so_often_within_twelve_hours() -> None:
    clock = SetClock()
    echoes = Echoes(clock)
    assert [say(echoes, 1, "eggs", 2) for _ in range(3)] == [True, True, False]
    assert say(echoes, 1, "hens", 2)
    assert say(echoes, 2, "eggs", 2)
    clock.seconds += SECONDS - 1
    assert not say(echoes, 1, "eggs", 2)
    clock.seconds += 1
    assert say(echoes, 1, "eggs", 2)


def test_of_each_person_the_last_texts_are_remembered_and_of_all_who_spoke_last() -> None:
    echoes = Echoes(SetClock())
    say(echoes, 1, "eggs", 1)
    for number in range(TEXTS - 1):
        say(echoes, 1, f"{number}", 1)
    assert not say(echoes, 1, "eggs", 1)
    for number in range(TEXTS):
        say(echoes, 1, f"again {number}", 1)
    assert say(echoes, 1, "eggs", 1)
    for person in range(2, PEOPLE + 2):
        say(echoes, person, "eggs", 1)
    assert say(echoes, 1, "eggs", 1)
    assert len(echoes._said) == PEOPLE


def test_that_somebody_repeats_themselves_is_news_once_in_twelve_hours() -> None:
    clock = SetClock()
    echoes = Echoes(clock)
    assert [echoes.is_news(1), echoes.is_news(1), echoes.is_news(2)] == [True, False, True]
    clock.seconds += SECONDS
    assert echoes.is_news(1)
    assert list(echoes._told) == [1]


def test_a_send_that_is_repeated_counts_once() -> None:
    echoes = Echoes(SetClock())
    assert [echoes.take(1, "eggs", 1, "nonce") for _ in range(3)] == [True] * 3
    assert not echoes.take(1, "eggs", 1, "another")

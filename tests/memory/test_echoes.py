from app.memory.echoes import PEOPLE, SECONDS, TEXTS, Echoes


class SetClock:
    seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


def test_a_text_is_said_so_often_within_twelve_hours() -> None:
    clock = SetClock()
    echoes = Echoes(clock)
    assert [echoes.take(1, "eggs", 2) for _ in range(3)] == [True, True, False]
    assert echoes.take(1, "hens", 2)
    assert echoes.take(2, "eggs", 2)
    clock.seconds += SECONDS - 1
    assert not echoes.take(1, "eggs", 2)
    clock.seconds += 1
    assert echoes.take(1, "eggs", 2)


def test_of_each_person_the_last_texts_are_remembered_and_of_all_who_spoke_last() -> None:
    echoes = Echoes(SetClock())
    echoes.take(1, "eggs", 1)
    for number in range(TEXTS - 1):
        echoes.take(1, f"{number}", 1)
    assert not echoes.take(1, "eggs", 1)
    for number in range(TEXTS):
        echoes.take(1, f"again {number}", 1)
    assert echoes.take(1, "eggs", 1)
    for person in range(2, PEOPLE + 2):
        echoes.take(person, "eggs", 1)
    assert echoes.take(1, "eggs", 1)
    assert len(echoes._said) == PEOPLE


def test_that_somebody_repeats_themselves_is_news_once_in_twelve_hours() -> None:
    clock = SetClock()
    echoes = Echoes(clock)
    assert [echoes.is_news(1), echoes.is_news(1), echoes.is_news(2)] == [True, False, True]
    clock.seconds += SECONDS
    assert echoes.is_news(1)
    assert list(echoes._told) == [1]

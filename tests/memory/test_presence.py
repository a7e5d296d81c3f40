import pytest

from app.memory.presence import GRACE, Presence
from tests.support.house import SetClock

ANA, BO = 1, 2


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def presence(clock: SetClock) -> Presence:
    return Presence(clock.monotonic)


def test_a_person_counts_once_however_many_connections_they_have(presence: Presence) -> None:
    for who in (ANA, ANA, BO):
        presence.came(who)
    assert presence.count == 2
    presence.went(ANA)
    assert presence.count == 2


def test_somebody_is_gone_when_their_grace_is_over(presence: Presence, clock: SetClock) -> None:
    presence.came(ANA)
    presence.went(ANA)
    clock.advance(GRACE - 0.001)
    assert presence.take_gone() == []
    assert presence.count == 1
    clock.advance(0.001)
    assert presence.take_gone() == [ANA]
    assert presence.count == 0
    assert presence.take_gone() == [], "told once"


def test_a_reload_does_not_blink(presence: Presence, clock: SetClock) -> None:
    presence.came(ANA)
    presence.went(ANA)
    clock.advance(5)
    presence.came(ANA)
    clock.advance(2 * GRACE)
    assert presence.take_gone() == []
    presence.went(ANA)
    clock.advance(GRACE)
    assert presence.take_gone() == [ANA]


def test_the_grace_begins_with_the_last_connection(presence: Presence, clock: SetClock) -> None:
    presence.came(ANA)
    presence.came(ANA)
    presence.went(ANA)
    clock.advance(2 * GRACE)
    assert presence.take_gone() == []
    presence.went(ANA)
    clock.advance(GRACE / 2)
    assert presence.take_gone() == []


def test_who_comes_back_after_the_grace_and_before_anybody_looked_is_here(presence: Presence, clock: SetClock) -> None:
    presence.came(ANA)
    presence.went(ANA)
    clock.advance(2 * GRACE)
    presence.came(ANA)
    assert presence.take_gone() == []
    assert presence.count == 1


def test_nothing_is_kept_of_who_is_gone(presence: Presence, clock: SetClock) -> None:
    for who in range(1_000):
        presence.came(who)
        presence.went(who)
    clock.advance(GRACE)
    assert len(presence.take_gone()) == 1_000
    assert not presence._connections
    assert not presence._leaving

import random
from collections.abc import Collection

import pytest

from app.memory.elsewhere import Rooms
from app.memory.presence import BELIEVED, GRACE, Presence
from tests.support.house import SetClock

ANA, BO, CLEO = 1, 2, 3
LOBBY, ATTIC = 10, 11


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def presence(clock: SetClock) -> Presence:
    return Presence(clock.monotonic)


def tell(
    presence: Presence, people: dict[int, Rooms], process: str = "other", round_: int = 1, idle: Collection[int] = ()
) -> None:
    """Everybody of another process, in one part."""
    presence.hear_part(process, round_, len(people), people, idle)


# In this process


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
    presence.forget_gone()
    assert presence.count == 1
    clock.advance(0.001)
    presence.forget_gone()
    assert presence.count == 0


def test_a_reload_does_not_blink(presence: Presence, clock: SetClock) -> None:
    presence.came(ANA)
    presence.went(ANA)
    clock.advance(5)
    presence.came(ANA)
    clock.advance(2 * GRACE)
    presence.forget_gone()
    assert presence.count == 1
    presence.went(ANA)
    clock.advance(GRACE)
    presence.forget_gone()
    assert presence.count == 0


def test_the_grace_begins_with_the_last_connection(presence: Presence, clock: SetClock) -> None:
    presence.came(ANA)
    presence.came(ANA)
    presence.went(ANA)
    clock.advance(2 * GRACE)
    presence.forget_gone()
    presence.went(ANA)
    clock.advance(GRACE / 2)
    presence.forget_gone()
    assert presence.count == 1


def test_who_comes_back_after_the_grace_and_before_anybody_looked_is_here(presence: Presence, clock: SetClock) -> None:
    presence.came(ANA)
    presence.went(ANA)
    clock.advance(2 * GRACE)
    presence.came(ANA)
    presence.forget_gone()
    assert presence.count == 1


def test_a_room_counts_who_is_in_it_and_says_who_came_and_went(presence: Presence, clock: SetClock) -> None:
    presence.came(ANA)
    presence.entered(ANA, (LOBBY,))
    presence.came(BO)
    presence.entered(BO, (LOBBY, ATTIC))
    assert (presence.online_in(LOBBY), presence.online_in(ATTIC), presence.online_in(99)) == (2, 1, 0)
    assert presence.people_in(LOBBY) == {ANA, BO}
    assert [presence.people_in_any(rooms) for rooms in ([ATTIC], [LOBBY, ATTIC, 99], [])] == [{BO}, {ANA, BO}, set()]
    assert presence.take_moves() == {LOBBY: {ANA: True, BO: True}, ATTIC: {BO: True}}
    presence.came(ANA)
    presence.entered(ANA, (LOBBY,))
    assert presence.take_moves() == {}, "another device changes nothing"
    presence.entered(ANA, (LOBBY, ATTIC))
    assert presence.online_in(ATTIC) == 2
    assert presence.take_moves() == {ATTIC: {ANA: True}}
    presence.went(BO)
    clock.advance(GRACE)
    presence.forget_gone()
    assert (presence.online_in(LOBBY), presence.online_in(ATTIC)) == (1, 1)
    assert presence.people_in(LOBBY) == {ANA}
    assert presence.take_moves() == {LOBBY: {BO: False}, ATTIC: {BO: False}}


def test_who_comes_and_goes_between_two_looks_has_not_moved(presence: Presence, clock: SetClock) -> None:
    tell(presence, {ANA: (LOBBY,)})
    presence.take_moves()
    presence.hear_moves("other", {BO: (LOBBY,)}, [ANA])
    presence.hear_moves("other", {ANA: (LOBBY,)}, [BO])
    assert presence.take_moves() == {}
    assert presence.people_in(LOBBY) == {ANA}


def test_nothing_is_kept_of_who_is_gone(presence: Presence, clock: SetClock) -> None:
    for who in range(1_000):
        presence.came(who)
        presence.entered(who, (LOBBY, ATTIC))
        presence.rested(who, idle=True)
        presence.went(who)
    tell(presence, dict.fromkeys(range(500, 1_500), (LOBBY,)), idle=range(500, 1_500))
    clock.advance(BELIEVED + 1)
    presence.forget_gone()
    presence.take_moved()
    presence.take_moves()
    kept = {name: value for name, value in vars(presence).items() if isinstance(value, dict | set) and value}
    assert kept == {}
    assert presence.take_shifts(1_500) == {}


# In several


def test_people_of_other_processes_count_once_wherever_they_are(presence: Presence) -> None:
    presence.came(ANA)
    presence.entered(ANA, (LOBBY,))
    tell(presence, {ANA: (LOBBY,), BO: (LOBBY, ATTIC)}, "one")
    tell(presence, {BO: (LOBBY, ATTIC), CLEO: (LOBBY,)}, "two")
    assert presence.count == 3
    assert (presence.online_in(LOBBY), presence.online_in(ATTIC)) == (3, 1)


def test_who_leaves_one_process_is_still_there_in_another(presence: Presence, clock: SetClock) -> None:
    presence.came(ANA)
    presence.entered(ANA, (LOBBY,))
    tell(presence, {ANA: (LOBBY,)}, "one")
    tell(presence, {ANA: (LOBBY,)}, "two")
    presence.went(ANA)
    clock.advance(GRACE)
    presence.forget_gone()
    assert presence.online_in(LOBBY) == 1
    presence.hear_moves("one", {}, [ANA])
    assert presence.online_in(LOBBY) == 1
    presence.hear_moves("two", {}, [ANA])
    assert presence.online_in(LOBBY) == presence.count == 0


def test_a_new_list_replaces_the_one_before(presence: Presence) -> None:
    tell(presence, {ANA: (LOBBY,), BO: (LOBBY,)})
    tell(presence, {BO: (LOBBY, ATTIC), CLEO: (LOBBY,)}, round_=2)
    assert presence.count == 2
    assert (presence.online_in(LOBBY), presence.online_in(ATTIC)) == (2, 1)
    tell(presence, {}, round_=3)
    assert presence.count == 0


def test_a_list_of_which_a_part_got_lost_takes_nobody_away(presence: Presence) -> None:
    tell(presence, {ANA: (LOBBY,), BO: (LOBBY,)})
    presence.hear_part("other", 2, 2, {BO: (LOBBY,)})
    assert presence.count == 2
    presence.hear_part("other", 3, 2, {CLEO: (LOBBY,)})
    presence.hear_part("other", 3, 2, {CLEO: (LOBBY,)})
    assert presence.count == 2, "told twice is not told in full"
    presence.hear_part("other", 3, 2, {BO: (LOBBY,)})
    assert {who: who in presence._rooms for who in (ANA, BO, CLEO)} == {ANA: False, BO: True, CLEO: True}


def test_the_people_of_a_process_that_fell_silent_are_gone_in_a_minute(presence: Presence, clock: SetClock) -> None:
    assert BELIEVED < 60
    presence.came(CLEO)
    presence.entered(CLEO, (LOBBY,))
    tell(presence, {ANA: (LOBBY,), CLEO: (LOBBY,)}, "one")
    tell(presence, {BO: (LOBBY,)}, "two")
    clock.advance(30)
    presence.hear_moves("two", {}, [])
    clock.advance(BELIEVED - 29)
    presence.forget_gone()
    assert presence.online_in(LOBBY) == presence.count == 2
    assert presence.has_company
    clock.advance(BELIEVED)
    presence.forget_gone()
    assert presence.count == 1
    assert not presence.has_company


def test_of_who_is_here_this_process_knows_best(presence: Presence) -> None:
    presence.came(ANA)
    presence.entered(ANA, (LOBBY, ATTIC))
    tell(presence, {ANA: (LOBBY,)})
    assert presence.online_in(ATTIC) == 1


def test_what_is_told_to_others_is_what_has_changed_here(presence: Presence, clock: SetClock) -> None:
    presence.came(ANA)
    presence.entered(ANA, (LOBBY,))
    presence.came(BO)
    assert presence.take_moved() == ({ANA: (LOBBY,), BO: ()}, [])
    assert presence.take_moved() == ({}, [])
    presence.came(ANA)
    presence.entered(ANA, (LOBBY,))
    presence.went(BO)
    tell(presence, {CLEO: (LOBBY,)})
    assert presence.take_moved() == ({}, []), "neither another device, nor a grace, nor people elsewhere"
    assert presence.here() == {ANA: (LOBBY,), BO: ()}
    presence.entered(ANA, (LOBBY, ATTIC))
    clock.advance(GRACE)
    presence.forget_gone()
    assert presence.take_moved() == ({ANA: (LOBBY, ATTIC)}, [BO])
    assert presence.here() == {ANA: (LOBBY, ATTIC)}


@pytest.mark.parametrize("seed", range(5))
def test_processes_that_tell_each_other_agree(clock: SetClock, seed: int) -> None:
    chance = random.Random(seed)
    processes = [Presence(clock.monotonic) for _ in range(3)]
    here: list[list[int]] = [[], [], []]
    rooms_of: dict[int, Rooms] = {who: (LOBBY, ATTIC) if who % 3 else (LOBBY,) for who in range(12)}
    for _ in range(300):
        place = chance.randrange(3)
        if here[place] and chance.random() < 0.5:
            processes[place].went(here[place].pop(chance.randrange(len(here[place]))))
        else:
            who = chance.randrange(12)
            here[place].append(who)
            processes[place].came(who)
            processes[place].entered(who, rooms_of[who])
        for who in here[place]:
            processes[place].rested(who, idle=chance.random() < 0.5)
        clock.advance(chance.choice((0.0, 1.0, 5.0)))
        exchange(processes)
    clock.advance(GRACE)
    exchange(processes)
    everybody = set().union(*here)
    idle_everywhere = [
        who
        for who in sorted(everybody)
        if all(presence.idle_here(who) for presence, people in zip(processes, here, strict=True) if who in people)
    ]
    for presence in processes:
        assert presence.count == len(everybody)
        for room in (LOBBY, ATTIC):
            assert presence.online_in(room) == sum(room in rooms_of[who] for who in everybody)
        assert presence.idle_of(range(12)) == idle_everywhere


# Who is idle


def test_who_goes_idle_and_comes_back_is_told_in_their_rooms(presence: Presence) -> None:
    presence.came(ANA)
    presence.entered(ANA, (LOBBY, ATTIC))
    presence.take_moves()
    presence.rested(ANA, idle=True)
    assert presence.is_idle(ANA)
    assert presence.idle_of([BO, ANA]) == [ANA]
    assert (presence.count, presence.online_in(LOBBY)) == (1, 1), "idle is here"
    assert presence.take_moves() == {}
    assert presence.take_shifts(9) == {LOBBY: [ANA], ATTIC: [ANA]}
    assert presence.take_shifts(9) == {}
    presence.rested(ANA, idle=True)
    assert presence.take_shifts(9) == {}, "nothing new"
    presence.came(ANA)
    assert not presence.is_idle(ANA), "another device"
    assert presence.take_shifts(9) == {LOBBY: [ANA], ATTIC: [ANA]}


def test_of_many_who_shift_some_are_told_later_and_each_once(presence: Presence) -> None:
    for who in (ANA, BO, CLEO):
        presence.came(who)
        presence.entered(who, (LOBBY,))
        for idle in (True, False, True):
            presence.rested(who, idle=idle)
    assert [presence.take_shifts(2) for _ in range(3)] == [{LOBBY: [ANA, BO]}, {LOBBY: [CLEO]}, {}]


def test_who_is_gone_before_it_was_told_has_not_shifted(presence: Presence, clock: SetClock) -> None:
    presence.came(ANA)
    presence.entered(ANA, (LOBBY,))
    presence.rested(ANA, idle=True)
    presence.went(ANA)
    assert presence.is_idle(ANA), "in their grace as before"
    clock.advance(GRACE)
    presence.forget_gone()
    assert not presence.is_idle(ANA)
    assert presence.take_shifts(9) == {}


def test_who_does_something_in_one_process_is_not_idle(presence: Presence, clock: SetClock) -> None:
    tell(presence, {ANA: (LOBBY,), BO: (LOBBY,)}, "one", idle=[ANA, BO])
    assert presence.idle_of([ANA, BO]) == [ANA, BO]
    presence.came(ANA)
    tell(presence, {BO: (LOBBY,)}, "two")
    assert presence.idle_of([ANA, BO]) == []
    presence.rested(ANA, idle=True)
    presence.hear_moves("two", {BO: (LOBBY,)}, [], [BO])
    assert presence.idle_of([ANA, BO]) == [ANA, BO]
    presence.hear_moves("one", {ANA: (LOBBY,)}, [])
    assert presence.idle_of([ANA, BO]) == [BO]
    presence.hear_moves("one", {}, [ANA])
    assert presence.idle_of([ANA, BO]) == [ANA, BO], "where she did something she is no more"
    tell(presence, {BO: (LOBBY,)}, "two", round_=2)
    clock.advance(BELIEVED / 2)
    tell(presence, {BO: (LOBBY,)}, "one", round_=2, idle=[BO])
    assert not presence.is_idle(BO)
    clock.advance(BELIEVED / 2 + 1)
    presence.forget_gone()
    assert presence.is_idle(BO), "where he did something has fallen silent"


def test_who_hides_is_not_idle_either(presence: Presence) -> None:
    presence.came(ANA)
    presence.entered(ANA, (LOBBY,))
    presence.rested(ANA, idle=True)
    presence.take_shifts(9)
    presence.hid(ANA)
    assert not presence.is_idle(ANA)
    assert presence.take_shifts(9) == {}


def exchange(processes: list[Presence]) -> None:
    for presence in processes:
        presence.forget_gone()
        came, went = presence.take_moved()
        for other in processes:
            if other is not presence:
                other.hear_moves(presence.process, came, went, [who for who in came if presence.idle_here(who)])


def test_who_hides_is_gone_at_once_for_everybody(presence: Presence) -> None:
    for _ in range(2):
        presence.came(ANA)
    presence.entered(ANA, (LOBBY,))
    presence.take_moved()
    presence.take_moves()
    presence.hid(ANA)
    assert (presence.count, presence.online_in(LOBBY), presence.knows(ANA)) == (0, 0, False)
    assert presence.take_moved() == ({}, [ANA])
    assert presence.take_moves() == {LOBBY: {ANA: False}}
    presence.came(ANA)
    assert presence.knows(ANA)

"""What several processes do at the same moment comes out as if one had done it after the other."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import select

from app.chat import (
    access,
    bans,
    cards,
    departure,
    direct,
    editing,
    first_owner,
    followers,
    reactions,
    removal,
    roles,
    threads,
)
from app.chat import doors as chat_doors
from app.chat import files as chat_files
from app.chat import memberships as comings
from app.chat.doors import Entry
from app.chat.mentions import Written
from app.errors import BadRequest, FileGone, FilesUsedUp, LastOwner, MessageRemoved, NotFound, WrongCode
from app.models import (
    Ban,
    Card,
    Draft,
    File,
    FormerHandle,
    Job,
    Membership,
    Message,
    NewMessage,
    Posted,
    Reacting,
    Removal,
    Role,
    SignIn,
    TwitterProfile,
    Upload,
    User,
    Visitor,
)
from app.settings import Settings, load_settings
from app.storage import (
    acts,
    allow_list,
    counters,
    doors,
    drafts,
    files,
    handles,
    invites,
    memberships,
    message_versions,
    messages,
    reports,
    rooms,
    sessions,
    sign_ins,
    users,
)
from app.storage import bans as ban_rows
from app.storage import threads as thread_rows
from app.storage.database import Connection
from app.storage.store import Store, open_store
from app.storage.tables import mentions as mention_rows
from app.storage.tables import users as user_rows
from tests.support.gate import Gate
from tests.support.postgres import ask
from tests.support.storage import new_message, outcomes, person, post
from tests.support.waiting import until

PEOPLE = 12
SETTINGS = Settings(root=Path(), public_url="http://127.0.0.1:5000")


@pytest.fixture
async def processes(url: str, store: Store) -> AsyncIterator[list[Store]]:
    """One database as three processes have it open."""
    others = [await open_store(url) for _ in range(2)]
    yield [store, *others]
    for other in others:
        await other.close()


async def at_once(works: list[Awaitable[Any]]) -> list[Any]:
    return await asyncio.gather(*works)


def sign_in(store: Store, twitter_id: str, handle: str, now: int = 1) -> Awaitable[User]:
    profile = TwitterProfile(twitter_id, handle)

    def arrive(connection: Connection) -> User:
        user = users.upsert_by_twitter_id(connection, profile, now, frozenset())
        memberships.join_default(connection, user.id, now)
        return user

    return asyncio.ensure_future(store.write(arrive))


async def named(store: Store, handle: str) -> list[int]:
    """Accounts that have this handle."""
    query = select(user_rows.c.id).where(user_rows.c.handle_key == handle)
    return await store.read(lambda connection: list(connection.scalars(query)))


async def members(store: Store, room_id: int) -> list[Membership]:
    return await store.read(memberships.changed_since, room_id, 0)


async def check_members(store: Store, room_id: int, expected: set[int]) -> None:
    found = await members(store, room_id)
    room = await store.read(rooms.by_id, room_id)
    assert room is not None
    assert [one.seq for one in found] == list(range(1, room.seq + 1))
    assert {one.user_id for one in found} == expected
    assert room.members == len(found) == len(expected)


async def test_who_signs_in_on_several_devices_for_the_first_time_is_one_person(processes: list[Store]) -> None:
    arriving = [
        sign_in(store, f"x{number}", f"person{number}") for number in range(PEOPLE) for store in processes for _ in "ab"
    ]
    arrived = await at_once(arriving)
    assert len({user.id for user in arrived}) == len({user.twitter_id for user in arrived}) == PEOPLE
    await check_members(processes[0], 1, {user.id for user in arrived})


async def test_who_signs_in_while_rooms_are_made_is_in_all_of_them(processes: list[Store]) -> None:
    def make(connection: Connection, slug: str) -> int:
        room = rooms.add(connection, slug, slug, "", "public", 1, is_default=True)
        memberships.join_everybody(connection, room.id, 1)
        return room.id

    works: list[Awaitable[Any]] = []
    for number, store in zip(range(PEOPLE), cycle(processes), strict=False):
        works.append(sign_in(store, f"x{number}", f"person{number}"))
        works.append(store.write(make, f"room-{number}"))
    done = await at_once(works)
    people, made = {user.id for user in done[::2]}, done[1::2]
    for room_id in made:
        await check_members(processes[0], room_id, people)


async def test_who_comes_and_goes_on_several_devices_is_counted_once(processes: list[Store]) -> None:
    people = [await sign_in(processes[0], f"x{number}", f"person{number}") for number in range(3)]
    garden = await processes[0].write(rooms.add, "garden", "Garden", "", "public", 1)

    def turn(connection: Connection, user_id: int) -> None:
        rooms.locked(connection, garden.id)
        if memberships.find(connection, garden.id, user_id) is None:
            memberships.join(connection, garden.id, user_id, 2)
        else:
            memberships.leave(connection, garden.id, user_id, 3)

    await at_once([store.write(turn, user.id) for _ in range(5) for user in people for store in processes])
    room = await processes[0].read(rooms.by_id, garden.id)
    assert room is not None
    assert (room.seq, room.members) == (45, 3)
    assert all(one.left_at is None for one in await members(processes[0], garden.id))


async def test_a_promised_account_goes_to_one_of_those_who_come_with_its_handle(processes: list[Store]) -> None:
    added = await processes[0].write(users.add, "ada", "admin", 1)
    arrived = await at_once([sign_in(store, f"x{number}", "ada") for number, store in enumerate(processes * 3)])
    assert sorted(user.role for user in arrived) == ["admin", *["member"] * 8]
    assert [user.role for user in arrived if user.id == added.id] == ["admin"]


async def test_who_is_added_by_several_at_once_is_one_person(processes: list[Store]) -> None:
    roles: list[Role] = ["member", "admin", "moderator"]
    added = await at_once(
        [store.write(users.add, "ada", role, 1) for store, role in zip(processes, roles, strict=True)]
    )
    assert [one.id for one in added] == await named(processes[0], "ada") * 3


async def test_who_is_added_while_signing_in_is_one_person(processes: list[Store]) -> None:
    for number in range(PEOPLE):
        handle = f"person{number}"
        adding = processes[1].write(users.add, handle, "admin", 1)
        arrived, added = await at_once([sign_in(processes[0], f"x{number}", handle), adding])
        assert await named(processes[0], handle) == [arrived.id] == [added.id]


async def test_who_is_imported_by_several_at_once_is_one_person(processes: list[Store]) -> None:
    imported = await at_once([store.write(users.add_imported, "nick", 1) for store in processes * 3])
    assert {one.id for one in imported} == set(await named(processes[0], "nick"))
    assert len({one.id for one in imported}) == 1


async def test_a_handle_given_up_is_kept_once(processes: list[Store]) -> None:
    ada = await sign_in(processes[0], "x", "ada")
    await at_once([sign_in(store, "x", "countess", 2) for store in processes * 3])
    assert await processes[0].read(handles.formerly, ada.id, 5) == [FormerHandle(ada.id, "ada", 2)]


async def test_one_room_gets_a_slug_and_the_others_hear_that_it_is_taken(processes: list[Store]) -> None:
    making = [store.write(rooms.add, "garden", "Garden", "", "public", 1) for store in processes * 3]
    made = await asyncio.gather(*making, return_exceptions=True)
    assert sum(isinstance(one, BadRequest) for one in made) == 8
    assert [one.slug for one in made if not isinstance(one, BaseException)] == ["garden"]


async def test_a_sign_in_is_taken_by_one(processes: list[Store]) -> None:
    for number in range(PEOPLE):
        begun = SignIn(f"token{number}", "secret", "/", "hash", expires_at=600)
        await processes[0].write(sign_ins.begin, begun)
        taken = await at_once([store.write(sign_ins.take, begun.token, 599) for store in processes])
        assert sorted(taken, key=lambda one: one is None) == [begun, None, None]


async def test_a_read_marker_ends_at_the_furthest(processes: list[Store], ada: User) -> None:
    await processes[0].write(memberships.join_default, ada.id, 1)
    await post(processes[0], [new_message(ada) for _ in range(PEOPLE)])
    numbers = list(range(1, PEOPLE + 1))
    random.Random(5).shuffle(numbers)
    turns = zip(cycle(processes), numbers, strict=False)
    await at_once([store.write(memberships.move_read, 1, ada.id, number) for store, number in turns])
    membership = await processes[0].read(memberships.find, 1, ada.id)
    assert membership is not None
    assert membership.read_number == PEOPLE


async def test_of_drafts_that_are_saved_at_once_the_newest_holds(processes: list[Store], ada: User) -> None:
    made = [await processes[0].write(rooms.add, f"room-{n}", "", "", "public", 1) for n in range(3)]
    for room in made:
        times = list(range(1, PEOPLE + 1))
        random.Random(room.id).shuffle(times)
        turns = zip(cycle(processes), times, strict=False)
        await at_once([store.write(drafts.save, ada.id, Draft(room.id, f"{at}", at), PEOPLE) for store, at in turns])
    kept = await processes[0].read(drafts.of_user, ada.id)
    assert kept == [Draft(room.id, f"{PEOPLE}", PEOPLE) for room in made]


async def test_sessions_that_are_ended_and_used_at_once_are_ended(processes: list[Store], ada: User) -> None:
    made = [await processes[0].write(sessions.create, ada.id, f"{n}", "a browser", 10, 99) for n in range(PEOPLE)]
    ids = [one.id for one in made]
    works: list[Awaitable[Any]] = []
    for store, given in zip(processes, (ids, ids[::-1], ids), strict=True):
        works += [store.write(sessions.touch, given, 20), *(store.write(sessions.end, one, 30) for one in given)]
        works += [store.write(sessions.end_run_out, 50, 5), store.write(sessions.forget, 5)]
    await at_once(works)
    assert await processes[0].read(sessions.by_ids, ids) == []


async def everything(store: Store, room_id: int) -> list[Message]:
    found = await store.read(messages.after, room_id, 0, 100_000)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert [one.seq for one in found] == list(range(1, len(found) + 1))
    return found


async def test_processes_that_write_into_one_room_leave_no_hole_and_store_each_send_once(
    processes: list[Store],
) -> None:
    people = [await person(processes[0], f"person{number}") for number in range(4)]
    chance = random.Random(11)
    given = [new_message(chance.choice(people), f"{number}") for number in range(300)]
    answers: list[tuple[NewMessage, Awaitable[Posted]]] = []
    for one in given:
        senders = chance.choices(processes, k=chance.choice([1, 1, 2, 5]))
        answers += [(one, store.log.append(one)) for store in senders]
        if chance.random() < 0.2:
            await asyncio.sleep(0)
    stored = {(message.author_id, message.nonce): message for message in await settled(processes, answers)}
    firsts = 0
    for one, answer in answers:
        posted = await answer
        assert posted.message == stored[one.author_id, one.nonce]
        firsts += not posted.duplicate
    assert firsts == len(stored) == len(given)


async def settled(processes: list[Store], answers: list[tuple[NewMessage, Awaitable[Posted]]]) -> list[Message]:
    await asyncio.gather(*[answer for _, answer in answers])
    return await everything(processes[0], 1)


async def test_one_send_into_several_rooms_at_once_is_stored_once(processes: list[Store], ada: User) -> None:
    made = [await processes[0].write(rooms.add, f"room-{n}", "", "", "public", 1) for n in range(2)]
    places = [1, *(room.id for room in made)]
    for number in range(PEOPLE):
        nonce = f"the-same-nonce-{number:02}"
        sends = [
            store.log.append(new_message(ada, nonce=nonce, room_id=place))
            for store, place in zip(processes, places, strict=True)
        ]
        posted = await at_once(list(sends))
        assert len({one.message.room_id for one in posted}) == 1
        assert sum(not one.duplicate for one in posted) == 1
    assert sum([len(await everything(processes[0], place)) for place in places]) == PEOPLE


async def test_a_message_that_cannot_be_stored_fails_in_no_other_process(processes: list[Store], ada: User) -> None:
    nobody = User(999, None, "nobody", "nobody", "person", "member", 0)
    sending = [outcomes(store.log, [new_message(ada), new_message(nobody), new_message(ada)]) for store in processes]
    ends = [[isinstance(one, Posted) for one in results] for results in await asyncio.gather(*sending)]
    assert ends == [[True, False, True]] * 3
    assert len(await everything(processes[0], 1)) == 6


async def test_of_many_who_enter_codes_for_the_first_owner_one_is(processes: list[Store]) -> None:
    codes = [f"hash{number}" for number in range(4)]
    for store, code in zip(cycle(processes), codes, strict=False):
        await store.write(first_owner.offer, code)
    people = [Visitor(await person(processes[0], f"person{number}")) for number in range(PEOPLE)]
    claims = [
        store.write(first_owner.claim_with, visitor, code, 1)
        for store, visitor, code in zip(cycle(processes), people, cycle(codes), strict=False)
    ]
    claimed = await asyncio.gather(*claims, return_exceptions=True)
    assert sum(isinstance(each, User) for each in claimed) == 1
    assert sum(isinstance(each, WrongCode) for each in claimed) == PEOPLE - 1
    assert await processes[0].read(users.count_owners) == 1


async def test_of_owners_who_all_step_down_one_stays(processes: list[Store]) -> None:
    people = [await person(processes[0], f"person{number}") for number in range(PEOPLE)]
    owners = [await processes[0].write(users.set_role, each, "owner", 1, ()) for each in people]
    leaving = [
        store.write(roles.give_as, Visitor(owner), owner.id, "member", 1)
        for store, owner in zip(cycle(processes), owners, strict=False)
    ]
    left = await asyncio.gather(*leaving, return_exceptions=True)
    assert [type(each) for each in left if not isinstance(each, User)] == [LastOwner]
    assert await processes[0].read(users.count_owners) == 1
    assert (await processes[0].read(counters.read))["roles"] == PEOPLE - 1


async def test_of_several_who_remove_one_message_at_once_one_does(processes: list[Store]) -> None:
    store = processes[0]
    people = [await person(store, f"person{number}") for number in range(PEOPLE)]
    author, *moderators = people
    for each in people:
        await store.write(memberships.join_default, each.id, 1)
        await store.write(users.set_role, each, "moderator", 1, ())
    await post(store, [new_message(author, "gone")])
    removing: list[Awaitable[Any]] = [
        each.write(removal.take_away, Visitor(who), 1, 1, None, 2)
        for each, who in zip(cycle(processes), moderators, strict=False)
    ]
    removed = [message for message in await at_once(removing) if message is not None]
    assert removed == await store.read(messages.newest, 1, 9)
    assert len(await store.read(acts.page, 0, None, 99)) == 1
    room = await store.read(rooms.by_id, 1)
    assert room is not None
    assert room.seq == removed[0].seq == PEOPLE + 2


async def test_of_edits_at_once_the_last_one_holds_and_each_text_is_kept_once(processes: list[Store]) -> None:
    store = processes[0]
    ada = await person(store, "ada")
    await store.write(memberships.join_default, ada.id, 1)
    await post(store, [new_message(ada, "first")])
    texts = [f"text {number}" for number in range(PEOPLE)]
    await at_once([rewrite(each, ada, text) for each, text in zip(cycle(processes), texts, strict=False)])
    (message,) = await store.read(messages.newest, 1, 9)
    kept = await store.read(message_versions.page, 1, 1, None, 99)
    assert [each.version for each in kept] == list(range(PEOPLE, 0, -1))
    assert kept[-1].text == "first"
    assert sorted([message.text, *(each.text for each in kept)]) == sorted([*texts, "first"])
    assert message.seq == PEOPLE + 2
    calls = await store.read(lambda connection: connection.execute(select(mention_rows)).all())
    assert len(calls) == 1, "each of them calls everybody"


def rewrite(store: Store, author: User, text: str) -> Awaitable[Any]:
    written = Written(text, [], [], call="all")
    edit = (SETTINGS, Visitor(author), 1, 1, text, written, 5)
    return asyncio.ensure_future(store.write(editing.rewrite, *edit))


@pytest.mark.parametrize("edits_first", [True, False])
async def test_what_is_removed_while_it_is_edited_is_removed(processes: list[Store], edits_first: bool) -> None:
    store, other, _ = processes
    ada = await person(store, "ada")
    await store.write(memberships.join_default, ada.id, 1)
    await post(store, [new_message(ada, "first")])
    edits = [rewrite(each, ada, f"text {number}") for number, each in enumerate([store, other])]
    removing = asyncio.ensure_future(other.write(removal.take_away, Visitor(ada), 1, 1, None, 6))
    works = [*edits, removing] if edits_first else [removing, *edits]
    outcomes = await asyncio.gather(*works, return_exceptions=True)
    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert all(isinstance(each, MessageRemoved) for each in refused)
    (message,) = await store.read(messages.newest, 1, 9)
    assert (message.removed_at, message.text, message.html) == (6, "", "")
    assert len(await store.read(message_versions.page, 1, 1, None, 9)) == len(edits) - len(refused)


async def test_removals_of_everything_and_posts_at_once_leave_no_hole_and_no_number_twice(
    processes: list[Store],
) -> None:
    store = processes[0]
    ada = await person(store, "ada")
    await store.write(memberships.join_default, ada.id, 1)
    await post(store, [new_message(ada, "old") for _ in range(PEOPLE)])
    done = Removal(ada.id, ada.id, 7)
    works: list[Awaitable[Any]] = [
        each.write(removal.take_all_away, done, 1, [number, number + 1])
        for number, each in zip(range(1, PEOPLE), cycle(processes), strict=False)
    ]
    works += [post(each, [new_message(ada, "new")]) for _, each in zip(range(PEOPLE), cycle(processes), strict=False)]
    await at_once(works)
    found = await store.read(messages.newest, 1, 99)
    assert [each.text for each in found] == [""] * PEOPLE + ["new"] * PEOPLE
    room = await store.read(rooms.by_id, 1)
    assert room is not None
    assert (room.last_number, room.seq) == (2 * PEOPLE, 1 + 3 * PEOPLE)
    changed = [*(each.seq for each in found), *(each.posted_seq for each in found if each.posted_seq is not None)]
    assert sorted(changed) == list(range(2, room.seq + 1))
    assert sum([len(await store.write(removal.put_back, SETTINGS, done, 1)) for _ in range(2)]) == PEOPLE


async def banned_with_a_message(store: Store) -> Ban:
    """Somebody who said one thing."""
    mod = await store_moderator(store)
    bob = await sign_in(store, "bob", "bob")
    await post(store, [new_message(bob, "one")])
    return (await store.write(bans.banish, Visitor(mod), bob.id, "", 3))[1]


async def waits(url: str, work: asyncio.Future[Any]) -> None:
    """Returns once it stands behind a lock, if it does not come to its end: on SQLite it has not begun."""
    if url.startswith("postgres"):
        await until(lambda: work.done() or ask(url, "SELECT count(*) FROM pg_locks WHERE NOT granted") != [0])


async def test_nothing_goes_with_a_ban_that_is_being_lifted(processes: list[Store], url: str) -> None:
    ban = await banned_with_a_message(processes[0])
    gate = Gate()

    def lift(connection: Connection) -> None:
        ban_rows.lift(connection, ban.id, 9)
        gate.wait()

    lifting = asyncio.ensure_future(processes[1].write(lift))
    await gate.reached()
    taking = asyncio.ensure_future(processes[2].write(removal.take_all_away, bans.what_went(ban), 1, [1], ban))
    await waits(url, taking)
    gate.open()
    await lifting
    assert await taking == []


async def test_whoever_lifts_a_ban_waits_for_what_is_going_with_it_and_brings_it_back(
    processes: list[Store], url: str
) -> None:
    ban = await banned_with_a_message(processes[0])
    gate, done = Gate(), bans.what_went(ban)

    def take(connection: Connection) -> list[Message]:
        taken = removal.take_all_away(connection, done, 1, [1], ban)
        gate.wait()
        return taken

    taking = asyncio.ensure_future(processes[1].write(take))
    await gate.reached()
    lifting = asyncio.ensure_future(processes[2].write(ban_rows.lift, ban.id, 9))
    await waits(url, lifting)
    assert not lifting.done()
    gate.open()
    assert len(await taking) == 1
    await lifting
    assert len(await processes[0].write(removal.put_back, SETTINGS, done, 1)) == 1


async def test_of_several_who_come_by_the_last_use_of_an_invite_at_once_one_comes_in(processes: list[Store]) -> None:
    store = processes[0]
    await store.write(doors.change, "invited")
    await store.write(invites.add, "hash", 1, role="member", rooms=(1,), made_by=None, expires_at=9, most_uses=1)
    coming = [
        each.write(chat_doors.enter, TwitterProfile(f"x{number}", f"person{number}"), "hash", frozenset(), 2)
        for number, each in zip(range(PEOPLE), cycle(processes), strict=False)
    ]
    outcomes = await asyncio.gather(*coming, return_exceptions=True)
    kinds = sorted(type(outcome).__name__ for outcome in outcomes)
    assert kinds == ["Entry"] + ["NotInvited"] * (PEOPLE - 1)
    assert await store.read(users.count_people) == 1
    (invite,) = await store.read(invites.living, 2, 9)
    assert invite.uses == 1


async def test_of_several_with_one_handle_of_the_allow_list_at_once_one_comes_in(processes: list[Store]) -> None:
    store = processes[0]
    ada = await person(store, "ada")
    await store.write(doors.change, "invited")
    await store.write(allow_list.add, ["cy"], "moderator", (), ada.id, 1)
    await store.write(users.set_role, ada, "owner", 1, ())
    coming = [
        each.write(chat_doors.enter, TwitterProfile(f"x{number}", "cy"), "", frozenset(), 2)
        for number, each in zip(range(PEOPLE), cycle(processes), strict=False)
    ]
    outcomes = await asyncio.gather(*coming, return_exceptions=True)
    (came,) = [outcome for outcome in outcomes if isinstance(outcome, Entry)]
    assert came.user.role == "moderator"
    assert await store.read(users.count_people) == 2


async def test_who_open_one_direct_room_at_once_get_the_same(processes: list[Store]) -> None:
    people = [await sign_in(processes[0], f"x{number}", f"person{number}") for number in range(3)]
    for party in (people[:2], people):
        ids = {user.id for user in party}
        opening: list[Awaitable[Any]] = [
            store.write(direct.find_or_make, Visitor(user), ids, 1) for user in party for store in processes * 2
        ]
        talks = await at_once(opening)
        assert len({talk.room.id for talk in talks}) == 1
        await check_members(processes[0], talks[0].room.id, ids)


async def test_nobody_is_brought_into_a_direct_room_who_leaves_for_good_at_once(processes: list[Store]) -> None:
    for number in range(PEOPLE):
        ada, bob = [await sign_in(processes[0], f"{who}{number}", f"{who}{number}") for who in ("ada", "bob")]
        opening = processes[1].write(direct.find_or_make, Visitor(ada), {ada.id, bob.id}, 2)
        leaving = processes[2].write(departure.depart, Visitor(bob), 3)
        opened, _ = await asyncio.gather(opening, leaving, return_exceptions=True)
        assert isinstance(opened, NotFound | direct.Talk)
        if isinstance(opened, direct.Talk):
            assert await processes[0].read(memberships.people, opened.room.id) == [ada.id]


@pytest.mark.parametrize("outcome", ["ban", "departure"])
async def test_who_leaves_a_room_while_they_are_put_out_of_all_of_them_leaves_it_once(
    processes: list[Store], outcome: str
) -> None:
    """One of the leavings takes a while to begin: it falls between the two looks of the other transaction."""
    mod = await store_moderator(processes[0])
    for looks in range(2 * PEOPLE):
        bob = await sign_in(processes[0], f"bob{looks}", f"bob{looks}")

        def go(connection: Connection, bob: User = bob, looks: int = looks) -> None:
            for _ in range(looks):
                users.by_id(connection, bob.id)
            access.room_to_change(connection, Visitor(bob), "room.leave", 1)
            memberships.leave(connection, 1, bob.id, 2)

        leaving = processes[1].write(go)
        if outcome == "ban":
            ending: Awaitable[Any] = processes[2].write(bans.banish, Visitor(mod), bob.id, "", 3)
        else:
            ending = processes[2].write(departure.depart, Visitor(bob), 3)
        ended = (await asyncio.gather(leaving, ending, return_exceptions=True))[1]
        assert not isinstance(ended, Exception)
        room = await processes[0].read(rooms.by_id, 1)
        assert room is not None
        assert room.members == 1


async def store_moderator(store: Store) -> User:
    mod = await sign_in(store, "mod", "mod")
    return await store.write(users.set_role, mod, "moderator", 1, ())


@pytest.mark.parametrize("by", ["join", "add"])
async def test_nobody_comes_into_a_room_who_is_banned_at_once(processes: list[Store], by: str) -> None:
    mod = await store_moderator(processes[0])
    for number in range(PEOPLE):
        bob = await person(processes[0], f"bob{number}")

        def come(connection: Connection, bob: User = bob) -> None:
            if by == "join":
                comings.enter(connection, Visitor(bob), 1, 2)
            else:
                comings.take_back(connection, Visitor(mod), 1, bob.id, 2)

        coming = processes[1].write(come)
        banning = processes[2].write(bans.banish, Visitor(mod), bob.id, "", 3)
        _, banned = await asyncio.gather(coming, banning, return_exceptions=True)
        assert not isinstance(banned, Exception)
        assert await processes[0].read(memberships.find, 1, bob.id) is None


async def test_what_somebody_tells_several_times_at_once_is_one_report(processes: list[Store]) -> None:
    ada, bob = [await person(processes[0], handle) for handle in ("ada", "bob")]

    def tell(connection: Connection) -> bool:
        return reports.add(connection, ada.id, bob.id, 1, reason="spam")

    told = await at_once([store.write(tell) for store in processes * 3])
    assert sorted(told) == [False] * 8 + [True]
    assert len(await processes[0].read(reports.page, 9)) == 1


async def test_of_several_who_close_a_case_at_once_one_has_done_it(processes: list[Store]) -> None:
    ada, bob = [await person(processes[0], handle) for handle in ("ada", "bob")]
    await processes[0].write(lambda connection: reports.add(connection, ada.id, bob.id, 1, reason="spam"))
    (report,) = await processes[0].read(reports.page, 9)
    closed = await at_once([store.write(reports.close, report, 2) for store in processes * 3])
    assert sorted(closed) == [False] * 8 + [True]


async def test_of_files_that_come_at_once_as_many_are_taken_as_there_is_room_for(processes: list[Store]) -> None:
    ada = await person(processes[0], "ada")
    settings = load_settings({"FILES_QUOTA_MB": "1"}, Path())
    begun = [
        store.write(
            chat_files.make_room,
            settings,
            File(f"{number:032}", "a", "", 300_000),
            Upload(1, ada.id, f"nonce {number}", 1),
        )
        for number, store in enumerate(processes * 3)
    ]
    refused = await asyncio.gather(*begun, return_exceptions=True)
    assert [type(each) for each in refused if each is not None] == [FilesUsedUp] * 6
    assert await processes[0].read(files.used_by, ada.id) == 900_000


async def test_a_file_that_is_sent_while_it_is_swept_has_its_message_or_is_gone(processes: list[Store]) -> None:
    ada = await person(processes[0], "ada")
    for number in range(PEOPLE):
        file = File(f"{number:032}", "a", "text/plain", 5)
        await processes[0].write(files.add, file, Upload(1, ada.id, f"nonce {number}", 1))
        await processes[0].write(files.be_there, file, 2)
        new = structs.replace(new_message(ada), files=(file,))
        works: list[Awaitable[Any]] = [
            outcomes(processes[1].log, [new]),
            processes[2].write(files.to_sweep, 9, 9, 50),
        ]
        (sent,), (swept, _) = await at_once(works)
        placed = await processes[0].read(files.by_id, file.id)
        assert (placed is None) is (file.id in swept)
        assert isinstance(sent, FileGone if placed is None else Posted)


async def test_of_messages_that_are_sent_with_one_file_at_once_one_has_it(processes: list[Store]) -> None:
    ada = await person(processes[0], "ada")
    for number in range(PEOPLE):
        file = File(f"{number:032}", "a", "text/plain", 5)
        await processes[0].write(files.add, file, Upload(1, ada.id, f"nonce {number}", 1))
        await processes[0].write(files.be_there, file, 2)
        sends: list[Awaitable[Any]] = [
            outcomes(each.log, [structs.replace(new_message(ada), files=(file,))]) for each in processes
        ]
        ends = [end for (end,) in await at_once(sends)]
        assert sorted(type(end).__name__ for end in ends) == ["FileGone", "FileGone", "Posted"]
        (posted,) = (end for end in ends if isinstance(end, Posted))
        placed = await processes[0].read(files.by_id, file.id)
        assert placed is not None
        assert placed.number == posted.message.number


async def test_what_several_processes_put_on_a_message_at_once_is_all_there(processes: list[Store]) -> None:
    store = processes[0]
    people = [await person(store, f"p{number}") for number in range(PEOPLE)]
    for each in people:
        await store.write(memberships.join_default, each.id, 1)
    await post(store, [new_message(people[0], "one"), new_message(people[0], "two")])
    numbers = [(1, 2), (2, 1)]
    works: list[Awaitable[Any]] = [
        each.write(reactions.set_all, [Reacting(1, number, "👍", who, on=True) for number in order])
        for each, who, order in zip(cycle(processes), people, cycle(numbers), strict=False)
    ]
    await at_once(works)
    found = await store.read(messages.newest, 1, 9)
    for message in found:
        (reaction,) = message.more.reactions
        assert sorted(reaction.people) == [each.id for each in people]
    room = await store.read(rooms.by_id, 1)
    assert room is not None
    assert room.seq == PEOPLE + 2 + 2 * PEOPLE == max(each.seq for each in found)


async def test_of_several_who_begin_a_thread_at_once_all_get_one(processes: list[Store]) -> None:
    ada, bob = [await sign_in(processes[0], handle, handle) for handle in ("ada", "bob")]
    await post(processes[0], [new_message(ada) for _ in range(PEOPLE)])
    for number in range(1, PEOPLE + 1):
        opening: list[Awaitable[Any]] = [
            store.write(threads.find_or_make, Visitor(who), 1, number, 2)
            for store, who in zip(cycle(processes), [ada, bob] * 2, strict=False)
        ]
        opened = [found for found, _ in await at_once(opening)]
        assert len({found.thread.id for found in opened}) == 1
        assert sorted(await processes[0].read(memberships.people, opened[0].thread.id)) == [ada.id, bob.id]


@pytest.mark.parametrize("end", ["leave", "ban", "departure"])
async def test_nobody_is_in_a_thread_who_leaves_its_room_at_once(processes: list[Store], end: str) -> None:
    """By looking into it, or by being mentioned in it."""
    mod = await store_moderator(processes[0])
    (begun,) = await post(processes[0], [new_message(mod)])
    for number in range(PEOPLE):
        bob = await sign_in(processes[0], f"bob{number}", f"bob{number}")
        opened, _ = await processes[0].write(threads.find_or_make, Visitor(mod), 1, begun.message.number, 2)

        def go(connection: Connection, bob: User = bob) -> object:
            if end == "ban":
                return bans.banish(connection, Visitor(mod), bob.id, "", 3)
            if end == "departure":
                return departure.depart(connection, Visitor(bob), 3)
            access.room_to_change(connection, Visitor(bob), "room.leave", 1)
            return thread_rows.leave_with(connection, 1, bob.id, 3)

        looking = processes[1].write(threads.find_or_make, Visitor(bob), 1, begun.message.number, 2)
        ending = processes[2].write(go)
        meaning = processes[0].write(followers.follow, opened.thread, {bob.id}, 2)
        _, ended, _ = await asyncio.gather(looking, ending, meaning, return_exceptions=True)
        assert not isinstance(ended, Exception)
        assert await processes[0].read(memberships.find, opened.thread.id, bob.id) is None


async def test_what_several_count_of_a_thread_at_once_is_right_in_the_end(processes: list[Store]) -> None:
    ada = await sign_in(processes[0], "ada", "ada")
    await post(processes[0], [new_message(ada)])
    opened, _ = await processes[0].write(threads.find_or_make, Visitor(ada), 1, 1, 2)

    async def post_and_count(store: Store) -> None:
        for _ in range(PEOPLE):
            await post(store, [new_message(ada, room_id=opened.thread.id)])
            await store.write(threads.count_again, opened.thread.id)

    await at_once([post_and_count(store) for store in processes])
    root = await processes[0].read(messages.by_number, 1, 1)
    assert root is not None
    assert root.more.thread is not None
    assert root.more.thread.count == PEOPLE * len(processes)


@pytest.mark.parametrize("card_first", [True, False])
async def test_a_card_that_comes_while_its_message_is_taken_away_goes_with_it(
    processes: list[Store], card_first: bool
) -> None:
    store, other, third = processes
    ada = await person(store, "ada")
    await store.write(memberships.join_default, ada.id, 1)
    link = "http://tides.example/"
    await post(store, [structs.replace(new_message(ada), html=f'<a href="{link}">it</a>')])
    job = Job(1, "card", 1, 1, 0, 1)
    drawing = [asyncio.ensure_future(each.write(cards.place, SETTINGS, job, Card(link))) for each in (store, third)]
    removing = asyncio.ensure_future(other.write(removal.take_away, Visitor(ada), 1, 1, None, 6))
    await asyncio.gather(*([*drawing, removing] if card_first else [removing, *drawing]))
    (message,) = await store.read(messages.newest, 1, 9)
    assert (message.extras, message.removed_by) == (None, ada.id)
    # Of two who bring the same card one was too late.
    drawn = sum(len(each.result()) for each in drawing)
    assert drawn <= 1
    assert message.seq == 3 + drawn

"""The end of an account, on every engine: everything of the person goes, and nothing of anybody else."""

import asyncio

import pytest
from sqlalchemy import select

from app.chat.departure import depart
from app.errors import LastOwner, NotSignedIn
from app.models import Avatar, Draft, TwitterProfile, User, Visitor
from app.storage import avatars, blocks, drafts, handles, memberships, messages, sessions, tables, tokens, users
from app.storage.store import Store
from tests.support.storage import new_message, post


async def settled(store: Store, twitter_id: str, handle: str) -> User:
    """Somebody with something in every corner."""
    before, profile = (TwitterProfile(twitter_id, name, "N N", fetched=True) for name in (f"{handle}_before", handle))
    await store.write(users.upsert_by_twitter_id, before, 1, frozenset())
    user = await store.write(users.upsert_by_twitter_id, profile, 1, frozenset())
    await store.write(memberships.join_default, user.id, 1)
    await store.write(sessions.create, user.id, f"session of {handle}", "a browser", 1, 9)
    await store.write(tokens.create, user.id, "robot", f"token of {handle}", 1, "manage")
    await store.write(drafts.save, user.id, Draft(1, "half a thought", 1), 1)
    await store.write(avatars.put, Avatar(user.id, "v", "https://x.example", "image/png", b"png"))
    found = await store.read(users.by_id, user.id)
    assert found
    return found


async def test_everything_of_the_person_goes_and_what_they_wrote_stays(store: Store) -> None:
    ada, bob = await settled(store, "1", "ada"), await settled(store, "2", "bob")
    await store.write(blocks.add, ada.id, bob.id, 1)
    await store.write(blocks.add, bob.id, ada.id, 1)
    await post(store, [new_message(ada, "by ada")])
    gone = await store.write(depart, Visitor(ada), 7)

    assert gone.person == await store.read(users.by_id, ada.id)
    assert gone.person == User(ada.id, None, "", "Former member", "former", "member", created_at=1)
    assert await store.read(users.by_twitter_id, "1") is None
    assert await store.read(users.by_handle, "ada") is None
    assert await store.read(sessions.find, "session of ada") is None
    assert await store.read(tokens.find, "token of ada") is None
    assert await store.read(memberships.of_user, ada.id) == []
    assert await store.read(drafts.of_user, ada.id) == []
    assert await store.read(handles.formerly, ada.id, 5) == []
    assert await store.read(avatars.of, ada.id) is None
    assert await store.read(blocks.ids, ada.id) == []
    words = select(tables.name_words.c.word).where(tables.name_words.c.user_id == ada.id)
    assert await store.read(lambda connection: connection.scalars(words).all()) == []
    (message,) = await store.read(messages.newest, 1, 5)
    assert (message.author_id, message.text) == (ada.id, "by ada")

    assert await store.read(users.by_id, bob.id) == bob
    assert await store.read(sessions.find, "session of bob")
    assert await store.read(tokens.find, "token of bob")
    assert len(await store.read(memberships.of_user, bob.id)) == 1
    assert len(await store.read(drafts.of_user, bob.id)) == 1
    assert await store.read(avatars.of, bob.id)
    assert await store.read(blocks.ids, bob.id) == [ada.id]


async def test_each_session_and_room_that_ends_has_its_number(store: Store) -> None:
    ada = await settled(store, "1", "ada")
    gone = await store.write(depart, Visitor(ada), 7)
    ((_, ended),), (left,) = gone.sessions, gone.left
    assert (ended, left.number) == (1, 2)


async def test_the_same_x_account_comes_back_as_somebody_new_without_the_role(store: Store) -> None:
    owners = frozenset({"ada"})
    profile = TwitterProfile("1", "ada")
    first = await store.write(users.upsert_by_twitter_id, profile, 1, owners)
    other = await store.write(users.upsert_by_twitter_id, TwitterProfile("2", "bob"), 1, frozenset({"bob"}))
    assert {first.role, other.role} == {"owner"}
    await store.write(depart, Visitor(first), 7)
    back = await store.write(users.upsert_by_twitter_id, profile, 8, owners)
    assert (back.id != first.id, back.role) == (True, "member")


async def test_the_only_owner_stays_and_nothing_of_theirs_is_touched(store: Store) -> None:
    profile = TwitterProfile("1", "ada")
    ada = await store.write(users.upsert_by_twitter_id, profile, 1, frozenset({"ada"}))
    await store.write(sessions.create, ada.id, "hash", "a browser", 1, 9)
    with pytest.raises(LastOwner):
        await store.write(depart, Visitor(ada), 7)
    assert await store.read(users.by_id, ada.id) == ada
    assert await store.read(sessions.find, "hash")


async def test_of_two_owners_who_go_at_once_one_stays(store: Store) -> None:
    owners = frozenset({"ada", "bob"})
    people = [
        await store.write(users.upsert_by_twitter_id, TwitterProfile(handle, handle), 1, owners)
        for handle in sorted(owners)
    ]
    ends = [store.write(depart, Visitor(each), 7) for each in people]
    outcomes = await asyncio.gather(*ends, return_exceptions=True)
    assert sorted(type(each).__name__ for each in outcomes) == ["Departure", "LastOwner"]
    assert await store.read(users.count_owners) == 1


async def test_nobody_goes_twice(store: Store) -> None:
    ada = await settled(store, "1", "ada")
    await store.write(depart, Visitor(ada), 7)
    with pytest.raises(NotSignedIn):
        await store.write(depart, Visitor(ada), 8)

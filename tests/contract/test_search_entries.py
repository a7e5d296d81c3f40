"""What messages are found by, as both engines keep it."""

import asyncio

import pytest
from msgspec import structs
from sqlalchemy import Connection, func, select

from app.folding import Term, term_of
from app.models import Message, Removal, User
from app.storage import memberships, message_versions, messages, removals, rooms, search, search_entries
from app.storage.search import Asked
from app.storage.search_entries import LINK, mention_word
from app.storage.store import Store
from app.storage.tables import search_entries as entries
from tests.contract.conftest import SetClock
from tests.support.storage import new_message, person, post


def terms(*texts: str, whole: bool = False) -> list[Term]:
    return [term for text in texts if (term := term_of(text, whole=whole)) is not None]


async def said(store: Store, author: User, *texts: str, room_id: int = 1) -> list[Message]:
    return [one.message for one in await post(store, [new_message(author, text, room_id=room_id) for text in texts])]


async def index(store: Store) -> None:
    for room_id in await store.read(search_entries.rooms_behind, 100):
        while await store.write(search_entries.make_next, room_id, 10):
            pass


async def found(store: Store, *texts: str, whole: bool = False) -> list[int]:
    """The numbers of the messages of `general` that hold all of these."""
    hits = await store.read(search.newest, Asked(rooms=[1], terms=terms(*texts, whole=whole)), 100)
    return [hit.number for hit in hits.hits]


async def edit(store: Store, message: Message, text: str) -> None:
    def rewrite(connection: Connection) -> Message:
        rooms.locked(connection, message.room_id)
        return message_versions.edit(connection, message, text, text, 1, message.at + 1)

    await store.write(rewrite)


async def remove(store: Store, message: Message) -> None:
    def take_away(connection: Connection) -> None:
        rooms.locked(connection, message.room_id)
        removals.remove(connection, [message], message.author_id, 77)

    await store.write(take_away)


async def test_a_message_is_found_once_it_has_an_entry(store: Store, ada: User) -> None:
    await said(store, ada, "Cold start", "warm")
    assert await found(store, "cold") == []
    await index(store)
    assert await found(store, "cold") == [1]
    assert await store.read(search_entries.rooms_behind, 10) == []


async def test_what_is_edited_is_found_by_what_it_says_now_in_the_same_transaction(store: Store, ada: User) -> None:
    (message,) = await said(store, ada, "Cold start")
    await index(store)
    await edit(store, message, "warm end")
    assert await found(store, "cold") == []
    assert await found(store, "warm") == [1]


async def test_what_is_edited_before_it_has_an_entry_is_never_found_by_what_it_said(store: Store, ada: User) -> None:
    (message,) = await said(store, ada, "Cold start")
    await edit(store, message, "warm end")
    await index(store)
    assert await found(store, "cold") == []
    assert await found(store, "warm") == [1]


async def test_what_is_removed_is_not_found_and_what_is_put_back_is(store: Store, ada: User) -> None:
    message, _ = await said(store, ada, "Cold start", "cold end")
    await index(store)
    await remove(store, message)
    assert await found(store, "cold") == [2]

    def put_back(connection: Connection) -> None:
        rooms.locked(connection, 1)
        removals.restore(connection, Removal(ada.id, ada.id, 77), 1, 10)

    await store.write(put_back)
    assert await found(store, "cold") == [2, 1]


async def test_messages_of_one_millisecond_all_have_an_entry(store: Store, ada: User, clock: SetClock) -> None:
    other = await store.write(rooms.add, "other", "Other", "", "public", 1)
    await said(store, ada, *["same"] * 25)
    await said(store, ada, *["same"] * 25, room_id=other.id)
    await index(store)
    assert await store.read(lambda connection: connection.scalar(select(func.count()).select_from(entries))) == 50
    hits = await store.read(search.newest, Asked(rooms=[1, other.id], terms=terms("same")), 100)
    assert len({(hit.room_id, hit.number) for hit in hits.hits}) == 50


async def test_of_two_who_index_one_room_each_message_gets_one_entry(store: Store, ada: User) -> None:
    await said(store, ada, *["same"] * 40)
    await asyncio.gather(*[store.write(search_entries.make_next, 1, 10) for _ in range(12)])
    await index(store)
    assert await found(store, "same") == list(range(40, 0, -1))


async def test_whoever_edits_while_entries_are_made_leaves_none_of_the_old_text(store: Store, ada: User) -> None:
    written = await said(store, ada, *["before"] * 8)
    edits = [edit(store, message, "afterwards") for message in written]
    await asyncio.gather(*edits, *[index(store) for _ in range(3)])
    await index(store)
    assert await found(store, "before") == []
    assert len(await found(store, "afterwards")) == 8


@pytest.mark.parametrize("read_on", [0, 14])
async def test_pages_follow_each_other_without_a_hole(
    store: Store, ada: User, monkeypatch: pytest.MonkeyPatch, read_on: int
) -> None:
    monkeypatch.setattr(search, "READ", 7)
    monkeypatch.setattr(search, "READ_ON", read_on)
    monkeypatch.setattr(search, "LOOKED_UP", 5)
    await said(store, ada, *["odd" if number % 3 else "even" for number in range(60)])
    await index(store)
    asked, numbers = Asked(rooms=[1], terms=terms("even")), []
    while True:
        page = await store.read(search.newest, asked, 4)
        numbers += [hit.number for hit in page.hits]
        if page.further is None:
            break
        asked = Asked(rooms=[1], terms=terms("even"), below=page.further)
    assert numbers == [number + 1 for number in range(59, -1, -1) if number % 3 == 0]


async def test_what_has_a_link_or_mentions_somebody_is_asked_for_beside_the_words(store: Store, ada: User) -> None:
    bob = await person(store, "bob")
    linked = structs.replace(new_message(ada, "cold"), html='<a href="https://example.com">cold</a>')
    mentioning = structs.replace(new_message(ada, "cold"), html="cold", mentions=(bob.id,))
    await post(store, [linked, mentioning])
    await index(store)
    for asked, number in (
        (Asked(rooms=[1], terms=terms("cold"), flags=[LINK]), 1),
        (Asked(rooms=[1], mentioned=[mention_word(bob.id)]), 2),
    ):
        assert [hit.number for hit in (await store.read(search.newest, asked, 9)).hits] == [number]


@pytest.mark.parametrize("read", [search.READ, 1], ids=["read", "looked up"])
async def test_a_call_is_found_by_whom_it_means(
    store: Store, ada: User, monkeypatch: pytest.MonkeyPatch, read: int
) -> None:
    monkeypatch.setattr(search, "READ", read)
    monkeypatch.setattr(search, "READ_ON", 0)
    bob, later = await person(store, "bob"), await person(store, "later")
    for someone, joined_at in ((ada, 1), (bob, 1), (later, 2**42)):
        await store.write(memberships.join, 1, someone.id, joined_at)
    await post(store, [structs.replace(new_message(ada, "cold"), mentions=mentions) for mentions in ((), (None,), ())])
    await index(store)
    for someone, numbers in ((ada, []), (bob, [2]), (later, [])):
        asked = Asked(rooms=[1], mentioned=[mention_word(someone.id)], called=someone.id)
        assert [hit.number for hit in (await store.read(search.newest, asked, 9)).hits] == numbers


async def test_an_entry_never_outlives_its_message(store: Store, ada: User) -> None:
    await said(store, ada, "cold", "cold")
    await index(store)
    await remove(store, (await store.read(messages.newest, 1, 1))[0])
    assert await store.read(lambda connection: connection.scalar(select(func.count()).select_from(entries))) == 1


async def test_a_change_that_leaves_the_words_leaves_the_entry(store: Store, ada: User) -> None:
    (message,) = await said(store, ada, "cold")
    await index(store)
    before = await store.read(lambda connection: connection.execute(select(entries)).all())
    await edit(store, message, "Cold!")
    assert await store.read(lambda connection: connection.execute(select(entries)).all()) == before

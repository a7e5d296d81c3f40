"""What an export reads, on every engine."""

from app.models import Preferences, User
from app.storage import memberships, messages, preferences, tokens
from app.storage.messages import Said
from app.storage.store import Store
from tests.support.storage import new_message, post


async def test_what_somebody_wrote_is_found_a_range_at_a_time(store: Store, ada: User, bob: User) -> None:
    posted = [await post(store, [new_message(each, str(at), at=at)]) for at, each in enumerate([ada, bob, ada, ada], 1)]
    assert [one.message.number for (one,) in posted] == [1, 2, 3, 4]
    assert await store.read(messages.by_author, 1, ada.id, 0, 3) == [
        Said(1, 1, "msg", "1", None),
        Said(3, 3, "msg", "3", None),
    ]
    assert await store.read(messages.by_author, 1, ada.id, 3, 9) == [Said(4, 4, "msg", "4", None)]
    assert await store.read(messages.by_author, 2, ada.id, 0, 9) == []


async def test_rooms_that_were_left_are_among_those_one_was_in(store: Store, ada: User) -> None:
    await store.write(memberships.join_default, ada.id, 1)
    await store.write(memberships.leave, 1, ada.id, 7)
    ((room, membership),) = await store.read(memberships.ever_of_user, ada.id)
    assert (room.slug, membership.left_at) == ("general", 7)
    assert await store.read(memberships.of_user, ada.id) == []


async def test_programs_and_preferences_are_those_of_their_person(store: Store, ada: User, bob: User) -> None:
    first = await store.write(tokens.create, ada.id, "one", "hash 1", 1, "manage")
    second = await store.write(tokens.create, ada.id, "two", "hash 2", 2, "manage")
    await store.write(preferences.change, ada.id, {"theme": "dusk"})
    assert await store.read(tokens.of_user, ada.id) == [first, second]
    assert await store.read(tokens.of_user, bob.id) == []
    assert await store.read(preferences.of_user, ada.id) == Preferences(theme="dusk")
    assert await store.read(preferences.of_user, bob.id) == Preferences()

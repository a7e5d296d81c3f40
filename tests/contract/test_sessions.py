from sqlalchemy import select

from app.models import Preferences, Session, User
from app.storage import preferences, sessions
from app.storage.store import Store
from app.storage.tables import sessions as rows


async def test_a_session_is_found_by_the_hash_of_its_token_with_its_person(store: Store, ada: User, bob: User) -> None:
    session = await store.write(sessions.create, ada.id, "hash a", "Firefox", 10, 99)
    await store.write(sessions.create, bob.id, "hash b", "Chromium", 10, 99)
    assert session == Session(session.id, ada.id, "Firefox", created_at=10, seen_at=10, expires_at=99)
    assert await store.read(sessions.find, "hash a") == (session, ada, Preferences())
    assert await store.read(sessions.find, "hash c") is None


async def test_with_its_person_come_their_preferences(store: Store, ada: User, bob: User) -> None:
    for user in (ada, bob):
        await store.write(sessions.create, user.id, f"hash of {user.id}", "Firefox", 10, 99)
    chosen = await store.write(preferences.change, ada.id, {"theme": "dusk"})
    for user, expected in ((ada, chosen), (bob, Preferences())):
        found = await store.read(sessions.find, f"hash of {user.id}")
        assert found
        assert found[1:] == (user, expected)


async def test_somebodys_sessions_are_those_of_theirs_that_were_not_ended(store: Store, ada: User, bob: User) -> None:
    made = [
        await store.write(sessions.create, user.id, f"hash {number}", "Firefox", 10, 99)
        for number, user in enumerate((ada, bob, ada, ada))
    ]
    await store.write(sessions.end, made[2].id, 20)
    assert await store.read(sessions.of_user, ada.id) == [made[0], made[3]]


async def test_a_touched_session_was_seen_later(store: Store, ada: User) -> None:
    session = await store.write(sessions.create, ada.id, "hash", "Firefox", 10, 99)
    await store.write(sessions.touch, [session.id], 20)
    (touched,) = await store.read(sessions.by_ids, [session.id])
    assert (touched.seen_at, touched.created_at, touched.expires_at) == (20, 10, 99)


async def test_what_has_run_out_is_ended_and_the_others_are_not(store: Store, ada: User) -> None:
    expired = await store.write(sessions.create, ada.id, "hash a", "Firefox", 80, 100)
    unused = await store.write(sessions.create, ada.id, "hash b", "Firefox", 10, 999)
    alive = await store.write(sessions.create, ada.id, "hash c", "Firefox", 80, 101)
    await store.write(sessions.end_run_out, 100, 10)
    assert await store.read(sessions.by_ids, [expired.id, unused.id, alive.id]) == [alive]


async def test_an_ended_session_is_not_found_and_the_others_are(store: Store, ada: User) -> None:
    one = await store.write(sessions.create, ada.id, "hash a", "Firefox", 10, 99)
    two = await store.write(sessions.create, ada.id, "hash b", "Firefox", 10, 99)
    await store.write(sessions.end, one.id, 20)
    assert await store.read(sessions.find, "hash a") is None
    assert await store.read(sessions.find, "hash b") == (two, ada, Preferences())
    assert await store.read(sessions.by_ids, [one.id, two.id, 999]) == [two]


async def test_what_was_ended_long_ago_is_forgotten(store: Store, ada: User) -> None:
    made = [await store.write(sessions.create, ada.id, f"hash {number}", "Firefox", 10, 99) for number in range(3)]
    for session, ended_at in zip(made, (20, 30), strict=False):
        await store.write(sessions.end, session.id, ended_at)
    await store.write(sessions.forget, 30)
    left = select(rows.c.id).order_by(rows.c.id)
    assert await store.read(lambda connection: connection.scalars(left).all()) == [made[1].id, made[2].id]


async def test_any_number_of_sessions_is_asked_for_at_once(store: Store, ada: User) -> None:
    session = await store.write(sessions.create, ada.id, "hash", "Firefox", 10, 99)
    ids = range(1, 40_000)
    await store.write(sessions.touch, ids, 20)
    assert [one.seen_at for one in await store.read(sessions.by_ids, ids)] == [20]
    assert [one.id for one in await store.write(sessions.by_ids, ids)] == [session.id]

from app.models import User
from app.storage import bans, memberships, rooms
from app.storage.store import Store


async def test_a_ban_holds_until_it_is_lifted(store: Store, ada: User, bob: User) -> None:
    first = await store.write(bans.add, bob.id, 7, ada.id, "spam", [(1, "moderator"), (2, "member")])
    assert (first.user_id, first.at, first.banned_by, first.reason) == (bob.id, 7, ada.id, "spam")
    assert first.rooms == ((1, "moderator"), (2, "member"))
    assert await store.read(bans.standing, bob.id) == first
    assert await store.read(bans.standing, ada.id) is None
    assert await store.read(bans.among, [ada.id, bob.id, 999]) == {bob.id}
    await store.write(bans.lift, first.id, 8)
    assert await store.read(bans.standing, bob.id) is None
    assert await store.read(bans.among, [bob.id]) == set()
    second = await store.write(bans.add, bob.id, 9, ada.id, "", [])
    other = await store.write(bans.add, ada.id, 9, bob.id, "", [])
    assert await store.read(bans.page, 10) == [other, second]
    assert await store.read(bans.page, 1) == [other]


async def test_a_ban_that_was_lifted_holds_no_more_though_another_does(store: Store, ada: User, bob: User) -> None:
    ban = await store.write(bans.add, bob.id, 7, ada.id, "", [])
    assert await store.write(bans.holds, ban)
    await store.write(bans.lift, ban.id, 8)
    await store.write(bans.add, bob.id, 9, ada.id, "", [])
    assert not await store.write(bans.holds, ban)


async def test_who_is_banned_does_not_join_with_everybody(store: Store, ada: User, bob: User) -> None:
    await store.write(bans.add, bob.id, 7, ada.id, "", [])
    room = await store.write(rooms.add, "lobby", "lobby", "", "public", 8)
    joined = await store.write(memberships.join_everybody, room.id, 8)
    assert [user.id for user, _ in joined] == [ada.id]

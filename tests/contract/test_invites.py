import asyncio
from typing import Any

from app.models import Invite, User
from app.storage import invites
from app.storage.store import Store, open_store

NOW, END = 1_000, 2_000


async def made(store: Store, key: str = "hash", **terms: Any) -> Invite:
    given = {"role": "member", "rooms": (1,), "made_by": None, "expires_at": END, "most_uses": None}
    return await store.write(invites.add, key, NOW, **(given | terms))


async def test_an_invite_is_found_as_it_was_made(store: Store, ada: User) -> None:
    invite = await made(store, role="admin", rooms=(3, 1), made_by=ada.id, most_uses=2)
    assert invite == Invite(invite.id, "admin", (3, 1), ada.id, NOW, END, 2, 0, None)
    assert await store.read(invites.usable, "hash", NOW) == invite
    assert await store.read(invites.usable, "other", NOW) is None


async def test_it_ends_by_its_time_by_its_uses_and_by_being_revoked(store: Store) -> None:
    await made(store, "timed")
    assert await store.write(invites.use, "timed", END - 1)
    assert not await store.write(invites.use, "timed", END)
    await made(store, "counted", most_uses=2)
    assert [await store.write(invites.use, "counted", NOW) for _ in range(3)] == [True, True, False]
    revoked = await made(store, "revoked")
    assert [await store.write(invites.revoke, revoked.id, NOW) for _ in range(2)] == [True, False]
    assert not await store.write(invites.use, "revoked", NOW)
    for over in ("timed", "counted", "revoked"):
        assert await store.read(invites.usable, over, END) is None


async def test_of_many_at_once_no_more_use_it_than_there_are_uses(url: str, store: Store) -> None:
    other = await open_store(url)
    await made(store, most_uses=3)
    used = [each.write(invites.use, "hash", NOW) for each in (store, other) for _ in range(6)]
    outcomes = await asyncio.gather(*used)
    await other.close()
    assert sorted(outcomes) == [False] * 9 + [True] * 3
    (invite,) = await store.read(invites.living, NOW, 9)
    assert invite.uses == 3


async def test_those_are_listed_that_are_not_over_the_newest_first(store: Store) -> None:
    first, second = await made(store, "1"), await made(store, "2", most_uses=1)
    revoked = await made(store, "3")
    await made(store, "4", expires_at=NOW)
    await store.write(invites.revoke, revoked.id, NOW)
    await store.write(invites.use, "2", NOW)
    assert [each.id for each in await store.read(invites.living, NOW, 9)] == [second.id, first.id]
    assert [each.id for each in await store.read(invites.living, NOW, 1)] == [second.id]

"""Webhooks, as both engines keep them, and the jobs of telling them."""

import pytest
from msgspec import structs

from app.models import Job, User, Webhook
from app.storage import jobs, rooms, turns, users, webhooks
from app.storage.database import Connection
from app.storage.store import Store
from app.storage.webhooks import Kept
from tests.support.storage import new_message, post

ROOM = 1
URL = "https://site.test/"
MINUTE = 60_000


async def made(store: Store, maker: User, kind: str = "outgoing", called: str = "hash") -> Webhook:
    def make(connection: Connection) -> Webhook:
        turns.take(connection)
        bot = users.add_bot(connection, called, "A bot", 5)
        if kind == "incoming":
            return webhooks.add(connection, "incoming", ROOM, bot.id, maker.id, Kept(called), 5)
        kept = Kept(called, "salt")
        return webhooks.add(connection, "outgoing", ROOM, bot.id, maker.id, kept, 5, url=URL, hears="all")

    return await store.write(make)


async def has_outgoing(store: Store) -> bool:
    room = await store.read(rooms.by_id, ROOM)
    assert room is not None
    return room.has_outgoing


async def test_one_is_found_by_its_id_its_room_and_its_secret(store: Store, ada: User) -> None:
    incoming, outgoing = await made(store, ada, "incoming", "a"), await made(store, ada, "outgoing", "b")
    assert structs.replace(incoming, id=0, user_id=0) == Webhook(0, "incoming", ROOM, 0, ada.id, 5)
    assert (outgoing.url, outgoing.hears, outgoing.failures, outgoing.off) == (URL, "all", 0, None)
    assert await store.read(webhooks.in_room, ROOM) == [incoming, outgoing]
    assert await store.read(webhooks.told, ROOM) == [outgoing]
    assert await store.read(webhooks.by_id, outgoing.id) == outgoing
    assert await store.write(webhooks.locked, outgoing.id) == outgoing
    assert [await store.read(webhooks.by_secret, secret) for secret in "abc"] == [incoming, outgoing, None]
    assert await store.read(webhooks.kept, outgoing.id) == Kept("b", "salt")


async def test_a_rotated_one_is_found_by_its_new_secret_alone(store: Store, ada: User, bob: User) -> None:
    webhook = await made(store, ada)
    rotated = await store.write(webhooks.rotate, webhook, bob.id, Kept("new", "pepper"))
    assert rotated == structs.replace(webhook, made_by=bob.id)
    assert await store.read(webhooks.by_secret, "hash") is None
    assert await store.read(webhooks.by_secret, "new") == rotated
    assert await store.read(webhooks.kept, webhook.id) == Kept("new", "pepper")


async def test_the_room_says_whether_any_is_told_of_it(store: Store, ada: User) -> None:
    await made(store, ada, "incoming", "in")
    assert not await has_outgoing(store)
    one, other = await made(store, ada, called="one"), await made(store, ada, called="other")
    assert await has_outgoing(store)
    await store.write(webhooks.remove, one, 9)
    failing = await store.write(webhooks.count_failures, other, 3)
    assert failing.failures == 3
    off = await store.write(webhooks.switch, failing, "failing")
    assert (off.off, off.failures) == ("failing", 0)
    assert not await has_outgoing(store)
    assert await store.read(webhooks.told, ROOM) == []
    assert await store.write(webhooks.switch, off, None) == other
    assert await has_outgoing(store)


async def test_nothing_finds_a_removed_one_and_its_id_is_never_anothers(store: Store, ada: User) -> None:
    webhook = await made(store, ada)
    await store.write(webhooks.remove, webhook, 9)
    assert await store.read(webhooks.in_room, ROOM) == []
    assert await store.read(webhooks.by_id, webhook.id) is None
    assert await store.read(webhooks.by_secret, "hash") is None
    assert (await made(store, ada, called="next")).id != webhook.id


async def take(store: Store, now: int = 0) -> list[Job]:
    taken = await store.write(jobs.take, now, now + MINUTE, {"card": 10, jobs.WEBHOOK: 10})
    return sorted(taken, key=lambda job: job.id)


async def test_a_message_begins_a_job_for_each_webhook_that_is_told(store: Store, ada: User, bob: User) -> None:
    told = structs.replace(new_message(ada), webhooks=(7, 8), jobs=("card",), mentions=(bob.id,))
    await post(store, [new_message(ada), told, structs.replace(new_message(ada), webhooks=(9,))])
    assert sorted((job.what, job.number, job.webhook_id) for job in await take(store)) == [
        ("card", 2, None),
        ("webhook", 2, 7),
        ("webhook", 2, 8),
        ("webhook", 3, 9),
    ]


@pytest.mark.parametrize("ending", ["finished", "put off"])
async def test_each_webhook_is_told_of_one_message_after_the_other(store: Store, ada: User, ending: str) -> None:
    for _ in range(3):
        await post(store, [structs.replace(new_message(ada), webhooks=(7, 8), jobs=("card",))])
    first = await take(store)
    assert [(job.number, job.webhook_id) for job in first if job.webhook_id] == [(1, 7), (1, 8)]
    assert [job.number for job in first if job.what == "card"] == [1, 2, 3]
    assert await take(store, 1) == []
    seven = next(job for job in first if job.webhook_id == 7)
    if ending == "put off":
        await store.write(jobs.put_off, seven, 10)
        assert [(job.id, job.tries) for job in await take(store, 10)] == [(seven.id, 2)]
    else:
        await store.write(jobs.finish, seven, 10)
        assert [(job.number, job.webhook_id) for job in await take(store, 10)] == [(2, 7)]


async def test_what_waits_for_a_removed_webhook_is_dropped(store: Store, ada: User) -> None:
    await post(store, [structs.replace(new_message(ada), webhooks=(7, 8), jobs=("card",))])
    await store.write(jobs.drop_of_webhook, 7)
    assert [(job.what, job.webhook_id) for job in await take(store)] == [("card", None), ("webhook", 8)]


async def test_a_bot_is_called_by_its_handle_and_behind_the_people_who_have_it(store: Store, ada: User) -> None:
    def make(connection: Connection) -> User:
        turns.take(connection)
        return users.add_bot(connection, "ada", "Ada’s bot", 99)

    bot = await store.write(make)
    assert (bot.kind, bot.role, bot.twitter_id) == ("bot", "member", None)
    assert await store.read(users.called, "ADA") == [ada, bot]
    assert await store.read(users.by_handle, "ada") == ada

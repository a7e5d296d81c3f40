"""What is to be done about messages, as both engines keep it."""

import asyncio

from msgspec import structs
from sqlalchemy import Connection

from app.models import Job, User
from app.storage import jobs
from app.storage.database import Database
from app.storage.store import Store
from tests.support.storage import new_message, open_database, person, post

MINUTE = 60_000


async def take(store: Store, now: int = 0, limit: int = 10) -> list[Job]:
    return await store.write(jobs.take, now, now + MINUTE, {"card": limit, "other": limit})


async def test_a_batch_writes_the_jobs_of_its_messages(store: Store, ada: User, bob: User) -> None:
    given = [
        structs.replace(new_message(ada), jobs=("card",)),
        new_message(ada),
        structs.replace(new_message(bob), jobs=("card", "other"), mentions=(ada.id,)),
        structs.replace(new_message(bob), mentions=(ada.id,)),
    ]
    await post(store, given)
    taken = await take(store)
    assert sorted((job.what, job.room_id, job.number) for job in taken) == [
        ("card", 1, 1),
        ("card", 1, 3),
        ("other", 1, 3),
    ]
    assert {(job.due_at, job.tries) for job in taken} == {(MINUTE, 1)}


async def test_a_repeated_send_begins_nothing_again(store: Store, ada: User) -> None:
    new = structs.replace(new_message(ada, nonce="the-same-nonce-01"), jobs=("card",))
    await post(store, [new, new])
    await post(store, [new, structs.replace(new_message(ada), jobs=("card",))])
    assert sorted(job.number for job in await take(store)) == [1, 2]


async def test_a_message_that_is_not_stored_leaves_no_job(store: Store, ada: User) -> None:
    nowhere = structs.replace(new_message(ada, room_id=99), jobs=("card",))
    assert len(await asyncio.gather(store.log.append(nowhere), return_exceptions=True)) == 1
    assert await take(store) == []


async def test_what_is_taken_is_nobody_elses_until_the_claim_ends(store: Store) -> None:
    for number in (1, 2, 3):
        await store.write(jobs.add, "card", 1, number)
    assert sorted(job.number for job in await take(store, 1_000, 2)) == [1, 2]
    assert [job.number for job in await take(store, 1_000 + MINUTE - 1)] == [3]
    again = await take(store, 1_000 + MINUTE)
    assert sorted((job.number, job.tries) for job in again) == [(1, 2), (2, 2)]


async def test_what_is_finished_is_gone_and_what_is_put_off_waits(store: Store) -> None:
    for number in (1, 2):
        await store.write(jobs.add, "card", 1, number)
    first, second = sorted(await take(store), key=lambda job: job.number)
    await store.write(jobs.finish, first, 0)
    await store.write(jobs.put_off, second, 5 * MINUTE)
    assert await take(store, 5 * MINUTE - 1) == []
    assert [(job.number, job.tries) for job in await take(store, 5 * MINUTE)] == [(2, 2)]


async def test_whose_claim_has_ended_settles_nothing(store: Store) -> None:
    await store.write(jobs.add, "card", 1, 1)
    (slow,) = await take(store)
    (taken,) = await take(store, MINUTE)
    await store.write(jobs.put_off, slow, 0)
    await store.write(jobs.finish, slow, 0)
    assert await take(store, MINUTE) == []
    await store.write(jobs.finish, taken, MINUTE)
    assert await take(store, 10 * MINUTE) == []


async def test_several_who_take_at_once_never_get_the_same(store: Store, database: Database, url: str) -> None:
    """On SQLite one process serves the database, so there it is its own turns that keep them apart."""
    await person(store, "ada")
    for number in range(1, 41):
        await store.write(jobs.add, "card", 1, number)
    others = [await open_database(url) for _ in range(3)] if url.startswith("postgres") else [database] * 3

    def some(connection: Connection) -> list[Job]:
        return jobs.take(connection, 0, MINUTE, {"card": 3})

    taken: list[int] = []
    while found := await asyncio.gather(*[other.write(some) for other in others for _ in range(2)]):
        if not any(found):
            break
        taken += [job.number for jobs_taken in found for job in jobs_taken]
    assert sorted(taken) == list(range(1, 41))
    for other in {*others} - {database}:
        await other.close()

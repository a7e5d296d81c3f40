import asyncio
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.errors import RoostError, Unavailable
from app.storage.database import Database, of
from app.storage.tables import meta


def put(key: str, value: str = "") -> Callable[[Connection], None]:
    def write(connection: Connection) -> None:
        connection.execute(insert(meta).values(key=key, value=value))

    return write


def keys(connection: Connection) -> list[str]:
    return [key for key in connection.scalars(select(meta.c.key)) if key != "epoch"]


async def test_a_read_sees_the_write_before_it(database: Database) -> None:
    for key in ("a", "b", "c"):
        await database.write(put(key))
        assert key in await database.read(keys)


async def test_a_write_gives_its_result_back(database: Database) -> None:
    assert await database.write(lambda _: 7) == 7


async def test_a_write_that_fails_stores_nothing_and_raises_what_it_raised(database: Database) -> None:
    def fail(connection: Connection) -> None:
        put("a")(connection)
        raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        await database.write(fail)
    assert await database.read(keys) == []


async def test_a_mistake_of_ours_is_not_taken_for_a_bad_disk(database: Database) -> None:
    await database.write(put("a"))
    with pytest.raises(IntegrityError):
        await database.write(put("a"))


async def test_a_failed_write_leaves_the_next_one_alone(database: Database) -> None:
    first, second = database.write(lambda _: 1 // 0), database.write(put("b"))
    with pytest.raises(ZeroDivisionError):
        await first
    await second
    assert await database.read(keys) == ["b"]


async def test_writes_happen_in_the_order_they_were_queued(database: Database) -> None:
    def put_and_count(key: str) -> Callable[[Connection], int]:
        def write(connection: Connection) -> int:
            put(key)(connection)
            return len(keys(connection))

        return write

    counts = await asyncio.gather(*[database.write(put_and_count(f"{number}")) for number in range(200)])
    assert counts == list(range(1, 201))


async def test_a_read_stays_on_one_snapshot_while_others_write(database: Database) -> None:
    looked, written = threading.Event(), threading.Event()

    def look_twice(connection: Connection) -> tuple[list[str], list[str]]:
        before = keys(connection)
        looked.set()
        assert written.wait(10)
        return before, keys(connection)

    reading = database.read(look_twice)
    await asyncio.to_thread(looked.wait, 10)
    await database.write(put("a"))
    written.set()
    assert await reading == ([], [])
    assert await database.read(keys) == ["a"]


async def test_reads_go_on_while_a_write_is_under_way(database: Database) -> None:
    go_on = threading.Event()

    def write(connection: Connection) -> bool:
        put("a")(connection)
        return go_on.wait(10)

    writing = database.write(write)
    assert await database.read(keys) == []
    go_on.set()
    assert await writing


async def test_a_cancelled_wait_does_not_take_the_write_back(database: Database) -> None:
    database.write(put("a")).cancel()
    await database.write(put("b"))
    assert await database.read(keys) == ["a", "b"]


async def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises((DBAPIError, RoostError)):
        await database.read(put("a"))
    assert await database.read(keys) == []


async def test_closing_finishes_what_is_queued(url: str, database: Database) -> None:
    writes = [database.write(put(f"{number}")) for number in range(50)]
    await database.close()
    await asyncio.gather(*writes)
    again = type(database).at(url)
    await again.start()
    assert len(await again.read(keys)) == 50
    await again.close()


async def test_a_closed_database_is_unavailable(database: Database) -> None:
    await database.close()
    for work in (database.read, database.write):
        with pytest.raises(Unavailable):
            await work(keys)


async def test_insert_missing_leaves_alone_what_is_there(database: Database) -> None:
    def write(connection: Connection) -> None:
        for value in ("first", "second"):
            connection.execute(of(connection).insert_missing(meta).values(key="a", value=value))

    await database.write(write)
    value = select(meta.c.value).where(meta.c.key == "a")
    assert await database.read(lambda connection: connection.scalars(value).all()) == ["first"]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 64, 100, 700])
async def test_rows_inserted_together_are_found_by_their_keys(database: Database, count: int) -> None:
    rows = [(f"key {number}", f"value {number}") for number in range(count)]
    await database.write(lambda connection: of(connection).insert_rows(connection, meta, rows))

    def find(connection: Connection) -> list[tuple[str, str]]:
        wanted = [(f"key {number}",) for number in range(0, count * 2, 2)]
        found = of(connection).find_rows(connection, (meta.c.key, meta.c.value), (meta.c.key,), wanted)
        return [(key, value) for key, value in found]

    assert len(await database.read(keys)) == count
    assert sorted(await database.read(find)) == sorted(rows[::2])


async def test_rows_are_updated_by_their_keys(database: Database) -> None:
    await database.write(lambda connection: of(connection).insert_rows(connection, meta, [("a", "1"), ("b", "2")]))
    new = [("3", "b"), ("4", "nobody")]
    await database.write(lambda connection: of(connection).update_rows(connection, (meta.c.value,), (meta.c.key,), new))
    values = select(meta.c.value).where(meta.c.key.in_(["a", "b", "nobody"])).order_by(meta.c.key)
    assert await database.read(lambda connection: connection.scalars(values).all()) == ["1", "3"]


async def test_only_one_migration_runs_at_a_time(url: str, database: Database) -> None:
    other = type(database).at(url)
    inside, go_on = threading.Event(), threading.Event()

    def first(connection: Connection) -> bool:
        put("a")(connection)
        inside.set()
        return go_on.wait(10)

    migrating = database.migrate(first)
    await asyncio.to_thread(inside.wait, 10)
    waiting = other.migrate(keys)
    await database.read(keys)
    assert not waiting.done()
    go_on.set()
    assert await migrating
    assert await waiting == ["a"]

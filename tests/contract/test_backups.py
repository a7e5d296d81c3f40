"""What every engine's backups promise."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.errors import BadRequest
from app.models import Message, User
from app.storage import messages, rooms
from app.storage.backups import Backups, backups_of
from app.storage.migrate import migrate
from app.storage.store import Store, open_store
from tests.support.storage import new_message, open_fresh, person, post

EPOCH = "the-epoch-of-the-restored-one"


@pytest.fixture
def backups(url: str) -> Backups:
    if url.startswith("postgresql:") and shutil.which("pg_dump") is None:
        pytest.skip("no pg_dump on this machine: apt install postgresql-client")
    return backups_of(url)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Empty, as `save` wants it."""
    path = tmp_path / "a copy's file"
    path.touch()
    return path


async def held(url: str) -> tuple[str, list[Message]]:
    """Epoch and messages of room 1."""
    store = await open_store(url)
    try:
        head = (await store.read(rooms.heads, [1]))[1]
        return store.epoch, await store.read(messages.after, 1, 0, head + 1)
    finally:
        await store.close()


async def test_what_was_copied_comes_back_under_another_epoch_and_what_came_later_is_gone(
    url: str, store: Store, ada: User, backups: Backups, file: Path
) -> None:
    await post(store, [new_message(ada, f"{number}") for number in range(50)])
    await asyncio.to_thread(backups.save, file)
    await post(store, [new_message(ada, "later")])
    await person(store, "later")
    await store.close()

    await asyncio.to_thread(backups.restore, file, EPOCH)
    found, kept = await held(url)
    assert found == EPOCH != store.epoch
    assert [message.text for message in kept] == [f"{number}" for number in range(50)]


async def test_a_client_newer_than_the_server_brings_it_back_too(
    url: str, store: Store, ada: User, backups: Backups, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pg_restore of 17 begins its script with a setting that older servers do not know."""
    if url.startswith("sqlite:"):
        pytest.skip("SQLite has no client")
    newer = tmp_path / "pg_restore"
    newer.write_text(
        f"""#!/bin/sh
{shutil.which("pg_restore")} "$@" || exit
case "$*" in *"--file=/dev/null"* | --version) exit ;; esac
for each; do case "$each" in --file=*) sed -i "1i SET transaction_timeout = 0;" "${{each#--file=}}" ;; esac; done
"""
    )
    newer.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    await post(store, [new_message(ada, "kept")])
    await asyncio.to_thread(backups.save, file)
    await store.close()
    await asyncio.to_thread(backups.restore, file, EPOCH)
    assert [message.text for message in (await held(url))[1]] == ["kept"]


async def test_a_copy_made_while_messages_come_holds_those_up_to_one_of_them(
    url: str, store: Store, ada: User, backups: Backups, file: Path
) -> None:
    await post(store, [new_message(ada, "x" * 2_000) for _ in range(2_000)])
    copying = asyncio.create_task(asyncio.to_thread(backups.save, file))
    last = 2_000
    while not copying.done():
        await post(store, [new_message(ada)])
        last += 1
    await copying
    await store.close()

    await asyncio.to_thread(backups.restore, file, EPOCH)
    _, kept = await held(url)
    assert [message.number for message in kept] == list(range(1, len(kept) + 1))
    assert 2_000 <= len(kept) < last


async def test_a_restored_database_goes_on_where_the_copy_ended(
    url: str, store: Store, ada: User, backups: Backups, file: Path
) -> None:
    await post(store, [new_message(ada), new_message(ada)])
    await asyncio.to_thread(backups.save, file)
    await store.close()
    await asyncio.to_thread(backups.restore, file, EPOCH)
    await asyncio.to_thread(migrate, url)
    again = await open_store(url)
    try:
        cleo = await person(again, "cleo")
        (posted,) = await post(again, [new_message(cleo)])
    finally:
        await again.close()
    assert posted.message.number == 3


async def test_a_database_that_somebody_has_open_is_left_alone(
    url: str, store: Store, ada: User, backups: Backups, file: Path
) -> None:
    await post(store, [new_message(ada, "before")])
    await asyncio.to_thread(backups.save, file)
    await post(store, [new_message(ada, "after")])
    with pytest.raises(BadRequest, match=r"[Ss]top|End it first"):
        await asyncio.to_thread(backups.restore, file, EPOCH)
    assert [message.text for message in (await held(url))[1]] == ["before", "after"]


async def test_people_are_noticed(url: str, store: Store, backups: Backups) -> None:
    assert not await asyncio.to_thread(backups.has_people)
    await person(store, "ada")
    assert await asyncio.to_thread(backups.has_people)


def test_there_are_no_people_in_what_is_not_there(backups: Backups) -> None:
    assert not backups.has_people()


@contextmanager
def refused(url: str) -> Iterator[None]:
    """Within, a restore fails, and the database stays as it was."""
    before = asyncio.run(held(url))
    with pytest.raises(BadRequest) as problem:
        yield
    assert "\n" not in problem.value.message
    assert asyncio.run(held(url)) == before


def with_messages(url: str) -> None:
    async def fill() -> None:
        store = await open_fresh(url)
        await post(store, [new_message(await person(store, "ada"), f"{number}" * 100) for number in range(200)])
        await store.close()

    asyncio.run(fill())


@pytest.mark.parametrize("content", [b"", b"hello\n" * 10_000])
def test_a_file_that_is_no_copy_is_refused(url: str, backups: Backups, file: Path, content: bytes) -> None:
    with_messages(url)
    file.write_bytes(content)
    with refused(url):
        backups.restore(file, EPOCH)


@pytest.mark.parametrize("part", [0.3, 0.95])
def test_a_copy_that_lost_its_end_is_refused(url: str, backups: Backups, file: Path, part: float) -> None:
    with_messages(url)
    backups.save(file)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(part * len(whole))])
    with refused(url):
        backups.restore(file, EPOCH)

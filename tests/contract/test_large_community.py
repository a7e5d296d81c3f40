"""5,000 people in 300 rooms: what each look asks of the database, in statements and rows. Counted, not timed, so that a
busy machine changes nothing; `python -m bench.looks` has the milliseconds."""

import asyncio
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.chat import accounts, messages
from app.models import Visitor
from app.storage import drafts, memberships, mentions, own_rooms, rooms, roster, suggestions, users
from app.storage.store import Store, open_store
from bench.community import PEOPLE, ROOMS, SIZES, settle
from bench.posting import work_of_post
from bench.work import Work, work_of
from tests.contract.conftest import ENGINES
from tests.storage.test_plans import plans
from tests.support.postgres import Databases

STEPS = 36
"""Of SQLite's machine for a row, at most: it tells of no rows."""
PAGE = 51
"""One more than is shown, to know whether anybody follows."""


@dataclass(frozen=True)
class Large:
    """Ids, of rooms by their slugs; the first person is in all of them. All but one in 25 are connected."""

    people: list[int]
    rooms: dict[str, int]

    @property
    def here(self) -> set[int]:
        return set(self.people) - set(self.people[::25])

    @property
    def here_of_ten(self) -> set[int]:
        return set(self.people[1:10])


@pytest.fixture(scope="module", params=ENGINES)
def url(request: pytest.FixtureRequest, migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("large") / "roost.db"
        shutil.copy(migrated, path)
        yield filled(f"sqlite:///{path}")
    else:
        databases: Databases = request.getfixturevalue("postgres")
        with databases.fresh() as url:
            yield filled(url)


def filled(url: str) -> str:
    async def fill() -> None:
        store = await open_store(url)
        await store.database.migrate(settle)
        if url.startswith("postgresql"):  # which does so by itself from time to time
            await store.database.migrate(lambda connection: connection.exec_driver_sql("ANALYZE"))
        await store.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, fill()).result()
    return url


@pytest.fixture
async def large(store: Store) -> Large:
    found = await store.read(lambda connection: connection.exec_driver_sql("SELECT id, slug FROM rooms").all())
    people = await store.read(lambda connection: connection.exec_driver_sql("SELECT id FROM users ORDER BY id").all())
    return Large([row[0] for row in people], {slug: room_id for room_id, slug in found})


Look = Callable[[Connection, Large], object]

LOOKS: dict[str, tuple[Look, int, int]] = {
    "the rooms of somebody": (lambda c, at: memberships.of_user(c, at.people[7]), 1, 30),
    "the rooms of who is in all": (lambda c, at: memberships.of_user(c, at.people[0]), 1, 3 * ROOMS),
    "the ids of all rooms": (lambda c, at: memberships.room_ids(c, at.people[0]), 1, ROOMS),
    "drafts": (lambda c, at: drafts.of_user(c, at.people[7]), 1, 0),
    "new in all rooms": (lambda c, at: memberships.new_to(c, at.people[0], 20), 1, 3 * ROOMS),
    "the rooms of who comes in": (lambda c, at: own_rooms.of_user(c, at.people[0], 1_000), 1, 5 * ROOMS),
    "mentions of somebody": (lambda c, at: mentions.inbox(c, at.people[7], None, PAGE), 2, 200),
    "whom a text mentions": (
        lambda c, at: mentions.called(c, at.rooms["general"], at.people[7], ["person0001", "person0002"]),
        1,
        10,
    ),
    "the directory": (lambda c, at: rooms.directory(c, at.people[7], "", None, PAGE), 1, 100),
    "the directory further down": (
        lambda c, at: rooms.directory(c, at.people[7], "", at.rooms["room-200"], PAGE),
        2,
        100,
    ),
    "the directory by letters": (lambda c, at: rooms.directory(c, at.people[7], "room-1", None, PAGE), 1, 100),
    "who of 5,000 is here": (
        lambda c, at: roster.of_these(c, at.rooms["general"], at.here, None, PAGE),
        6,
        600,
    ),
    "who of 5,000 is away": (
        lambda c, at: roster.without_these(c, at.rooms["general"], at.here, None, PAGE),
        9,
        5_500,
    ),
    "who of ten is here": (lambda c, at: roster.of_these(c, at.rooms["room-ten"], at.here_of_ten, None, PAGE), 5, 30),
    "who of ten is away": (
        lambda c, at: roster.without_these(c, at.rooms["room-ten"], at.here_of_ten, None, PAGE),
        6,
        30,
    ),
    "mentions among 5,000": (lambda c, at: suggestions.members(c, at.rooms["general"], at.people[7], "", 8), 1, 2_200),
    "mentions among 5,000 by a letter": (
        lambda c, at: suggestions.members(c, at.rooms["general"], at.people[7], "k", 8),
        2,
        3_200,
    ),
    "mentions of nobody": (lambda c, at: suggestions.members(c, at.rooms["general"], at.people[7], "zzz", 8), 3, 3_200),
    "mentions among ten": (lambda c, at: suggestions.members(c, at.rooms["room-ten"], at.people[7], "", 8), 7, 80),
    "mentions among ten by a letter": (
        lambda c, at: suggestions.members(c, at.rooms["room-ten"], at.people[7], "k", 8),
        7,
        80,
    ),
    "mentions of others": (
        lambda c, at: suggestions.others(c, at.rooms["room-ten"], at.people[7], "k", 8),
        2,
        400,
    ),
    "a person in common": (lambda c, at: memberships.in_common(c, at.people[0], at.people[7]), 1, 3 * ROOMS),
    "a membership": (lambda c, at: memberships.find_with_room(c, at.rooms["general"], at.people[7]), 1, 2),
    "a person": (lambda c, at: users.by_id(c, at.people[7]), 1, 1),
}
"""With the statements and the rows that each may take."""


@pytest.mark.parametrize("name", LOOKS)
async def test_a_look_takes_few_statements_and_few_rows_however_large_the_community(
    store: Store, large: Large, name: str
) -> None:
    look, statements, rows = LOOKS[name]
    work = await store.read(lambda connection: work_of(connection, lambda c: look(c, large)))
    assert work.statements <= statements
    assert work.read <= most(store, rows), work
    assert work.written == 0


@pytest.mark.parametrize("name", LOOKS)
async def test_a_look_goes_by_an_index(store: Store, large: Large, name: str) -> None:
    planned = await store.database.write(lambda connection: plans(connection, lambda c: LOOKS[name][0](c, large)))
    for plan in planned:
        assert not re.search(r"SCAN (?!anon_1|newest|spoke)|Seq Scan", plan), plan


async def test_a_message_costs_the_same_in_a_room_of_ten_and_of_5_000(store: Store, large: Large) -> None:
    costs: dict[int, Work] = {}
    for slug, members in (SIZES | {"general": PEOPLE}).items():
        costs[members] = await work_of_post(store, large.rooms[slug], large.people[0])
    assert len(costs) == 4
    assert len(set(costs.values())) == 1, costs
    assert costs[PEOPLE].statements <= 4
    assert costs[PEOPLE].written == 2, "the message and its room"


async def test_the_first_word_of_a_connection_takes_as_many_statements_in_300_rooms_as_in_13(
    store: Store, large: Large
) -> None:
    taken = [await store.read(work_of_arriving, large.people[place]) for place in (0, 7)]
    assert taken[0].statements == taken[1].statements == 5


def work_of_arriving(connection: Connection, user_id: int) -> Work:
    user = users.by_id(connection, user_id)
    assert user is not None
    return work_of(connection, lambda c: accounts.belongings(c, Visitor(user)))


async def test_a_page_of_history_is_read_alike_in_every_room(store: Store, large: Large) -> None:
    def read(room: str) -> Callable[[Connection], Work]:
        return lambda connection: work_of(
            connection, lambda c: messages.read_page(c, large.rooms[room], None, None, None, 5)
        )

    small, big = await store.read(read("room-ten")), await store.read(read("general"))
    assert small.statements <= big.statements <= 4
    assert big.read <= most(store, 30)


def most(store: Store, rows: int) -> int:
    return rows if "Postgres" in type(store.database).__name__ else STEPS * (rows + 10)

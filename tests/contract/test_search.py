"""What is found on both engines is what a look at every message finds."""

import random

import pytest

from app.folding import Term, folded_words, row_of, term_of
from app.models import User
from app.storage import rooms, search, search_entries
from app.storage.search import Asked
from app.storage.store import Store
from tests.support.storage import new_message, post

WORDS = (
    *("cold", "colder", "start", "Crème", "brûlée", "naïve", "Straße", "v2.0", "3.14", "don't", "foo_bar", "100%"),
    *("https://example.com/path?x=1", "Ёлка", "ёжик", "мой", "Σίσυφος", "ΛΌΓΟΣ", "مرحبا", "أحمد", "שָׁלוֹם", "עולם"),
    *("สวัสดีครับ", "北京大学", "大学生", "東京タワー", "ガギグ", "학교에서", "예약했습니다", "हिन्दी"),
    *("🎉", "👍🏽", "①", "ﬁne", "Ⅷ"),
)
MESSAGES, QUESTIONS = 120, 60


@pytest.fixture
def chance() -> random.Random:
    return random.Random(7)


async def fill(store: Store, ada: User, chance: random.Random, room_ids: list[int]) -> dict[tuple[int, int], str]:
    """Texts of some of these words, by room and number."""
    given = [
        new_message(ada, " ".join(chance.choices(WORDS, k=chance.randint(1, 5))), room_id=chance.choice(room_ids))
        for _ in range(MESSAGES)
    ]
    texts = {(one.message.room_id, one.message.number): one.message.text for one in await post(store, given)}
    for room_id in room_ids:
        while await store.write(search_entries.make_next, room_id, 50):
            pass
    return texts


def question(chance: random.Random) -> Term | None:
    """A word, the beginning of one, or two of them in a row, whole or not."""
    asked = " ".join(chance.choices(WORDS, k=chance.choice([1, 1, 2])))
    return term_of(asked[: chance.randint(1, len(asked))], whole=chance.random() < 0.3)


async def found(store: Store, asked: Asked) -> list[tuple[int, int]]:
    numbers: list[tuple[int, int]] = []
    below: int | None = asked.below
    while below is not None:
        page = await store.read(search.newest, Asked(asked.rooms, asked.terms, asked.without, below=below), 20)
        numbers += [(hit.room_id, hit.number) for hit in page.hits]
        below = page.further
    return numbers


@pytest.mark.parametrize(
    ("read", "read_on"),
    [(search.READ, 0), (1, 0), (20, 40)],
    ids=["read one by one", "looked up from the second message on", "now this, now that"],
)
async def test_no_message_is_missed_and_none_is_found_for_nothing(
    store: Store, ada: User, chance: random.Random, monkeypatch: pytest.MonkeyPatch, read: int, read_on: int
) -> None:
    other = await store.write(rooms.add, "other", "Other", "", "public", 1)
    texts = await fill(store, ada, chance, [1, other.id])
    monkeypatch.setattr(search, "READ", read)
    monkeypatch.setattr(search, "READ_ON", read_on)
    for _ in range(QUESTIONS):
        terms = [term for term in (question(chance), question(chance)) if term is not None][: chance.randint(1, 2)]
        without = [term for term in [question(chance)] if term is not None and chance.random() < 0.3]
        mine = chance.choice([[1], [1, other.id]])
        wanted = {
            key
            for key, text in texts.items()
            if key[0] in mine and holds(text, terms) and not any(holds(text, [term]) for term in without)
        }
        hits = await found(store, Asked(rooms=mine, terms=terms, without=without))
        assert len(hits) == len(set(hits))
        assert set(hits) == wanted, (terms, without)


def holds(text: str, terms: list[Term]) -> bool:
    return all(term.pattern in row_of(folded_words(text)) for term in terms)


async def test_somebody_in_many_rooms_finds_what_is_in_theirs(
    store: Store, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "READ", 1)
    monkeypatch.setattr(search, "READ_ON", 0)
    monkeypatch.setattr(search, "ROOMS_LOOKED_UP", 1)
    other = await store.write(rooms.add, "other", "Other", "", "public", 1)
    await fill(store, ada, random.Random(1), [1, other.id])
    term = term_of("cold", whole=False)
    assert term is not None
    both = await found(store, Asked(rooms=[1, other.id], terms=[term]))
    assert [hit for hit in both if hit[0] == 1] == await found(store, Asked(rooms=[1], terms=[term])) != []

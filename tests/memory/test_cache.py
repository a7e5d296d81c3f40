import pytest

from app.memory.cache import Cache
from tests.support.house import SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def cache(clock: SetClock) -> Cache[str, int]:
    return Cache(3, 60.0, clock.monotonic)


def test_what_was_put_is_there_until_its_time_is_over(cache: Cache[str, int], clock: SetClock) -> None:
    cache.put("ana", 1, cache.version)
    clock.advance(60)
    assert cache.get("ana") == 1
    clock.advance(0.001)
    assert cache.get("ana") is None
    assert cache.get("bo") is None


def test_a_newer_answer_replaces_an_older_one(cache: Cache[str, int], clock: SetClock) -> None:
    cache.put("ana", 1, cache.version)
    clock.advance(50)
    cache.put("ana", 2, cache.version)
    clock.advance(50)
    assert cache.get("ana") == 2


def test_what_is_wrong_is_dropped_and_the_rest_stays(cache: Cache[str, int]) -> None:
    for name, value in (("ana", 1), ("bo", 2), ("cleo", 1)):
        cache.put(name, value, cache.version)
    cache.drop_where(lambda _, value: value == 1)
    assert [cache.get(name) for name in ("ana", "bo", "cleo")] == [None, 2, None]
    cache.drop_where(lambda name, _: name == "bo")
    assert cache.get("bo") is None


def test_one_entry_is_dropped_by_its_key(cache: Cache[str, int]) -> None:
    cache.put("ana", 1, cache.version)
    cache.put("bo", 2, cache.version)
    cache.drop("ana")
    cache.drop("nobody")
    assert [cache.get(name) for name in ("ana", "bo")] == [None, 2]


@pytest.mark.parametrize("how", ["drop", "drop one", "clear"])
def test_an_answer_that_was_on_its_way_when_things_changed_is_not_believed(cache: Cache[str, int], how: str) -> None:
    version = cache.version
    if how == "drop":
        cache.drop_where(lambda _, __: False)
    elif how == "drop one":
        cache.drop("ana")
    else:
        cache.clear()
    cache.put("ana", 1, version)
    assert cache.get("ana") is None
    cache.put("ana", 1, cache.version)
    assert cache.get("ana") == 1


def test_it_never_holds_more_than_its_size(cache: Cache[str, int]) -> None:
    for number in range(100):
        cache.put(f"{number}", number, cache.version)
        assert len(cache._entries) <= 3
        assert cache.get(f"{number}") == number


def test_cleared_is_empty(cache: Cache[str, int]) -> None:
    cache.put("ana", 1, cache.version)
    cache.clear()
    assert cache.get("ana") is None

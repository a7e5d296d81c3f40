import pytest

from clients.returning import Returning


@pytest.mark.parametrize(("failures", "longest"), [(0, 3.0), (1, 2.0), (2, 4.0), (4, 16.0), (5, 30.0), (2_000, 30.0)])
def test_it_waits_longer_with_each_failure(failures: int, longest: float) -> None:
    chance = [0.0]
    returning = Returning(lambda: chance[0])
    for _ in range(failures):
        assert returning.wait(0.0) == 0.0
    chance[0] = 1.0
    assert returning.wait(0.0) == longest


def test_it_comes_back_when_it_was_told_to() -> None:
    returning = Returning(lambda: 1.0)
    returning.announced(10.0)
    assert returning.wait(4.0) == 6.0
    assert returning.wait(9.0) == 1.0
    assert returning.wait(11.0) == 3.0
    returning.worked()
    assert returning.wait(4.0) == 3.0


def test_not_before_the_server_allows_it() -> None:
    assert Returning(lambda: 0.0).wait(0.0, at_least=7.0) == 7.0

"""Whom a limit for strangers counts."""

import pytest

from app.memory.counting import counted_as


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("2001:db8:1:2::1", "2001:0DB8:0001:0002:0::abcd"),
        ("fe80::1%eth0", "fe80::2%eth1"),
        ("203.0.113.7", "::ffff:203.0.113.7"),
    ],
)
def test_the_addresses_of_one_holder_count_together(one: str, other: str) -> None:
    assert counted_as(one) == counted_as(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:3::1"),
        ("203.0.113.7", "203.0.113.8"),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8"),
        ("", "::"),
    ],
)
def test_those_of_two_do_not(one: str, other: str) -> None:
    assert counted_as(one) != counted_as(other)


def test_what_is_no_address_counts_as_itself() -> None:
    assert counted_as("/run/roost.sock") == "/run/roost.sock"

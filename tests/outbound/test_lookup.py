"""The system's own answer to where a host is."""

from ipaddress import ip_address

import pytest

from app.outbound.lookup import Lookup
from app.outbound.outcomes import Unreachable


@pytest.mark.parametrize("spelled", ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "0177.0.0.1"])
async def test_numbers_are_addresses_however_they_are_spelled(spelled: str) -> None:
    assert await Lookup()(spelled, 80) == [(ip_address("127.0.0.1"), 80)]


async def test_ipv6_is_an_address_too() -> None:
    assert await Lookup()("::1", 443) == [(ip_address("::1"), 443)]


@pytest.mark.parametrize("nobody", ["", "a" * 64 + ".example", "\udcff"])
async def test_what_is_no_name_is_unreachable(nobody: str) -> None:
    with pytest.raises(Unreachable):
        await Lookup()(nobody or "256.256.256.256.", 80)

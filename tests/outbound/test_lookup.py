"""The system's own answer to where a host is."""

import asyncio
import threading
from collections.abc import Callable
from ipaddress import ip_address

import pytest

from app.outbound import lookup
from app.outbound.lookup import Lookup
from app.outbound.outcomes import Crowded, Unreachable
from tests.support.waiting import until


@pytest.mark.parametrize("spelled", ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "0177.0.0.1"])
async def test_numbers_are_addresses_however_they_are_spelled(spelled: str) -> None:
    assert await Lookup()(spelled, 80) == [(ip_address("127.0.0.1"), 80)]


async def test_ipv6_is_an_address_too() -> None:
    assert await Lookup()("::1", 443) == [(ip_address("::1"), 443)]


@pytest.mark.parametrize("nobody", ["", "a" * 64 + ".example", "\udcff"])
async def test_what_is_no_name_is_unreachable(nobody: str) -> None:
    with pytest.raises(Unreachable):
        await Lookup()(nobody or "256.256.256.256.", 80)


async def test_who_waits_for_the_names_of_others_in_vain_is_told_so_and_not_looked_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answering, asked = threading.Event(), list[str]()

    def silent(begun: Callable[[], object], host: str, _port: int) -> lookup.Found:
        begun()
        asked.append(host)
        answering.wait()
        return []

    look_up = Lookup()
    with monkeypatch.context() as net:
        net.setattr(lookup, "ask", silent)
        others = [asyncio.create_task(look_up("silent.test", 443)) for _ in range(lookup.AT_ONCE)]
        await until(lambda: len(asked) == lookup.AT_ONCE)
        net.setattr(lookup, "SECONDS_TO_BEGIN", 0.01)
        try:
            with pytest.raises(Crowded):
                await look_up("site.test", 443)
        finally:
            answering.set()
        assert await asyncio.gather(*others) == [[]] * lookup.AT_ONCE
    assert await look_up("127.0.0.1", 80) == [(ip_address("127.0.0.1"), 80)]
    assert set(asked) == {"silent.test"}

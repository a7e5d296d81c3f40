"""Which addresses are public."""

import ipaddress
import random

import pytest

from app.outbound.addresses import NOT_PUBLIC_V4, NOT_PUBLIC_V6, is_public


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.9.9", "223.255.255.255"]
)
def test_public_ones_are(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["2606:4700:4700::1111", "2001:4860:4860::8888", "2400:cb00::1", "2a00:1450::1"])
def test_public_ones_of_ipv6_are(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_the_ends_of_each_range_are_not() -> None:
    assert not any(is_public(end) for network in NOT_PUBLIC_V4 for end in (network[0], network[-1]))
    assert not any(is_public(end) for network in NOT_PUBLIC_V6 for end in (network[0], network[-1]))


def test_what_the_standard_library_takes_for_private_is_not_public() -> None:
    chance = random.Random(1)
    for _ in range(20_000):
        four = ipaddress.IPv4Address(chance.getrandbits(32))
        six = ipaddress.IPv6Address(chance.getrandbits(128) >> chance.choice((0, 0, 64, 96)))
        for address in (four, six):
            assert not is_public(address) or (address.is_global and not address.is_multicast)


def test_no_form_of_ipv6_that_has_ipv4_in_it_is() -> None:
    for prefix in ("::", "::ffff:0:0", "::ffff:0:0:0", "64:ff9b::", "64:ff9b:1::"):
        inside = ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) + int(ipaddress.IPv4Address("8.8.8.8")))
        assert not is_public(inside)

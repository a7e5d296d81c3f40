"""Whom a limit for strangers counts."""

import ipaddress

HOUSEHOLD = 64
"""Bits of an IPv6 address that one line or machine is given: the others are its own to choose (RFC 4291, 2.5.4)."""


def counted_as(address: str) -> str:
    """One text for all addresses that one holder has: an IPv6 address counts as its /64, or whoever has one of those
    had 2^64 limits. What is no address counts as itself."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), HOUSEHOLD), strict=False))

"""Which addresses lie on the public internet (SECURITY S35)."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

NOT_PUBLIC_V4 = tuple(
    IPv4Network(each)
    for each in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind a provider's NAT
        "127.0.0.0/8",
        "168.63.129.16/32",  # what a host of virtual machines tells them, at Azure
        "169.254.0.0/16",  # the same elsewhere
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation, as two more below
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # relays to 6to4
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast, and what is reserved
        "240.0.0.0/4",
    )
)
PUBLIC_V6 = IPv6Network("2000::/3")
"""All that was ever given out. Outside of it lie loopback, link-local, unique local and multicast addresses, and IPv4
in its mapped, compatible, translated and NAT64 forms."""
NOT_PUBLIC_V6 = tuple(
    IPv6Network(each)
    for each in (
        "2001::/23",  # protocols; among them Teredo, which has IPv4 in it
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which has IPv4 in it
        "2620:4f:8000::/48",
        "3fff::/20",  # documentation
    )
)


def is_public(address: Address) -> bool:
    """By the special-purpose registries of IANA. A list of our own: that of the standard library differs from one
    release of Python to the next."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in NOT_PUBLIC_V4)
    return address in PUBLIC_V6 and not any(address in network for network in NOT_PUBLIC_V6)

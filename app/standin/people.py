"""Who has an account at the stand-in.

Ids are texts above 2^53, as X's are, so that a client that makes numbers of them fails here and not in production.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")


@dataclass(frozen=True)
class Person:
    id: str
    handle: str
    name: str
    has_picture: bool = False


INVENTED = (
    Person("1530281947204820993", "ada_wires", "Ada Moreau", has_picture=True),
    Person("1497305518266728451", "juniper", "Juniper Okafor", has_picture=True),
    Person("1621044978193219585", "tomo_k", "田中 智"),
    Person("1384460027114659843", "zoe_a", "Zoë Åkerlund"),
    Person("1289957710042365953", "layla", "ليلى حداد", has_picture=True),
    Person("1710093316640571393", "sol", "Sol <3 birds & wires 🌞"),
)


class People:
    """The accounts of one stand-in, by id. A handle has one holder at a time, and is free again after a rename."""

    def __init__(self) -> None:
        self._by_id = {person.id: person for person in INVENTED}

    def __iter__(self) -> Iterator[Person]:
        return iter(self._by_id.values())

    def by_id(self, person_id: str) -> Person:
        """KeyError for an id that nobody has."""
        return self._by_id[person_id]

    def called(self, handle: str) -> Person:
        """Whoever has this handle now, else somebody new. ValueError for a handle that X would not allow."""
        handle = _checked(handle)
        return self._holder(handle) or self._add(handle)

    def rename(self, person_id: str, handle: str) -> Person:
        """Gives a person another handle and frees the old. KeyError: unknown id. ValueError: bad or taken handle."""
        handle = _checked(handle)
        holder = self._holder(handle)
        if holder and holder.id != person_id:
            raise ValueError(f"@{handle} is taken")
        self._by_id[person_id] = replace(self._by_id[person_id], handle=handle)
        return self._by_id[person_id]

    def _holder(self, handle: str) -> Person | None:
        return next((person for person in self if person.handle.lower() == handle.lower()), None)

    def _add(self, handle: str) -> Person:
        """The n-th holder of a freed handle gets the n-th id made from it: the former ones still live under theirs."""
        person_id = next(made for n in count() if (made := _id_from(handle, n)) not in self._by_id)
        self._by_id[person_id] = Person(person_id, handle, handle)
        return self._by_id[person_id]


def _checked(handle: str) -> str:
    handle = handle.strip().removeprefix("@")
    if not HANDLE.fullmatch(handle):
        raise ValueError("A handle is 1 to 15 letters, digits or underscores")
    return handle


def _id_from(handle: str, n: int) -> str:
    """19 digits, the same after every restart, so that a typed handle keeps its history."""
    digest = hashlib.sha256(f"{handle.lower()} {n}".encode()).digest()
    return str(10**18 + int.from_bytes(digest[:8]) % (8 * 10**18))

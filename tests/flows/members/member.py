"""What the conversations of test_conversations.py ask of a client, whichever it is."""

import re
from copy import copy
from typing import Literal, Protocol

from tests.clients.site import Site
from tests.support.proxy import Proxy

Kind = Literal["websocket", "stream", "tcp", "terminal", "desktop", "browser"]
EMOJI = "🎉"
WORD = re.compile(rf"[a-z]+-\d+(?:-anew)?|{EMOJI}")
"""All that is said: so it is found in whatever a client shows around it."""


class Member(Protocol):
    """Somebody with a client, in one room. What is done is done as its person does it, by keys where it has some."""

    async def shown(self) -> str:
        """All that it shows of the room, in its order, what waits to be sent too. Meanwhile it goes on."""
        ...

    async def says(self, text: str) -> None:
        """Returns once the client has it, on its line or not."""
        ...

    async def edits(self, text: str, anew: str) -> None: ...

    async def reacts_to(self, text: str) -> None: ...

    async def removes(self, text: str) -> None: ...

    async def is_cut_off(self) -> None:
        """Returns once it has noticed that its line is gone."""
        ...

    async def hurries(self) -> None:
        """Its person does not want to wait for the next try to connect."""
        ...


def words_in(shown: str) -> list[str]:
    return WORD.findall(shown)


def by_its_own_line(site: Site, line: Proxy) -> Site:
    """The same server, reached by a line that can be cut for one alone."""
    there = copy(site)
    there.proxy = line
    return there

"""The HTML of messages: made when they are written, and made anew when a release makes it better."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from app.render.mentions import NOBODY, Named, meant_in
from app.render.notices import marked, notices_in
from app.render.text import VERSION, render_text, takes_long
from app.services import Services
from app.storage import messages, rooms
from app.storage.messages import Older

PORTION = 500
"""Numbers of a room that are looked through at a time; those of them that are older share a transaction."""


async def html_of(services: Services, text: str, people: Mapping[str, Named] = NOBODY) -> str:
    """The text as HTML, to be kept with VERSION; `people` by their folded handles are mentioned. What takes long is
    made in a thread, while the others go on."""
    if takes_long(text):
        return await asyncio.to_thread(render_text, text, services.settings.public_origin, people)
    return render_text(text, services.settings.public_origin, people)


async def rerender(services: Services) -> AsyncIterator[int]:
    """Make the HTML of every message that an older version made anew; yields how many were, a portion at a time.

    It may run beside a server, be broken off and begun again. The room's `seq` stays: nobody is told, and clients see
    the new HTML when they load those messages the next time. What is changed meanwhile by somebody else is left alone.
    """
    for room_id, last in await services.store.read(rooms.last_numbers):
        for start in range(0, last, PORTION):
            older = await services.store.read(messages.older_than, VERSION, room_id, start, start + PORTION)
            if older:
                yield await rerender_some(services, older)


async def rerender_some(services: Services, older: list[Older]) -> int:
    origin = services.settings.public_origin
    made = await asyncio.to_thread(lambda: [(rerendered(each, origin), VERSION, *each.key) for each in older])
    await services.store.write(messages.set_html, made)
    return len(made)


def rerendered(older: Older, own_origin: str) -> str:
    """Whom it meant, and which of its sentences are ours, its HTML alone knows."""
    return marked(render_text(older.text, own_origin, meant_in(older.html)), notices_in(older.html))

"""`roost send`: what is given as messages, each sent once or shown again."""

import asyncio
from collections.abc import AsyncIterator

from clients.failures import ClientError, Ended
from clients.room import Room
from clients.terminal_output import complain

AHEAD = 16
"""Messages that are read before the first of them is stored."""


async def send_all(room: Room, texts: AsyncIterator[str]) -> bool:
    """In their order; whether all are stored. Raises Ended when none can be any more."""
    tasks: set[asyncio.Task[bool]] = set()
    sent = True
    try:
        async for text in texts:
            if len(tasks) >= AHEAD:
                done, tasks = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                sent &= all(task.result() for task in [*done])
            if text.strip():
                tasks.add(asyncio.create_task(send_one(room, text)))
        return all(await asyncio.gather(*tasks)) and sent
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def send_one(room: Room, text: str) -> bool:
    """What is not stored is said again, so that it is not lost."""
    try:
        await room.send(text)
    except asyncio.CancelledError:
        complain(f"Not known to be sent: {text}")
        raise
    except ClientError as problem:
        complain(f"Not sent, because: {problem} The text was: {text}")
        if isinstance(problem, Ended):
            raise
        return False
    return True

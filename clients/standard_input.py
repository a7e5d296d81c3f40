"""Lines of standard input, while everything else goes on."""

import asyncio
import os
from collections.abc import AsyncIterator

PIECE = 65_536


async def lines_of(descriptor: int) -> AsyncIterator[str]:
    """Without their ends; the last one may have none. Bytes that are no UTF-8 are replaced."""
    rest = b""
    async for piece in pieces_of(descriptor):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield text_of(line)
    if rest:
        yield text_of(rest)


def text_of(data: bytes) -> str:
    return data.decode("utf-8", "replace").removesuffix("\r")


async def pieces_of(descriptor: int) -> AsyncIterator[bytes]:
    """As they come. The descriptor stays blocking: a terminal shares its mode with the output, and with the shell."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    try:
        loop.add_reader(descriptor, ready.set)
    except PermissionError:  # a file, which is always ready
        while piece := os.read(descriptor, PIECE):
            yield piece
        return
    try:
        while True:
            await ready.wait()
            piece = os.read(descriptor, PIECE)
            ready.clear()
            if not piece:
                return
            yield piece
    finally:
        loop.remove_reader(descriptor)

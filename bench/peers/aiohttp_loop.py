"""aiohttp, one `send_str` after the other; a lock keeps one order for all. `python aiohttp_loop.py PORT`"""

import asyncio
import sys
from contextlib import suppress

import uvloop
from aiohttp import WSMsgType, web

members: set[web.WebSocketResponse] = set()
lock = asyncio.Lock()


async def chat(request: web.Request) -> web.WebSocketResponse:
    member = web.WebSocketResponse(heartbeat=20, compress=False)
    await member.prepare(request)
    members.add(member)
    try:
        async for message in member:
            if message.type == WSMsgType.TEXT:
                await tell_everybody(message.data)
    finally:
        members.discard(member)
    return member


async def tell_everybody(text: str) -> None:
    async with lock:
        for member in list(members):
            with suppress(ConnectionError):
                await member.send_str(text)


app = web.Application()
app.add_routes([web.get("/ws", chat)])
loop = uvloop.new_event_loop()  # as Roost
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), backlog=4096, access_log=None, print=None, loop=loop)

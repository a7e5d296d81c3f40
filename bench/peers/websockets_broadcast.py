"""The `websockets` library with its `broadcast`. `python websockets_broadcast.py PORT`"""

import sys

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

members: set[ServerConnection] = set()


async def chat(member: ServerConnection) -> None:
    members.add(member)
    try:
        async for message in member:
            broadcast(members, message)
    finally:
        members.discard(member)


async def main() -> None:
    async with serve(chat, "127.0.0.1", int(sys.argv[1]), compression=None, backlog=4096) as server:
        await server.serve_forever()


uvloop.run(main())  # as Roost

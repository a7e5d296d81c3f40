"""What a Tornado tutorial shows: write_message to one after the other. `python tornado_loop.py PORT`"""

import asyncio
import sys

import uvloop
from tornado.web import Application
from tornado.websocket import WebSocketHandler

members: set["ChatHandler"] = set()


class ChatHandler(WebSocketHandler):
    async def open(self) -> None:
        members.add(self)

    def on_message(self, message: str | bytes) -> None:
        for member in members:
            member.write_message(message)  # type: ignore[unused-awaitable]  # as the tutorials do

    def on_close(self) -> None:
        members.discard(self)

    def check_origin(self, origin: str) -> bool:
        return True


async def main() -> None:
    Application([("/ws", ChatHandler)], websocket_ping_interval=20).listen(int(sys.argv[1]), "127.0.0.1", backlog=4096)
    await asyncio.Event().wait()


uvloop.run(main())  # as Roost

"""What Autobahn talks to sends texts back, and is as strict as the server."""

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from scans.echo import listen
from stores import free_port


async def test_a_text_comes_back_and_what_is_none_ends_the_talk() -> None:
    server = listen(port := free_port())
    async with connect(f"ws://127.0.0.1:{port}/") as client:
        await client.send("snow: ☃")
        assert await client.recv() == "snow: ☃"
        await client.send(b"\0")
        with pytest.raises(ConnectionClosed) as ended:
            await client.recv()
    assert ended.value.rcvd
    assert ended.value.rcvd.code == 1003
    server.stop()

"""Files to send, and who sends them."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
from PIL import Image

from tests.support.door import Door
from tests.support.house import GENERAL, new_nonce

TEXT = b"what I saw\n"


def photo(width: int, height: int, kind: str = "JPEG", **options: Any) -> bytes:
    """A picture of a slope of colours."""
    slope = Image.merge("RGB", [Image.linear_gradient("L").resize((width, height))] * 3)
    made = BytesIO()
    slope.save(made, kind, **options)
    return made.getvalue()


def is_empty(folder: Path) -> bool:
    return not any(folder.iterdir())


def files_in(folder: Path) -> list[str]:
    """Their names, wherever in it they are."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


class Sender:
    """A program of ada's, which sends files and messages."""

    def __init__(self, door: Door) -> None:
        self.door = door

    def headers(self, size: int, name: str, nonce: str) -> dict[str, str]:
        return {
            "Host": "127.0.0.1",
            "Authorization": f"Bearer {self.door.bearer}",
            "Content-Length": str(size),
            "X-File-Name": name,
            "Idempotency-Key": nonce,
        }

    async def send(
        self, body: bytes, name: str = "a.bin", nonce: str = "", **others: str
    ) -> tuple[int, dict[str, Any]]:
        room = others.pop("room", str(GENERAL))
        return await self.answer(self.headers(len(body), name, nonce or new_nonce()) | others, body, room)

    async def answer(
        self, headers: dict[str, str], body: bytes, room: str = str(GENERAL)
    ) -> tuple[int, dict[str, Any]]:
        head, answer = await self.door._whole(f"POST /files?room={room} HTTP/1.1", headers, body)
        return int(head.split()[1]), msgspec.json.decode(answer)

    async def post(self, text: str = "", **values: Any) -> dict[str, Any]:
        """A message of hers."""
        command = {"type": "message.send", "ref": 1, "room": GENERAL, "nonce": new_nonce(), "text": text, **values}
        program = {"Authorization": f"Bearer {self.door.bearer}"}
        answer = (await self.door.post(msgspec.json.encode(command), program))[2]
        sent: dict[str, Any] = msgspec.json.decode(answer)
        return sent

    async def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers by small names, and body."""
        head, body = await self.door._whole(f"GET {path} HTTP/1.1", self._program | headers)
        return (*fields(head), body)

    async def head(self, path: str) -> tuple[int, dict[str, str]]:
        return fields((await self.door.ask(f"HEAD {path} HTTP/1.1", self._program))[1])

    @property
    def _program(self) -> dict[str, str]:
        return {"Host": "127.0.0.1", "Authorization": f"Bearer {self.door.bearer}"}


def fields(head: str) -> tuple[int, dict[str, str]]:
    """The status and the headers by their small names."""
    found = re.findall(r"(?m)^([\w-]+): (.*?)\r$", head)
    return int(head.split()[1]), {name.lower(): value for name, value in found}

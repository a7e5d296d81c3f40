"""A room as its reader left it."""

from dataclasses import dataclass


@dataclass(slots=True)
class Visit:
    """`edits` and `answers` are numbers of messages, `edited` what the one is to be; `read_up_to` is where the line of
    what is new stands, `told_read` up to where the server was told that they read."""

    room: int
    edits: int | None = None
    edited: str = ""
    answers: int | None = None
    read_up_to: int | None = None
    told_read: int = 0

    def write_new(self) -> None:
        self.edits = self.answers = None
        self.edited = ""

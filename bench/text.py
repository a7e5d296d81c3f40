"""The messages that are sent: 100 bytes each, told apart by who sent them and the how-manieth of theirs they are."""

LENGTH = 100
_FILLER = "bring the blue rope, the ferry leaves at noon and the tide tables are on the board by the door"


def text_of(sender: int, nth: int) -> str:
    """The `nth` message of a sender."""
    return f"{sender:02d}-{nth:08d} {_FILLER}"[:LENGTH]


def origin_of(text: str) -> tuple[int, int]:
    """(sender, nth) of a message. ValueError when it is not, to the last byte, one that was made here."""
    sender, nth = int(text[:2]), int(text[3:11])
    if text != text_of(sender, nth):
        raise ValueError(f"this was never sent: {text[:120]!r}")
    return sender, nth

import stat
from pathlib import Path

import pytest

from clients.bot_memory import BotMemory, BrokenMemory


def test_the_next_program_knows_what_was_done(tmp_path: Path) -> None:
    path = tmp_path / "bot.json"
    first = BotMemory(path)
    assert first.done(1) is None
    first.note(1, 12)
    first.note(2, 7)
    second = BotMemory(path)
    assert (second.done(1), second.done(2), second.seed) == (12, 7, first.seed)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_without_a_file_each_program_begins_anew() -> None:
    first = BotMemory(None)
    first.note(1, 12)
    assert first.done(1) == 12
    second = BotMemory(None)
    assert second.done(1) is None
    assert second.seed != first.seed


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b'{"seed": 1, "done": {}}'])
def test_one_that_cannot_be_read_is_named(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "bot.json"
    path.write_bytes(text)
    with pytest.raises(BrokenMemory, match=r"bot\.json"):
        BotMemory(path)

"""What was acknowledged outlives the server, and clients come back by themselves. More of this in tests/faults."""

from pathlib import Path

from tests.flows.kill_rounds import kill_rounds

ROUNDS = 3


async def test_what_was_acknowledged_is_there_once_after_kill_9_in_a_burst(tmp_path: Path) -> None:
    figures = await kill_rounds(ROUNDS, tmp_path)
    assert len(figures) == ROUNDS
    print("", *figures, sep="\n")  # noqa: T201

"""Each in a process of its own, which ends."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.ending import aside

ROOT = Path(__file__).parents[1]


def run(code: str) -> tuple[int, str, float]:
    """Exit status, what is said, and the seconds it takes."""
    begun = time.monotonic()
    lines = ["import asyncio, os, signal, sys, threading, time", "from app import ending", code]
    command = [sys.executable, "-c", "\n".join(lines)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr, time.monotonic() - begun


@pytest.mark.parametrize("loop", ["from asyncio import run", "from uvloop import run"])
def test_a_signal_more_than_needed_does_not_kill_what_ends(loop: str) -> None:
    """Up to the very last moment, in which nothing of ours runs any more."""
    code = """
async def main():
    asking = asyncio.ensure_future(ending.asked_to_stop())
    await asyncio.sleep(0)
    for _ in range(3):
        os.kill(os.getpid(), signal.SIGTERM)
    await asking

threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
run(main())
for number in (signal.SIGTERM, signal.SIGINT):
    os.kill(os.getpid(), number)
print("ended well")
"""
    status, said, _ = run(f"{loop}\n{code}")
    assert (status, said) == (0, "ended well\n")


def test_before_the_first_a_signal_ends_as_ever() -> None:
    assert run("os.kill(os.getpid(), signal.SIGTERM)")[0] == -signal.SIGTERM


@pytest.mark.parametrize(
    "obstacle",
    ["await asyncio.sleep(60)", "time.sleep(60)", "await asyncio.to_thread(time.sleep, 60)"],
    ids=["a task that waits", "a loop that is blocked", "a thread that waits"],
)
def test_whatever_holds_the_end_up_is_left_behind_at_last(obstacle: str) -> None:
    code = f"""
async def main():
    ending.LAST = 0.3
    ending.end_at_last()
    {obstacle}

asyncio.run(main())
"""
    status, said, seconds = run(code)
    assert status == 1
    assert "ending all the same" in said
    assert seconds < 30


def test_what_runs_aside_is_not_waited_for() -> None:
    code = """
async def main():
    aside = asyncio.ensure_future(ending.aside(time.sleep, 60))
    await asyncio.sleep(0.1)
    aside.cancel()

asyncio.run(main())
"""
    status, said, seconds = run(code)
    assert (status, said) == (0, "")
    assert seconds < 30


async def test_what_runs_aside_returns_and_raises_where_it_is_waited_for() -> None:
    assert await aside(divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        await aside(divmod, 7, 0)

"""Other people's programs, while they are needed."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


def need(**packages: str) -> None:
    """Ends this program when one of these programs is not installed."""
    missing = {program: package for program, package in packages.items() if shutil.which(program) is None}
    if missing:
        raise SystemExit(f"This needs {', '.join(missing)}: sudo apt install {' '.join(missing.values())}")


@asynccontextmanager
async def running(*command: str, environment: dict[str, str]) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(*command, env=environment)
    try:
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def answer_of(*command: str, environment: dict[str, str]) -> str:
    """What a program that ends by itself prints; RuntimeError with its complaint when it fails."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=pipe, stderr=pipe)
    try:
        said, complained = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        raise RuntimeError(f"{command[0]}: {complained.decode().strip()}")
    return said.decode()

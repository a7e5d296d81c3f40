"""What opening a store loads; what it promises is tests/contract/test_store.py."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
OPEN_A_STORE = """
import asyncio, sys
from app.management import command_line
from app.storage.migrate import migrate
from app.storage.store import open_store

migrate(sys.argv[1])
asyncio.run(open_store(sys.argv[1]))
print(*sys.modules)
"""


def test_who_keeps_everything_in_a_file_does_not_load_what_speaks_to_a_server(tmp_path: Path) -> None:
    """It took 10 MiB of the 90 that a process may hold at rest (PERFORMANCE P10)."""
    command = [sys.executable, "-c", OPEN_A_STORE, f"sqlite:///{tmp_path / 'roost.db'}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "app.storage.sqlite" in loaded
    assert not {"asyncpg", "redis", "app.storage.postgres", "sqlalchemy.ext.asyncio"} & set(loaded)

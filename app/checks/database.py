"""Whether the database answers, and has what the server needs."""

import asyncio
from pathlib import Path

from app.checks.finding import Finding
from app.errors import RoostError, SettingsError
from app.settings import Settings
from app.storage.store import open_store


def ask(settings: Settings) -> list[Finding]:
    """Changes nothing; a database file that is not there yet is not made."""
    if _is_absent(settings.database_url):
        return [
            Finding("database-new", "note", "There is no database file yet.", "Nothing to do: the server makes it.")
        ]
    try:
        asyncio.run(_open(settings))
    except SettingsError as error:
        return [Finding("database-unusable", "problem", error.message)]
    except RoostError as error:
        cause = f"The database cannot be reached: {str(error.__cause__ or error).splitlines()[0]}."
        cure = "Look whether it runs, whether DATABASE_URL leads to it, and whether this user may read and write it."
        return [Finding("database-down", "problem", cause, cure)]
    return [Finding("database", "fine", "The database answers and has its tables.")]


def _is_absent(url: str) -> bool:
    return url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists()


async def _open(settings: Settings) -> None:
    store = await open_store(settings.database_url, connections=settings.database_pool)
    await store.close()

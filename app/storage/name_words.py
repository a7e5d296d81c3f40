"""The words of people's handles and names, folded, so that the first letters of any of them find somebody at once."""

import re
import unicodedata

from sqlalchemy import Connection, delete, insert

from app.folding import LETTERS
from app.models import User
from app.storage.tables import name_words

BETWEEN = re.compile(r"[\W_]+")
LONGEST = 64


def fold(text: str) -> str:
    """What two spellings of a name have in common: no accents, no case (static/js/core/folding.js does the same)."""
    letters = (each for each in unicodedata.normalize("NFKD", text) if not unicodedata.category(each).startswith("M"))
    return "".join(letters).casefold().translate(LETTERS)


def words_of(handle: str, name: str) -> set[str]:
    """The handle, and each word of both."""
    whole = fold(handle)
    words = {whole, *BETWEEN.split(whole), *BETWEEN.split(fold(name))}
    return {word[:LONGEST] for word in words if word}


def index(connection: Connection, user: User) -> None:
    """Let this person be found by what they are called now, and by nothing else."""
    drop_of(connection, user.id)
    words = [{"word": word, "user_id": user.id} for word in sorted(words_of(user.handle, user.name))]
    if words:
        connection.execute(insert(name_words), words)


def drop_of(connection: Connection, user_id: int) -> None:
    """Nobody finds this person by a word."""
    connection.execute(delete(name_words).where(name_words.c.user_id == user_id))

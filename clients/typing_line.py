"""Who is writing."""

from collections.abc import Sequence

from app.protocol.events import Person
from clients.names import name_of
from clients.safe_text import safe_text

NAMED = 3


def typing_line(people: Sequence[Person]) -> str:
    names = [safe_text(name_of(person)) for person in people]
    if not names:
        return ""
    if len(names) == 1:
        return f"{names[0]} is writing …"
    if len(names) > NAMED:
        return f"{len(names)} people are writing …"
    return f"{', '.join(names[:-1])} and {names[-1]} are writing …"

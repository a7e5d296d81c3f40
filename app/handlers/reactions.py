"""What people put on a message, as the chat page draws it first; static/js/core/reactions.js says the same later."""

from collections.abc import Container, Mapping, Sequence
from types import SimpleNamespace

from app.chat.context import NAMED
from app.errors import said
from app.handlers.languages import Words
from app.models import Message, User

SHOWN = 8
"""Different ones of a message; a button brings the others."""


def shown_reactions(
    message: Message, people: Mapping[int, User], reader: User, blocked: Container[int], words: Words
) -> list[SimpleNamespace]:
    """In the order of their first use, without those of people whom the reader has blocked."""
    if message.extras is None:
        return []
    readable = [(each.emoji, [one for one in each.people if one not in blocked]) for each in message.more.reactions]
    return [shown_reaction(emoji, ids, people, reader, words) for emoji, ids in readable if ids]


def shown_reaction(
    emoji: str, ids: Sequence[int], people: Mapping[int, User], reader: User, words: Words
) -> SimpleNamespace:
    names = names_of(ids, people, reader, words)
    return SimpleNamespace(
        emoji=emoji,
        count=words.text("{count}", count=len(ids)),
        names=names,
        label=words.text("{emoji} {count}, {names}", emoji=emoji, count=len(ids), names=names),
        mine=reader.id in ids,
    )


def names_of(ids: Sequence[int], people: Mapping[int, User], reader: User, words: Words) -> str:
    """ "Ana, Bo and you", or "Ana, Bo and 3 others": ten of them, the reader last. How many they are where nobody
    is known."""
    is_mine = reader.id in ids
    known = [people[each].name for each in ids if each in people and each != reader.id]
    named = known[: NAMED - is_mine] + ([words.text(said("you"))] if is_mine else [])
    if not named:
        return words.number("{count} member", "{count} members", len(ids))
    others = len(ids) - len(named)
    if others:
        # The page's script has these two for the catalogues.
        return words.number("{names} and {count} other", "{names} and {count} others", others, names=", ".join(named))
    if len(named) == 1:
        return named[0]
    return words.text(said("{names} and {last}"), names=", ".join(named[:-1]), last=named[-1])

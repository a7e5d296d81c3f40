"""What is neither code nor a link, as HTML."""

from collections.abc import Mapping
from html import escape

from app.render.emoji import with_emoji
from app.render.mentions import NOBODY, Named, handles_in, mention


def words(text: str, people: Mapping[str, Named] = NOBODY) -> str:
    """Whatever people say outside of code and of links comes through here, and nothing else does: here the handles that
    `people` has become mentions."""
    if not people:
        return plain(text)
    pieces = []
    end = 0
    for found in handles_in(text):
        person = people.get(found[1].casefold())
        if person is not None:
            pieces += [plain(text[end : found.start()]), mention(person)]
            end = found.end()
    return "".join([*pieces, plain(text[end:])])


def plain(text: str) -> str:
    if ":" in text:
        text = with_emoji(text)
    return escape(text).replace("\n", "<br>")

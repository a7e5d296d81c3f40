"""What is neither code nor a link, as HTML."""

from html import escape

from app.render.emoji import with_emoji


def words(text: str) -> str:
    """Whatever people say outside of code and of links comes through here, and nothing else does: here a handle would
    become a mention."""
    if ":" in text:
        text = with_emoji(text)
    return escape(text).replace("\n", "<br>")

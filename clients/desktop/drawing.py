"""A row of the timeline as pieces of text."""

from collections.abc import Iterator
from datetime import date

from app.protocol.events import File, Message, Person
from clients.desktop.formatted import formatted
from clients.desktop.rows import Older, Row, Said, Unstored
from clients.formatted import Piece
from clients.names import files_of, name_of
from clients.rows import Day, NewLine
from clients.safe_text import safe_text
from clients.sizes import size_of
from clients.times import clock_time, day_label

ENDS_WITH_WORDS = {"link", "action", "code", "mark", "reaction", "reacted"}
QUOTED = 90
"""Characters of a message that is answered."""
OLDER, RESEND, TAKE_BACK, DISCARD = "do:older", "do:resend", "do:take_back", "do:discard"
"""Links that do something here. What others write begins with no such scheme: `links.web_address` takes none."""


def pieces_of(row: Row, today: date) -> list[Piece]:
    """With a line end behind the last one."""
    match row:
        case Older():
            pieces = [Piece("Show older messages", ("older", "action"), OLDER)]
        case Day(day):
            pieces = [Piece(day_label(day, today), ("day",))]
        case NewLine(at):
            pieces = [Piece(f"New since {clock_time(at)}", ("new",))]
        case Said():
            pieces = list(said(row))
        case _:
            pieces = list(unstored(row))
    # A colour behind the last line goes on to the edge; a line below its words does not.
    return [*pieces, Piece("\n", tuple(look for look in pieces[-1].looks if look not in ENDS_WITH_WORDS))]


def said(row: Said) -> Iterator[Piece]:
    message = row.message
    if not row.is_grouped:
        yield from heading(row)
    if row.is_blocked:
        yield Piece("A message of somebody you have blocked.", ("body", "quiet"))
    elif message.removed:
        yield Piece("Message removed", ("body", "quiet", "em"))
    else:
        yield from content(row)


def heading(row: Said) -> Iterator[Piece]:
    if row.message.reply_to is not None and not row.is_blocked:
        yield from quote(row)
    yield Piece(author_of(row.author), ("heading", "own" if row.is_own else "author"))
    if row.author is not None and row.author.name not in {"", row.author.handle}:
        yield Piece(f"  @{safe_text(row.author.handle)}", ("heading", "quiet"))
    yield Piece(f"  {clock_time(row.message.at)}", ("heading", "quiet"))
    if row.message.pinned is not None:
        yield Piece("  pinned", ("heading", "quiet"))
    yield Piece("\n", ("heading",))


def quote(row: Said) -> Iterator[Piece]:
    told = "a message that is not here"
    if row.quote is not None:
        text = "removed" if row.quote.removed else " ".join(row.quote.text.split()) or files_of(row.quote)
        text = text if len(text) <= QUOTED else f"{text[:QUOTED]}…"
        told = f"{author_of(row.quoted)}: {safe_text(text)}"
    yield Piece(f"↱ {told}\n", ("answered",))


def content(row: Said) -> Iterator[Piece]:
    message = row.message
    back = ("for_me",) if row.is_for_reader else ()
    words = formatted(message.html, row.reader) if message.text else []
    if message.kind == "me":
        words = [Piece(f"{author_of(row.author)} ", ("em",)), *words]
    for piece in words:
        yield Piece(piece.text, ("body", *piece.looks, *back), piece.link)
    if message.edited is not None:
        yield Piece(" (edited)", ("body", "quiet", *back))
    for place, file in enumerate(message.files):
        yield Piece("\n" if place or words else "", ("body",))
        yield Piece(file_of(file), ("body", "link"), file.url)
    if message.card is not None:
        told = " · ".join(part for part in (message.card.site, message.card.title) if part)
        yield Piece(f"\n{safe_text(told)}", ("body", "card", "link"), message.card.url)
    yield from below(row, message)


def below(row: Said, message: Message) -> Iterator[Piece]:
    if message.reactions:
        yield Piece("\n", ("body",))
    for reaction in message.reactions:
        look = "reacted" if row.reader in reaction.people else "reaction"
        yield Piece(f" {safe_text(reaction.emoji)} {len(reaction.people)} ", ("body", look))
        yield Piece(" ", ("body",))
    if message.thread is not None and message.thread.count:
        count = message.thread.count
        yield Piece(f"\n{count} {'reply' if count == 1 else 'replies'} beside it", ("body", "quiet"))


def unstored(row: Unstored) -> Iterator[Piece]:
    send, why = row.waiting.send, row.waiting.why
    lines = "\n".join(safe_text(line) for line in send.written.split("\n"))
    yield Piece(lines, ("body", "waiting" if why is None else "refused"))
    if why is None:
        yield Piece("  Saving …" if send.edits is not None else "  Sending …", ("body", "quiet"))
        return
    yield Piece(f"\nNot sent: {safe_text(why)}  ", ("body", "failure"))
    for words, link in (("Send again", RESEND), ("Take back", TAKE_BACK), ("Discard", DISCARD)):
        yield Piece(words, ("body", "action"), link)
        yield Piece("   ", ("body",))


def author_of(person: Person | None) -> str:
    return safe_text(name_of(person)) if person is not None else "Somebody"


def file_of(file: File) -> str:
    told = safe_text(file.alt or file.name)
    return f"▤ {told} ({size_of(file.size)})"

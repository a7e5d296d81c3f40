"""A message as lines of a terminal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.style import Style
from rich.text import Text

from app.protocol.events import File, Message, Person
from clients.names import files_of, name_of
from clients.safe_text import safe_text
from clients.sizes import size_of
from clients.terminal.formatted import Line, formatted
from clients.terminal.palette import Styles
from clients.times import clock_time

GUTTER = 2
NOBODY = Person(0, "", "somebody")
BLOCKED = "From somebody you blocked."


@dataclass(frozen=True, slots=True)
class Scene:
    """Who reads, on what; `url` is where the server is, `quote` gives what a message answers."""

    people: Mapping[int, Person]
    me: int
    blocked: set[int]
    url: str
    styles: Styles
    console: Console
    width: int
    quote: Callable[[int], Message | None]

    def name(self, person: int) -> str:
        return safe_text(name_of(self.people.get(person, NOBODY)))


def draw_message(message: Message, scene: Scene, *, grouped: bool) -> list[Text]:
    """Without its gutter. A `grouped` one goes on with what its author said just before."""
    if message.author in scene.blocked:
        return [Text(BLOCKED, scene.styles.hint)]
    lines = [] if grouped or message.kind == "me" else [_heading(message, scene)]
    if message.reply_to is not None:
        lines.append(_quote(message.reply_to, scene))
    if message.removed:
        by = "" if message.removed_by is None else " by a moderator"
        return [*lines, Text(f"This message was removed{by}.", scene.styles.hint)]
    return [*lines, *_body(message, scene), *_below(message, scene)]


def one_line(text: str, width: int, style: Style) -> Text:
    """The beginning of what somebody said, whatever lines it has."""
    line = Text(safe_text(" ".join(text.split())), style, no_wrap=True)
    line.truncate(width, overflow="ellipsis")
    return line


def wrapped(line: Line, scene: Scene) -> list[Text]:
    width = max(1, scene.width - line.first.cell_len)
    pieces = list(line.text.wrap(scene.console, width, overflow="fold")) or [Text()]
    if line.is_code:
        for piece in pieces:
            piece.append(" " * max(0, width - piece.cell_len), scene.styles.code)
    return [Text.assemble(line.rest if place else line.first, piece) for place, piece in enumerate(pieces)]


def _heading(message: Message, scene: Scene) -> Text:
    person = scene.people.get(message.author, NOBODY)
    heading = Text.assemble((scene.name(message.author), scene.styles.name), no_wrap=True)
    if person.handle and person.handle != person.name:
        heading.append(f"  @{safe_text(person.handle)}", scene.styles.hint)
    heading.append(f"  {clock_time(message.at)}", scene.styles.hint)
    heading.truncate(scene.width, overflow="ellipsis")
    return heading


def _quote(number: int, scene: Scene) -> Text:
    quoted = scene.quote(number)
    if quoted is None or quoted.removed:
        return Text("↪ a message that was removed" if quoted else f"↪ message {number}", scene.styles.hint)
    if quoted.author in scene.blocked:
        return Text(f"↪ {BLOCKED}", scene.styles.hint)
    said = f"↪ {scene.name(quoted.author)}: {quoted.text or files_of(quoted)}"
    return one_line(said, scene.width, scene.styles.hint)


def _body(message: Message, scene: Scene) -> list[Text]:
    lines = [*formatted(message.html, scene.styles, lambda person, old: _mention(person, old, scene))]
    if message.kind == "me":
        lines = lines or [Line(Text(), Text(), Text())]
        lines[0].text = Text.assemble((f"* {scene.name(message.author)} ", scene.styles.name), lines[0].text)
    if message.edited is not None and lines:
        if lines[-1].is_code:
            lines.append(Line(Text(), Text(), Text()))
        lines[-1].text.append(" (edited)" if lines[-1].text else "(edited)", scene.styles.hint)
    return [piece for line in lines for piece in wrapped(line, scene)]


def _mention(person: int, old: str, scene: Scene) -> Text:
    known = scene.people.get(person)
    shown = old if known is None else f"@{known.handle}" if known.handle else known.name
    return Text(safe_text(shown), scene.styles.for_me if person == scene.me else scene.styles.mention)


def _below(message: Message, scene: Scene) -> list[Text]:
    """Files, the card, reactions and what is said beside it."""
    styles = scene.styles
    lines = [piece for file in message.files for piece in _file(file, scene)]
    if message.card is not None:
        card = " · ".join(part for part in (message.card.title, message.card.site) if part)
        lines.append(one_line(f"▏ {card}", scene.width, styles.quiet))
    if message.reactions:
        lines += _reactions(message, scene)
    if message.pinned is not None:
        lines.append(Text(f"pinned by {scene.name(message.pinned)}", styles.hint))
    if message.thread is not None and message.thread.count:
        replies = "1 reply" if message.thread.count == 1 else f"{message.thread.count} replies"
        lines.append(Text(f"{replies} beside this message", styles.hint))
    return lines


def _file(file: File, scene: Scene) -> list[Text]:
    text = Text.assemble(
        ("▪ ", scene.styles.edge), safe_text(file.name), (f" · {size_of(file.size)} · ", scene.styles.hint)
    )
    text.append(safe_text(scene.url + file.url if file.url.startswith("/") else file.url), scene.styles.link)
    lines = [Line(text, Text(), Text("  "))]
    if file.alt:
        lines.append(Line(Text(safe_text(file.alt), scene.styles.hint), Text("  "), Text("  ")))
    return [piece for line in lines for piece in wrapped(line, scene)]


def _reactions(message: Message, scene: Scene) -> list[Text]:
    text = Text()
    for place, reaction in enumerate(message.reactions):
        mine = scene.me in reaction.people
        text.append("   " if place else "")
        text.append(
            f"{safe_text(reaction.emoji)} {len(reaction.people)}", scene.styles.mine if mine else scene.styles.quiet
        )
    return wrapped(Line(text, Text(), Text()), scene)

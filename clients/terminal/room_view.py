"""One room: what was said, and where one writes."""

import asyncio

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message as Told
from textual.widgets import OptionList, Static, TextArea

from app.protocol import commands, events
from app.protocol.events import Message, Person
from clients.failures import ClientError
from clients.names import name_of
from clients.room_lists import is_talk, others_in, title_of
from clients.rows import Notice
from clients.safe_text import safe_text
from clients.slash import UnknownCommand, meant_by
from clients.terminal.completion import Begun, Suggestion, begun, emoji_meant, people_meant, rooms_meant
from clients.terminal.composer import Composer
from clients.terminal.desk import Desk
from clients.terminal.drawing import NOBODY, Scene, one_line
from clients.terminal.palette import Styles
from clients.terminal.rows import Row, rows_of
from clients.terminal.suggestions import Suggestions
from clients.terminal.timeline import Timeline
from clients.terminal.visit import Visit
from clients.timeline import is_for
from clients.typing_line import typing_line

TYPING_SPAN = 3.0
SEARCH_PAUSE = 0.15
"""Seconds, each."""
FENCE = "```"


class RoomView(Vertical):
    """Shows a visit; nothing of it is kept here."""

    DEFAULT_CSS = """
    RoomView {
        width: 1fr; height: 1fr; background: $canvas;
        & .line { height: 1; padding: 0 2; background: $canvas; color: $ink-2; }
        & .reason { height: auto; max-height: 4; color: $error; }
        & #bar { border-bottom: solid $hairline; height: 2; }
        & #pill { color: $accent-ink; }
        & #below { height: 1; padding: 0 2; background: $canvas; }
        & #typing { width: 1fr; height: 1; color: $ink-3; }
        & #status { width: auto; max-width: 80%; height: 1; }
    }
    """

    class Read(Told):
        """Look whether what is new was read."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(id="view")
        self.visit: Visit | None = None
        self._desk = desk
        self._typed_at = 0.0

    def compose(self) -> ComposeResult:
        yield Static(id="bar", classes="line", markup=False)
        yield Timeline()
        yield Static(id="pill", classes="line", markup=False)
        yield Suggestions()
        yield Static(id="reason", classes="line reason", markup=False)
        yield Static(id="context", classes="line", markup=False)
        yield Composer(self.send)
        with Horizontal(id="below"):
            yield Static(id="typing", markup=False)
            yield Static(id="status", markup=False)

    @property
    def timeline(self) -> Timeline:
        return self.query_one(Timeline)

    @property
    def composer(self) -> Composer:
        return self.query_one(Composer)

    @property
    def suggestions(self) -> Suggestions:
        return self.query_one(Suggestions)

    # Coming and going

    def enter(self, visit: Visit) -> None:
        self.leave()
        self.visit = visit
        visit.enter()
        self.timeline.chosen = None
        self.fill()
        self.draw()

    def leave(self) -> None:
        if self.visit is not None:
            self.visit.place = self.timeline.place()
            self.suggest([])

    def arrive(self) -> None:
        """What is held of the room is there: show what is new, or where the reader was."""
        assert self.visit is not None
        self.visit.is_fresh = False
        if not self.timeline.go_to_new():
            self.timeline.go_to(self.visit.place)

    # Drawing

    def draw(self) -> None:
        if self.visit is None or not self.timeline.size.width:
            return
        scene = self._scene(self.visit)
        rows = self._rows(self.visit)
        self.timeline.show(rows, scene, self._for_me(self.visit), self._desk.look_of(self.visit.id))
        if self.visit.is_fresh and self.visit.is_loaded:
            self.arrive()
        self.draw_lines()

    def draw_lines(self) -> None:
        """All but the messages."""
        visit, styles = self.visit, self._desk.styles
        if visit is None:
            return
        state = self._desk.state
        self.query_one("#bar", Static).update(self._bar(visit, styles))
        self._tell("#pill", self._pill(visit))
        self._tell("#reason", safe_text(visit.reason))
        self._tell("#context", self._about(visit, styles))
        self.query_one("#typing", Static).update(
            Text(typing_line(state.typists(visit.id)), no_wrap=True, overflow="ellipsis")
        )
        # As words: a string would be read for markup.
        self.composer.placeholder = Content(self._hint(visit))

    def draw_status(self) -> None:
        self.query_one("#status", Static).update(self._desk.status.shown(len(self._desk.outgoing), self._desk.styles))

    def _tell(self, name: str, words: Text | str) -> None:
        line = self.query_one(name, Static)
        shown = Text(words) if isinstance(words, str) else words
        line.display = bool(shown.plain)
        line.update(shown)

    def _scene(self, visit: Visit) -> Scene:
        state, console = self._desk.state, self.app.console
        width = self.timeline.measure
        return Scene(
            state.people,
            self._desk.me,
            state.blocked,
            self._desk.url,
            self._desk.styles,
            console,
            width,
            visit.known.timeline.quote,
        )

    def _rows(self, visit: Visit) -> list[Row]:
        waiting = self._desk.outgoing.of(visit.id)
        is_live = self._desk.state.status == "live"
        held, me = visit.known.timeline, self._desk.me
        rows = [*rows_of(held, waiting, visit.notices, me, visit.read_up_to, is_live=is_live)]
        if visit.is_fresh and not visit.is_loaded and visit.known.unread > len(held) > 0:
            return []  # more is on its way, and would move what is shown
        if not rows and visit.room is not None:
            return [Notice(0, "Nothing has been said here yet.")]
        return rows

    def _for_me(self, visit: Visit) -> set[int]:
        """What mentions the reader, by name or together with others."""
        me = self._desk.me
        return {
            message.number for message in visit.known.timeline if message.author != me and is_for(me, message, None)
        }

    def _bar(self, visit: Visit, styles: Styles) -> Text:
        state, row = self._desk.state, visit.known.row
        title = safe_text(title_of(state, visit.known))
        named = (title if is_talk(visit.known) else f"#{title}", styles.name)
        bar = Text.assemble(named, no_wrap=True, overflow="ellipsis")
        if is_talk(visit.known):
            handles = " ".join(f"@{person.handle}" for person in others_in(state, visit.known) if person.handle)
            return bar.append(f"  {safe_text(handles)}", styles.hint)
        if visit.known.members:
            online = f", {visit.known.online} online" if state.status == "live" else ""
            members = "1 member" if visit.known.members == 1 else f"{visit.known.members} members"
            bar.append(f"  {members}{online}", styles.hint)
        if row.topic:
            bar.append(f"  {safe_text(' '.join(row.topic.split()))}", styles.quiet)
        return bar

    def _pill(self, visit: Visit) -> str:
        if self.timeline.at_end:
            return ""
        return f"↓ {visit.below} new · Ctrl End" if visit.below else "↓ to the latest · Ctrl End"

    def _about(self, visit: Visit, styles: Styles) -> Text:
        width = max(10, self.size.width - 6)
        if visit.editing is not None:
            return one_line("Editing your message · Esc cancels", width, styles.accent)
        if visit.reply_to is None:
            return Text()
        quoted = visit.known.timeline.quote(visit.reply_to)
        author = self._desk.state.people.get(quoted.author, NOBODY) if quoted is not None else NOBODY
        said = quoted.text if quoted is not None else ""
        return one_line(f"Answering {name_of(author)} · Esc cancels · {said}", width, styles.accent)

    def _hint(self, visit: Visit) -> str:
        if visit.known.row.archived:
            return "This room is archived: nobody posts here."
        sign = "" if is_talk(visit.known) else "#"
        return f"Write to {sign}{safe_text(title_of(self._desk.state, visit.known))}"

    # Writing

    def fill(self) -> None:
        """The composer has what the visit, or the draft of its room, holds."""
        if self.visit is not None:
            editing = self.visit.editing is not None
            self.composer.fill(self.visit.edited_text if editing else self._desk.drafts.text(self.visit.id))

    @on(TextArea.Changed)
    def written(self) -> None:
        visit, text = self.visit, self.composer.text
        if visit is None:
            return
        before = self._desk.drafts.text(visit.id) if visit.editing is None else visit.edited_text
        if text == before:
            return  # it was filled in
        if visit.editing is not None:
            visit.edited_text = text
        else:
            self._desk.drafts.write(visit.id, text)
            self._say_typing(visit.id, text)
        self.suggest_for(self.composer.before_cursor)

    def _say_typing(self, room: int, text: str) -> None:
        now = asyncio.get_running_loop().time()
        if text.strip() and now - self._typed_at >= TYPING_SPAN and self._desk.state.status == "live":
            self._typed_at = now
            self._desk.ask(commands.TypeInRoom(0, room))

    def send(self) -> None:
        visit, text = self.visit, self.composer.text
        if visit is None or not text.strip():
            return
        if self._is_in_code():
            self.composer.insert("\n")
            return
        visit.reason = self._problem_with(text)
        if not visit.reason and visit.editing is not None:
            self._desk.outgoing.edit(visit.id, visit.editing, text.strip())
            self._end_edit(visit)
        elif not visit.reason:
            self._send(visit, text)
        self.draw_lines()

    def _send(self, visit: Visit, text: str) -> None:
        try:
            meant = meant_by(text.strip())
        except UnknownCommand as problem:
            visit.reason = str(problem)
            return
        self._desk.outgoing.send(visit.id, meant.text, meant.kind, visit.reply_to)
        self._desk.drafts.write(visit.id, "")
        visit.reply_to = None
        self.fill()
        self.timeline.go_to_end()

    def _is_in_code(self) -> bool:
        """Enter is a new line in a block of code that is still open."""
        row, _ = self.composer.cursor_location
        lines = self.composer.text.split("\n")
        fences = [place for place, line in enumerate(lines) if line.lstrip().startswith(FENCE)]
        return len(fences) % 2 == 1 and fences[-1] <= row

    def _problem_with(self, text: str) -> str:
        """More than the server takes might not fit a frame, and would end the connection."""
        limit = self._desk.state.text_limit
        if len(text.strip()) <= limit:
            return ""
        return f"A message holds at most {limit:,} characters; this has {len(text.strip()):,}. Send it as two."

    def edit(self, message: Message) -> None:
        if self.visit is not None:
            self.visit.editing, self.visit.edited_text, self.visit.reason = message.number, message.text, ""
            self.fill()
            self.draw_lines()
            self.composer.focus()

    def answer(self, message: Message) -> None:
        if self.visit is not None:
            self.visit.reply_to = message.number
            self.draw_lines()
            self.composer.focus()

    def _end_edit(self, visit: Visit) -> None:
        visit.editing, visit.edited_text = None, ""
        self.fill()

    @on(Composer.LastWanted)
    def edit_last(self) -> None:
        messages = [] if self.visit is None else [*self.visit.known.timeline]
        mine = [each for each in messages if each.author == self._desk.me and not each.removed and each.text]
        if mine:
            self.edit(mine[-1])

    @on(Composer.Cancelled)
    def cancel(self) -> None:
        """One step at a time."""
        visit = self.visit
        if visit is None:
            return
        if self.suggestions.is_open:
            self.suggest([])
        elif visit.reason:
            visit.reason = ""
        elif visit.editing is not None:
            self._end_edit(visit)
        elif visit.reply_to is not None:
            visit.reply_to = None
        else:
            self.timeline.action_end()
        self.draw_lines()

    @on(Composer.Scrolled)
    def scroll(self, event: Composer.Scrolled) -> None:
        if event.step:
            self.timeline.action_page(event.step)
        else:
            self.timeline.action_end()

    # Completing

    def suggest(self, suggestions: list[Suggestion]) -> None:
        self.suggestions.offer(suggestions)
        self.composer.suggesting = self.suggestions.is_open

    def suggest_for(self, line: str) -> None:
        word = begun(line)
        if word is None:
            self.suggest([])
            return
        self.suggest(self._meant(word, []))
        if word.sign == "@" and word.prefix and self._desk.state.status == "live":
            self._ask_for_people(word)

    def _meant(self, word: Begun, found: list[Person]) -> list[Suggestion]:
        state, visit = self._desk.state, self.visit
        if word.sign == "#":
            return rooms_meant(word.prefix, state.rooms.values())
        if word.sign == ":":
            return emoji_meant(word.prefix)
        messages = [*visit.known.timeline][::-1] if visit is not None else []
        speakers = [state.people[each.author] for each in messages if each.author in state.people]
        members = visit.known.row.people if visit is not None else []
        return people_meant(word.prefix, [*speakers, *members, *found], self._desk.me, state.blocked)

    @work(exclusive=True, group="people")
    async def _ask_for_people(self, word: Begun) -> None:
        """Who said nothing here lately is known to the server."""
        await asyncio.sleep(SEARCH_PAUSE)
        visit = self.visit
        if visit is None:
            return
        try:
            found = await self._desk.connection.request(commands.SearchPeople(0, visit.id, word.prefix))
        except ClientError:
            return
        assert isinstance(found, events.PeopleFound)
        if begun(self.composer.before_cursor) == word:
            self.suggest(self._meant(word, [*found.people, *found.others]))

    @on(Composer.Completed)
    def complete(self) -> None:
        chosen = self.suggestions.chosen
        if chosen is not None:
            self.composer.complete(chosen.inserted)
            self.suggest([])
        else:
            self.timeline.focus()
            if self.timeline.chosen is None:
                self.timeline.action_step(0)

    @on(Composer.Stepped)
    def step(self, event: Composer.Stepped) -> None:
        self.suggestions.step(event.step)

    @on(OptionList.OptionSelected, "#suggestions")
    def clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.complete()

    # Reading

    @on(Timeline.Resized)
    def resized(self) -> None:
        self.draw()

    @on(Timeline.Moved)
    def moved(self) -> None:
        if self.visit is not None:
            if self.timeline.at_end:
                self.visit.below = 0
            self._tell("#pill", self._pill(self.visit))
            self.post_message(self.Read())

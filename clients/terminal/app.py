"""The terminal, whole: rooms at the left, one of them at the right."""

from typing import Any, ClassVar

from rich.text import Text
from textual import events, on, work
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import OptionList

from app.protocol import commands
from app.protocol.events import MemberJoined, MemberLeft, Message
from clients.command_line import room_called
from clients.connection import Connection
from clients.failures import ClientError
from clients.names import name_of
from clients.palette import DAY, DUSK, PALETTES
from clients.room_lists import is_new, lists_of
from clients.safe_text import safe_text
from clients.state import Change
from clients.storing import Send
from clients.terminal.asking import Asking
from clients.terminal.desk import Desk
from clients.terminal.drawing import one_line
from clients.terminal.help import Help
from clients.terminal.keys import bindings_of, keys_of
from clients.terminal.palette import theme_of
from clients.terminal.reacting import Reacting
from clients.terminal.read_marker import ReadMarker
from clients.terminal.room_list import RoomList
from clients.terminal.room_view import RoomView
from clients.terminal.searching import Searching
from clients.terminal.switcher import Switcher
from clients.terminal.timeline import Timeline
from clients.terminal.visit import Visit

SOON = 0.02
"""Seconds in which what changes is drawn together."""
MOST_OPEN = 8
"""Rooms that stay open, so that going back to one takes no time."""
PAGE = 100
REACH = 1_000
"""How many messages are loaded to reach an older one."""
NARROW = 70
"""Columns below which the rooms have no place beside the messages."""


class ChatApp(App[None]):
    """`room` is where to begin, as `rooms` and `send` name it; `url` is where the server's pages are."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("anywhere")
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (NARROW, "-wide")]  # noqa: RUF012  Textual declares it so
    CSS = """
    #all { height: 1fr; }
    .-narrow RoomList { display: none; width: 1fr; }
    .-narrow.-rooms RoomList { display: block; }
    .-narrow.-rooms RoomView { display: none; }
    .-wide.-rooms RoomList { display: none; }
    """

    def __init__(self, connection: Connection, url: str, room: str | None = None) -> None:
        super().__init__()
        self.desk = Desk(connection, url, self._waiting_changed, self._refused, self._filled)
        self.room_list = RoomList()
        self.view = RoomView(self.desk)
        self.visits: dict[int, Visit] = {}
        self._wanted = room
        self._marker = ReadMarker(connection, self._reading)
        self._dirty: set[str] = set()
        self._is_due = False
        self._away = False
        self._loading = False
        for palette in PALETTES.values():
            self.register_theme(theme_of(palette))
        self.theme = DUSK.name

    def compose(self) -> ComposeResult:
        with Horizontal(id="all"):
            yield self.room_list
            yield self.view

    def on_mount(self) -> None:
        self._forget = self.desk.connection.watch(self._changed)
        self.desk.connection.start()
        self._touch("status", "rooms")
        self.set_interval(1.0, self._tick)
        self.view.composer.focus()

    def on_unmount(self) -> None:
        self._marker.stop()
        self._forget()

    @property
    def visit(self) -> Visit | None:
        return self.view.visit

    @property
    def _is_whole(self) -> bool:
        """Not before it is mounted, nor while it ends, which takes it apart from the inside."""
        return self.view.is_mounted and bool(self.view.query(Timeline))

    # What changes

    def _changed(self, change: Change) -> None:
        if change.what == "people":
            self.desk.rename()
        if change.what == "drafts" and change.room is None:
            self.desk.drafts.meet(self.desk.state.drafts)
        elif change.what == "drafts" and change.room in self.desk.state.drafts:
            self.desk.drafts.hear(self.desk.state.drafts[change.room])
        if change.what == "status":
            self._status_changed()
        self._touch(change.what)

    def _status_changed(self) -> None:
        status = self.desk.state.status
        self.desk.status.look()
        self._away = self._away or status != "live"
        if status == "offline":
            self._ask_why()

    @work(exclusive=True, group="why")
    async def _ask_why(self) -> None:
        try:
            await self.desk.connection.until_live()
        except ClientError as problem:
            self.desk.status.reason = str(problem)
            self._touch("status")

    def _touch(self, *what: str) -> None:
        self._dirty.update(what)
        if not self._is_due:
            self._is_due = True
            self.set_timer(SOON, self._draw)

    def _waiting_changed(self, room: int) -> None:
        if not self.desk.outgoing.of(room):
            self.desk.drafts.save_soon()
        self._touch("messages", "status")

    def _refused(self, waiting: Send, reason: str) -> None:
        """It comes back to where it was written, behind what is there now."""
        visit = self.visits.get(waiting.room)
        if waiting.edits is not None and visit is not None and visit.editing is None:
            visit.editing, visit.edited_text = waiting.edits, waiting.text
        else:
            before = self.desk.drafts.text(waiting.room)
            text = f"{before}\n\n{waiting.written}" if before.strip() else waiting.written
            self.desk.drafts.write(waiting.room, text)
        if visit is not None:
            visit.reason = f"Not sent: {reason}"
            visit.reply_to = visit.reply_to or waiting.reply_to
        self._filled(waiting.room)

    def _filled(self, room: int) -> None:
        if self.visit is not None and self.visit.id == room:
            self.view.fill()
        self._touch("messages", "rooms")

    def _tick(self) -> None:
        if self.desk.state.status != "live" and self._is_whole:
            self.view.draw_status()

    def _draw(self) -> None:
        """All that has changed, at once."""
        dirty, self._dirty, self._is_due = self._dirty, set(), False
        if not self._is_whole:
            return
        if self.visit is None and self.desk.state.rooms:
            self._enter_first()
        elif self.visit is not None and self.desk.state.room(self.visit.id) is None and self.desk.state.rooms:
            self._thrown_out(self.visit)
        elif self.visit is not None and dirty & {"messages", "rooms", "people", "status"}:
            self.visit.look(self.desk.me, is_seen=self._reading() is not None and not self._away)
            self._away = self.desk.state.status != "live"
            self.view.draw()
        else:
            self.view.draw_lines()
        self._draw_rooms()
        self.view.draw_status()
        self._marker.look()

    def _draw_rooms(self) -> None:
        opened = self.visit.id if self.visit is not None else None
        drafts = {room for room in self.desk.state.rooms if self.desk.drafts.has(room)}
        self.room_list.show(self.desk.state, opened, drafts, self.desk.styles)

    # Rooms

    def _enter_first(self) -> None:
        state = self.desk.state
        self._dress_as_wanted()
        wanted = room_called(self._wanted, state) if self._wanted is not None else None
        known = state.room_called(wanted) if isinstance(wanted, str) else state.rooms.get(wanted or 0)
        listed = lists_of(state).all or [*state.rooms.values()]
        first = known or next((room for room in listed if is_new(state, room)), listed[0])
        self.enter(first.row.id)
        if self._wanted is not None and known is None and self.visit is not None:
            self.visit.reason = "There is no such room among yours."

    def _dress_as_wanted(self) -> None:
        if self.desk.state.preferences is not None and self.desk.state.preferences.theme == "day":
            self.theme = DAY.name

    def enter(self, room: int) -> None:
        known = self.desk.state.room(room)
        if known is None:
            return
        visit = self.visits.pop(room, None)
        if visit is None or visit.known is not known:
            visit = Visit(known)
        self.visits[room] = visit
        self.screen_stack[0].remove_class("-rooms")
        self.view.enter(visit)
        self._open(visit)
        self._close_others()
        self.view.composer.focus()
        self._touch("rooms", "messages")

    @work
    async def _open(self, visit: Visit) -> None:
        """And hear of who comes and goes, as long as it is open."""
        try:
            if visit.room is None:
                visit.room = await self.desk.connection.open(visit.id)
                await self._load_new(visit)
                visit.loaded()
                self._touch("messages")
                async for event in visit.room:
                    self._note(visit, event)
        except ClientError as problem:
            visit.room = None
            visit.reason = str(problem)
            self._touch("messages")

    async def _load_new(self, visit: Visit) -> None:
        """So far back as to see where reading stopped."""
        assert visit.room is not None
        while visit.read_up_to is not None and visit.known.timeline.first > visit.read_up_to + 1:
            if len(visit.known.timeline) > REACH or not await visit.room.older(PAGE):
                return

    def _note(self, visit: Visit, event: Any) -> None:
        if isinstance(event, MemberJoined | MemberLeft):
            deed = "joined" if isinstance(event, MemberJoined) else "left" if event.by is None else "was taken out"
            visit.note(f"{name_of(event.person)} {deed}")
            self._touch("messages")

    def _close_others(self) -> None:
        while len(self.visits) > MOST_OPEN:
            oldest = next(iter(self.visits))
            del self.visits[oldest]
            self._close(oldest)

    @work
    async def _close(self, room: int) -> None:
        await self.desk.connection.close_room(room)

    def _thrown_out(self, visit: Visit) -> None:
        self.visits.pop(visit.id, None)
        self.enter(lists_of(self.desk.state).all[0].row.id)
        if self.visit is not None:
            self.visit.reason = "You are not in that room any more."

    @on(OptionList.OptionSelected, "#rooms")
    def room_clicked(self, event: OptionList.OptionSelected) -> None:
        if event.option_id is not None:
            self.enter(int(event.option_id))

    def action_step_room(self, step: int) -> None:
        rooms = [room.row.id for room in self._listed()]
        if rooms and self.visit is not None:
            at = rooms.index(self.visit.id) if self.visit.id in rooms else 0
            self.enter(rooms[(at + step) % len(rooms)])

    def action_step_unread(self, step: int) -> None:
        rooms = self._listed()
        ids = [room.row.id for room in rooms]
        at = ids.index(self.visit.id) if self.visit is not None and self.visit.id in ids else 0
        turned = [*rooms[at + 1 :], *rooms[:at]] if step > 0 else [*rooms[:at][::-1], *rooms[at + 1 :][::-1]]
        new = next((room.row.id for room in turned if is_new(self.desk.state, room)), None)
        if new is not None:
            self.enter(new)

    def _listed(self) -> list[Any]:
        return lists_of(self.desk.state, self.visit.id if self.visit is not None else None).all

    # Reading

    def _reading(self) -> Visit | None:
        """The room whose end is before somebody's eyes."""
        is_before_eyes = self.app_focus and len(self.screen_stack) == 1 and self.view.display
        visit = self.visit
        if not is_before_eyes or visit is None or visit.is_fresh or not self.view.timeline.at_end:
            return None
        return visit

    @on(RoomView.Read)
    def look_whether_read(self) -> None:
        self._marker.look()

    def on_app_focus(self) -> None:
        self.desk.connection.hurry()
        self._touch("messages")

    def on_app_blur(self) -> None:
        self._marker.stop()

    @on(Timeline.OlderWanted)
    async def older_wanted(self) -> None:
        if not self._loading and self.visit is not None and self.visit.room is not None:
            self._loading = True
            self._load_older(self.visit)

    @work
    async def _load_older(self, visit: Visit) -> None:
        try:
            if visit.room is not None and await visit.room.older():
                self._touch("messages")
        except ClientError as problem:
            visit.reason = str(problem)
            self._touch("status")
        finally:
            self._loading = False

    # Messages

    def _chosen(self) -> Message | None:
        view = self.view
        message = view.timeline.message(view.timeline.chosen)
        return message if message is not None and not message.removed else None

    def action_reply(self) -> None:
        message = self._chosen()
        if message is not None:
            self.view.answer(message)

    def action_edit(self) -> None:
        message, visit = self._chosen(), self.visit
        if message is None or visit is None:
            return
        if message.author == self.desk.me:
            self.view.edit(message)
        else:
            visit.reason = "You can edit only what you wrote yourself."
            self._touch("status")

    @work
    async def action_react(self) -> None:
        message, visit = self._chosen(), self.visit
        if message is None or visit is None:
            return
        emoji = await self.push_screen_wait(Reacting())
        if emoji is not None:
            mine = any(each.emoji == emoji and self.desk.me in each.people for each in message.reactions)
            await self._try(visit, commands.React(0, visit.id, message.number, emoji, not mine))

    @work
    async def action_remove(self) -> None:
        message, visit = self._chosen(), self.visit
        if message is None or visit is None:
            return
        shown = one_line(message.text or ", ".join(file.name for file in message.files), 200, self.desk.styles.quiet)
        if await self.push_screen_wait(Asking("Remove this message?", shown, "Remove message", "Keep it")):
            await self._try(visit, commands.RemoveMessage(0, visit.id, message.number))

    async def _try(self, visit: Visit, command: commands.Command) -> None:
        try:
            await self.desk.connection.request(command)
        except ClientError as problem:
            visit.reason = str(problem)
        self._touch("messages")

    def action_compose(self) -> None:
        self.view.composer.focus()

    def on_key(self, event: events.Key) -> None:
        """A letter among the messages that does nothing there is the beginning of a text."""
        is_free = event.is_printable and event.key not in keys_of("timeline")
        if self.focused is self.view.timeline and is_free and event.character:
            self.view.composer.focus()
            self.view.composer.insert(event.character)

    # Layers

    @work
    async def action_jump(self) -> None:
        if len(self.screen_stack) > 1:
            return
        recent = [*self.visits][::-1]
        room = await self.push_screen_wait(Switcher(self.desk.state, recent[1:] + recent[:1], self.desk.styles))
        if room is not None:
            self.enter(int(room))

    @work
    async def action_search(self) -> None:
        if len(self.screen_stack) > 1:
            return
        found = await self.push_screen_wait(Searching(self.desk.connection, self.desk.styles))
        if found is not None:
            room, number = (int(each) for each in found.split("."))
            if self.visit is None or self.visit.id != room:
                self.enter(room)
            await self._go_to(number)

    async def _go_to(self, number: int) -> None:
        """To a message of the room, wherever it is."""
        visit = self.visit
        if visit is None:
            return
        try:
            visit.room = visit.room or await self.desk.connection.open(visit.id)
            visit.loaded()
            while visit.known.timeline.first > number and len(visit.known.timeline) < REACH:
                if not await visit.room.older(PAGE):
                    break
        except ClientError as problem:
            visit.reason = str(problem)
        if visit is self.visit:
            visit.is_fresh = False
            self.view.draw()
            self._show(visit, number)

    def _show(self, visit: Visit, number: int) -> None:
        if visit.known.timeline.message(number) is None:
            visit.reason = (
                f"That is further back than is held here: {self.desk.url}/chat/{visit.known.row.slug}/{number}"
            )
        else:
            self.view.timeline.choose(number)
            self.view.timeline.focus()
        self._touch("status")

    def action_help(self) -> None:
        if len(self.screen_stack) == 1:
            _ = self.push_screen(Help(self.desk.styles))

    def action_rooms(self) -> None:
        """Where both have a place the list gets the focus first, and goes with the second press."""
        screen = self.screen_stack[0]
        if len(self.screen_stack) > 1:
            return
        if "-narrow" not in screen.classes and not self.room_list.has_focus and "-rooms" not in screen.classes:
            self.room_list.focus()
            return
        screen.toggle_class("-rooms")
        is_listed = ("-narrow" in screen.classes) == ("-rooms" in screen.classes)
        (self.room_list if is_listed else self.view.composer).focus()
        self._touch("messages")

    def action_theme(self) -> None:
        self.theme = DAY.name if self.theme == DUSK.name else DUSK.name

    def watch_theme(self, name: str) -> None:
        self.desk.dress(PALETTES.get(name, DUSK))
        if self.is_running:
            self._touch("messages", "rooms")

    def action_hurry(self) -> None:
        self.desk.connection.hurry()

    @work(exclusive=True, group="leave")
    async def action_leave(self) -> None:
        """What waits is told of first."""
        waiting = [*self.desk.outgoing]
        if waiting:
            shown = Text("\n").join(
                [Text(safe_text(each.written[:200]), self.desk.styles.quiet) for each in waiting[:5]]
            )
            count = "A message has" if len(waiting) == 1 else f"{len(waiting)} messages have"
            if not await self.push_screen_wait(Asking(f"{count} not been sent.", shown, "Quit all the same", "Stay")):
                return
        await self.desk.drafts.flush()
        self.exit()


async def chat(connection: Connection, url: str, room: str | None = None) -> list[str]:
    """Until the person leaves; what they wrote and nobody else has, so that it can be told where it is not lost."""
    app = ChatApp(connection, url, room)
    try:
        await app.run_async()
        return [*(waiting.written for waiting in app.desk.outgoing), *app.desk.drafts.unsaved]
    finally:
        await connection.close()

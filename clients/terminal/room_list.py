"""The rooms at the left, with what is new in each."""

from rich.text import Text
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from clients.known_room import KnownRoom
from clients.room_lists import count_in, for_reader_in, is_new, is_quiet, is_talk, lists_of, others_in, title_of
from clients.safe_text import safe_text
from clients.state import State
from clients.terminal.palette import Styles

WIDTH = 26
HERE, AWAY, GONE = "● ", "◐ ", "○ "


class RoomList(OptionList):
    DEFAULT_CSS = f"""
    RoomList {{
        width: {WIDTH}; height: 1fr; border: none; padding: 0 1; background: $frame; color: $ink-2;
        scrollbar-size-vertical: 1; scrollbar-background: $frame;
        & > .option-list--option {{ padding: 0; }}
        & > .option-list--option-disabled {{ color: $ink-3; }}
        & > .option-list--option-highlighted {{ background: $frame; color: $ink-2; text-style: none; }}
        &:focus {{ background-tint: $frame 0%; }}
        &:focus > .option-list--option-highlighted {{ background: $select; color: $ink; }}
        &:nocolor:focus > .option-list--option-highlighted {{ text-style: reverse; }}
    }}
    """

    def __init__(self) -> None:
        super().__init__(id="rooms")
        self._shown: list[tuple[str | None, str]] = []

    def show(self, state: State, opened: int | None, drafts: set[int], styles: Styles) -> None:
        lists = lists_of(state, opened)
        options: list[tuple[str | None, Text]] = []
        for heading, rooms in zip(("Favourites", "Rooms", "Direct messages"), lists, strict=True):
            if rooms:
                options.append((None, Text(f"\n{heading}" if options else heading, styles.hint)))
                options += [(str(room.row.id), self._row(state, room, opened, drafts, styles)) for room in rooms]
        look = [(key, prompt.markup) for key, prompt in options]
        if look != self._shown:
            self._shown = look
            self._replace(options, opened)

    def _replace(self, options: list[tuple[str | None, Text]], opened: int | None) -> None:
        at = self.highlighted_option.id if self.has_focus and self.highlighted_option is not None else str(opened)
        top = self.scroll_y
        self.clear_options()
        self.add_options([Option(prompt, id=key, disabled=key is None) for key, prompt in options])
        keys = [key for key, _ in options]
        self.highlighted = keys.index(at) if at in keys else None
        self.scroll_to(y=top, animate=False)

    def _row(self, state: State, room: KnownRoom, opened: int | None, drafts: set[int], styles: Styles) -> Text:
        """As wide as the list: the name is cut, never the count."""
        mine, count = for_reader_in(state, room), count_in(state, room)
        badge = f"@{mine}" if mine and not is_talk(room) else str(mine or count or "")
        pencil = " ✎" if room.row.id in drafts and room.row.id != opened else ""
        here = room.row.id == opened
        quiet = styles.hint if is_quiet(state, room) else styles.quiet
        style = styles.accent if here else styles.name if is_new(state, room) else quiet
        name = Text(
            f"{'›' if here else ' '}{_sign(state, room)}{safe_text(title_of(state, room))}", style, no_wrap=True
        )
        width = WIDTH - 3 - len(badge) - len(pencil) - bool(badge)
        name.truncate(width, overflow="ellipsis", pad=True)
        return Text.assemble(
            name, (pencil, styles.hint), " " if badge else "", (badge, styles.for_me if mine else styles.quiet)
        )


def _sign(state: State, room: KnownRoom) -> str:
    """Of a talk whether the other one is there, by shape as by colour."""
    if not is_talk(room):
        return "#"
    others = others_in(state, room)
    if len(others) != 1:
        return f"{len(others)} "
    person = others[0].id
    if person not in room.row.here or state.status != "live":
        return GONE
    return AWAY if person in room.row.idle else HERE

"""Jump to a room by a few letters of its name."""

from rich.text import Text

from clients.jumping import score
from clients.known_room import KnownRoom
from clients.room_lists import count_in, for_reader_in, is_new, is_talk, title_of
from clients.safe_text import safe_text
from clients.state import State
from clients.terminal.palette import Styles
from clients.terminal.picker import Choice, Picker


class Switcher(Picker):
    """Without letters: what has something new, then the rooms that one was in, the last one first."""

    placeholder = "Jump to …"

    def __init__(self, state: State, recent: list[int], styles: Styles) -> None:
        super().__init__()
        self._state = state
        self._recent = recent
        self._styles = styles

    def choices(self, query: str) -> list[Choice]:
        rooms = [*self._state.rooms.values()]
        scored = [(score(query, self._called(room)), room) for room in rooms]
        found = [(points, room) for points, room in scored if points is not None]
        found.sort(key=lambda each: (-each[0], *self._order(each[1])))
        return [Choice(str(room.row.id), self._shown(room)) for _, room in found[:50]]

    def _order(self, room: KnownRoom) -> tuple[bool, bool, int, str]:
        recent = self._recent.index(room.row.id) if room.row.id in self._recent else len(self._recent)
        return not for_reader_in(self._state, room), not is_new(self._state, room), recent, self._called(room)

    def _called(self, room: KnownRoom) -> str:
        return title_of(self._state, room) if is_talk(room) else f"{room.row.name} {room.row.slug}"

    def _shown(self, room: KnownRoom) -> Text:
        sign = "@" if is_talk(room) else "#"
        shown = Text(f"{sign}{safe_text(title_of(self._state, room))}", no_wrap=True, overflow="ellipsis")
        mine, count = for_reader_in(self._state, room), count_in(self._state, room)
        if mine or count:
            shown.append(f"  {mine or count} new", self._styles.accent if mine else self._styles.quiet)
        return shown

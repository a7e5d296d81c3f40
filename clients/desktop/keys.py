"""Each key once: for what binds it, and for docs/desktop.md."""

from typing import Literal, NamedTuple

Where = Literal["anywhere", "writing", "reading"]


class Key(NamedTuple):
    """`events` are Tk's; `deed` is the method that it calls, of the window or, where one writes or reads, of
    the room; empty where the composer binds it itself."""

    where: Where
    shown: str
    events: tuple[str, ...]
    deed: str
    does: str


KEYS = (
    Key("anywhere", "Ctrl K", ("<Control-k>", "<Control-K>"), "switch", "jump to a room"),
    Key("anywhere", "Alt Up", ("<Alt-Up>",), "go_up", "previous room"),
    Key("anywhere", "Alt Down", ("<Alt-Down>",), "go_down", "next room"),
    Key("anywhere", "Alt Shift Up", ("<Alt-Shift-Up>",), "go_up_to_new", "previous room with something new"),
    Key("anywhere", "Alt Shift Down", ("<Alt-Shift-Down>",), "go_down_to_new", "next room with something new"),
    Key("anywhere", "F6", ("<F6>",), "next_part", "from the rooms to the messages, to the composer"),
    Key("anywhere", "Shift F6", ("<Shift-F6>",), "previous_part", "the other way round"),
    Key("anywhere", "Ctrl G", ("<Control-g>", "<Control-G>"), "toggle_rooms", "show or hide the rooms"),
    Key("anywhere", "Ctrl R", ("<Control-r>", "<Control-R>"), "hurry", "connect now, without waiting"),
    Key("anywhere", "Ctrl +", ("<Control-plus>", "<Control-equal>", "<Control-KP_Add>"), "larger", "larger text"),
    Key("anywhere", "Ctrl -", ("<Control-minus>", "<Control-KP_Subtract>"), "smaller", "smaller text"),
    Key("anywhere", "Ctrl 0", ("<Control-Key-0>",), "usual_size", "text as large as usual"),
    Key("anywhere", "Ctrl T", ("<Control-t>", "<Control-T>"), "toggle_theme", "by day, at dusk"),
    Key("anywhere", "Ctrl Q", ("<Control-q>", "<Control-Q>"), "end", "quit"),
    Key("writing", "Enter", (), "", "send"),
    Key("writing", "Shift Enter", (), "", "new line"),
    Key("writing", "Up", ("<Up>",), "edit_last", "in an empty composer: edit your last message"),
    Key("writing", "Page Up", ("<Prior>",), "page_up", "a page up in the messages; at their beginning load older ones"),
    Key("writing", "Page Down", ("<Next>",), "page_down", "a page down in the messages"),
    Key("writing", "Esc", ("<Escape>",), "cancel", "cancel an answer or an edit, then go to the latest message"),
    Key("reading", "Up", ("<Up>",), "choose_up", "choose the message above"),
    Key("reading", "Down", ("<Down>",), "choose_down", "choose the message below"),
    Key("reading", "Page Up", ("<Prior>",), "page_up", "a page up; at the beginning load older messages"),
    Key("reading", "Page Down", ("<Next>",), "page_down", "a page down"),
    Key("reading", "End", ("<End>",), "to_end", "the latest message"),
    Key("reading", "Enter", ("<Return>",), "follow_chosen", "open its link or file; send again what was not sent"),
    Key("reading", "R", ("r",), "answer", "answer"),
    Key("reading", "E", ("e",), "edit", "edit, if it is yours; take back what was not sent"),
    Key("reading", "+", ("<plus>",), "react", "react"),
    Key("reading", "Delete", ("<Delete>",), "remove", "remove, after a question"),
    Key("reading", "Esc", ("<Escape>",), "write", "back to the composer"),
)

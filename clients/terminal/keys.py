"""The keys: what is bound, what the help shows and docs/terminal.md lists are all this table."""

from typing import Literal, NamedTuple

from textual.binding import Binding, BindingType

Where = Literal["anywhere", "composer", "timeline"]


class Key(NamedTuple):
    """`keys` are Textual's names for them, `action` is what is done; None: the composer sees to it by itself."""

    where: Where
    keys: str
    shown: str
    does: str
    action: str | None = None


KEYS = (
    Key("anywhere", "ctrl+k", "Ctrl K", "jump to a room", "jump"),
    Key("anywhere", "alt+up", "Alt Up", "previous room", "step_room(-1)"),
    Key("anywhere", "alt+down", "Alt Down", "next room", "step_room(1)"),
    Key("anywhere", "alt+shift+up", "Alt Shift Up", "previous room with something new", "step_unread(-1)"),
    Key("anywhere", "alt+shift+down", "Alt Shift Down", "next room with something new", "step_unread(1)"),
    Key("anywhere", "ctrl+f", "Ctrl F", "search messages", "search"),
    Key("anywhere", "ctrl+g,f2", "Ctrl G, F2", "show, leave or hide the list of rooms", "rooms"),
    Key("anywhere", "f1", "F1", "these keys", "help"),
    Key("anywhere", "ctrl+r", "Ctrl R", "connect now, without waiting", "hurry"),
    Key("anywhere", "ctrl+t", "Ctrl T", "by day, at dusk", "theme"),
    Key("anywhere", "ctrl+q", "Ctrl Q", "quit", "leave"),
    Key("composer", "enter", "Enter", "send"),
    Key("composer", "ctrl+j,alt+enter,shift+enter", "Ctrl J, Alt Enter", "new line"),
    Key("composer", "tab", "Tab", "complete @people, #rooms and :emoji:, else go to the messages"),
    Key("composer", "up", "Up", "in an empty composer: edit your last message"),
    Key("composer", "pageup,pagedown", "Page Up, Page Down", "scroll the messages; at their beginning load older ones"),
    Key("composer", "ctrl+end", "Ctrl End", "go to the latest message"),
    Key("composer", "escape", "Esc", "close what is open, cancel an answer or an edit, then go to the latest message"),
    Key("timeline", "up,k", "Up, K", "choose the message above", "step(-1)"),
    Key("timeline", "down,j", "Down, J", "choose the message below", "step(1)"),
    Key("timeline", "pageup", "Page Up", "a page up; at the beginning load older ones", "page(-1)"),
    Key("timeline", "pagedown", "Page Down", "a page down", "page(1)"),
    Key("timeline", "home,g", "Home, G", "the beginning of what is loaded", "home"),
    Key("timeline", "end,G", "End, Shift G", "the latest message", "end"),
    Key("timeline", "r", "R", "answer", "app.reply"),
    Key("timeline", "e", "E", "edit, if it is yours", "app.edit"),
    Key("timeline", "plus", "+", "react", "app.react"),
    Key("timeline", "d", "D", "remove, after a question", "app.remove"),
    Key("timeline", "slash", "/", "search messages", "app.search"),
    Key("timeline", "question_mark", "?", "these keys", "app.help"),
    Key("timeline", "escape,tab,i", "Esc, Tab, I", "back to the composer", "app.compose"),
)


def bindings_of(where: Where) -> list[BindingType]:
    """Those anywhere come before what the focused widget would do with the key."""
    return [
        Binding(key.keys, key.action, key.does, show=False, priority=where == "anywhere")
        for key in KEYS
        if key.where == where and key.action is not None
    ]


def keys_of(where: Where) -> set[str]:
    return {each for key in KEYS if key.where == where for each in key.keys.split(",")}

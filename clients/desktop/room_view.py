"""The open room: what was said in it above, and what one says below."""

import time
import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from clients.desktop import asks
from clients.desktop.asks import Ask
from clients.desktop.changes import NotStored, OlderShown, RoomRow, Stored, Talk, Typing
from clients.desktop.composer import Composer
from clients.desktop.drawing import DISCARD, OLDER, RESEND, TAKE_BACK, author_of
from clients.desktop.fonts import Fonts
from clients.desktop.header import Header
from clients.desktop.links import open_in_browser, web_address
from clients.desktop.rows import Row, Said, Unstored, rows_of
from clients.desktop.timeline import Timeline
from clients.desktop.unsent import Unsent, Waiting
from clients.desktop.visit import Visit
from clients.nonce import new_nonce
from clients.palette import Palette
from clients.safe_text import safe_text
from clients.slash import Meant, UnknownCommand, meant_by
from clients.storing import Send
from clients.typing_line import typing_line

TELL_WRITING_EVERY = 3.0
"""Seconds."""
EMOJI = ("👍", "❤️", "😂", "🎉", "👀", "✅")
AGAIN = "Press Delete once more to remove this message."


class RoomView(ttk.Frame):
    """`server` is its address, `reader` the id of who reads."""

    def __init__(self, parent: tk.Misc, fonts: Fonts, ask: Callable[[Ask], None], unsent: Unsent, server: str):
        super().__init__(parent, style="Sheet.TFrame")
        self.reader = 0
        self.visit: Visit | None = None
        self.talk: Talk | None = None
        self._ask, self._unsent, self._server = ask, unsent, server
        self._visits: dict[int, Visit] = {}
        self._typing, self._note, self._link = "", "", ""
        self._told_writing = 0.0
        self._asks_older = False
        self._to_remove: int | None = None
        self.header = Header(self, fonts)
        self.timeline = Timeline(self, fonts, self.follow, self._scrolled, self._hover)
        self.composer = Composer(self, fonts, self._sent, self._typed)
        self.header.pack(side="top", fill="x")
        # Else a message that is half scrolled away looks broken.
        ttk.Frame(self, style="Line.TFrame", height=1).pack(side="top", fill="x")
        self.composer.pack(side="bottom", fill="x")
        self.timeline.pack(side="top", fill="both", expand=True)

    # What is shown

    def open(self, row: RoomRow) -> None:
        self.keep_text()
        self.visit = self._visits.setdefault(row.id, Visit(row.id))
        # That somebody mentioned the reader may be heard before how many messages there are.
        self.visit.read_up_to = row.read if row.number > row.read or row.for_reader else None
        self.talk = None
        self._typing = self._note = ""
        self._asks_older = False
        self.timeline.clear()
        self.entitle(row)
        self._show_text()
        self._ask(asks.OpenRoom(row.id))

    def entitle(self, row: RoomRow | None) -> None:
        self.header.show(row, self.talk)
        if row is not None:
            self.composer.tell_inside(f"Write to {'' if row.is_talk else '#'}{safe_text(row.title)}")

    def show(self, talk: Talk) -> None:
        if self.visit is None or talk.room != self.visit.room:
            return
        self.talk = talk
        for message in talk.messages:
            if message.author == self.reader and self._unsent.find(message.nonce) is not None:
                self._unsent.drop(message.nonce)
        self._draw()

    def show_typing(self, typing: Typing) -> None:
        if self.visit is not None and typing.room == self.visit.room:
            self._typing = typing_line(typing.people)
            self._tell_below()

    def stored(self, change: Stored) -> None:
        self._unsent.drop(change.nonce)
        self._draw()

    def not_stored(self, change: NotStored) -> None:
        """It stays where it was written, with the reason."""
        self._unsent.refuse(change.nonce, change.why)
        self._draw()

    def older_shown(self, change: OlderShown) -> None:
        if self.visit is not None and change.room == self.visit.room:
            self._asks_older = False

    def tell(self, note: str) -> None:
        """Until the next key."""
        self._note = note
        self._tell_below()

    def leave_window(self) -> None:
        """What comes from here on is new to whoever comes back."""
        if self.visit is not None and self.talk is not None and self.talk.messages:
            last = self.talk.messages[-1].number
            if self.visit.told_read >= last:
                self.visit.read_up_to = last

    def read_what_is_seen(self) -> None:
        """The end is in view, in a window that has the focus."""
        if self.visit is None or self.talk is None or not self.talk.messages or not self.timeline.at_end:
            return
        last = self.talk.messages[-1].number
        if last > self.visit.told_read:
            self.visit.told_read = last
            self._ask(asks.MarkRead(self.visit.room, last))

    def came_back(self) -> None:
        """What was told over the last line may not have arrived."""
        for visit in self._visits.values():
            visit.told_read = 0

    def _draw(self) -> None:
        if self.talk is not None and self.visit is not None:
            waiting = self._unsent.of(self.visit.room)
            self.timeline.show(rows_of(self.talk, waiting, self.reader, self.visit.read_up_to))

    def _hover(self, link: str) -> None:
        self._link = safe_text(link)
        self._tell_below()

    def _tell_below(self) -> None:
        self.composer.tell_below(self._link or self._note or self._typing)

    def _scrolled(self) -> None:
        if self.timeline.text.yview()[0] <= 0.0 and self.talk is not None and not self.timeline.at_end:
            self._show_older()

    def _show_older(self) -> None:
        if self.visit is not None and self.talk is not None and self.talk.messages and not self._asks_older:
            self._asks_older = self.talk.messages[0].number > 1
            if self._asks_older:
                self._ask(asks.ShowOlder(self.visit.room))

    # Writing

    def keep_text(self) -> None:
        """What is in the composer, where it is found again."""
        if self.visit is None:
            return
        if self.visit.edits is None:
            self._unsent.draft(self.visit.room, self.composer.text)
        else:
            self.visit.edited = self.composer.text

    def keep_edits(self) -> None:
        """The window closes: what was to be saved can be saved at the next start."""
        self.keep_text()
        for visit in self._visits.values():
            if visit.edits is not None and visit.edited.strip():
                self._unsent.keep(Send(visit.room, visit.edited, new_nonce(), edits=visit.edits))

    def _show_text(self) -> None:
        if self.visit is None:
            return
        above = ""
        if self.visit.edits is not None:
            above = "Editing your message · Esc cancels"
        elif self.visit.answers is not None:
            above = f"Answering {self._author_of(self.visit.answers)} · Esc cancels"
        self.composer.tell_above(above)
        is_new = self.visit.edits is None
        self.composer.put(self._unsent.drafts.get(self.visit.room, "") if is_new else self.visit.edited)
        self.composer.entry.focus_set()

    def _author_of(self, number: int) -> str:
        messages = self.talk.messages if self.talk is not None else ()
        author = next((each.author for each in messages if each.number == number), None)
        people = self.talk.people if self.talk is not None else {}
        return author_of(people.get(author)) if author is not None else "a message"

    def _sent(self, text: str) -> None:
        visit = self.visit
        if visit is None:
            return
        is_new = visit.edits is None
        try:
            meant = meant_by(text) if is_new else Meant(text)
        except UnknownCommand as problem:
            self.tell(str(problem))
            return
        send = Send(visit.room, meant.text, new_nonce(), meant.kind, visit.answers, visit.edits)
        visit.write_new()
        if is_new:
            self._unsent.draft(visit.room, "")
        self._show_text()
        self._send(send)
        self.timeline.to_end()

    def _send(self, send: Send) -> None:
        self._unsent.keep(send)
        self._ask(send)
        self._draw()

    def _typed(self) -> None:
        self.keep_text()
        self._note = ""
        self._tell_below()
        now = time.monotonic()
        is_due = now - self._told_writing >= TELL_WRITING_EVERY
        writes = self.visit is not None and self.visit.edits is None and self.composer.text.strip() != ""
        if self.visit is not None and writes and is_due:
            self._told_writing = now
            self._ask(asks.Write(self.visit.room))

    def _edit(self, number: int, text: str) -> None:
        self.keep_text()
        if self.visit is not None:
            self.visit.edits, self.visit.edited = number, text
            self._show_text()

    # What is done with a row

    def follow(self, link: str, row: Row) -> None:
        if link == OLDER:
            self._show_older()
        elif isinstance(row, Unstored):
            deeds = {RESEND: self._resend, TAKE_BACK: self._take_back, DISCARD: self._discard}
            deeds[link](row.waiting)
        else:
            address = web_address(link, self._server)
            if address is not None:
                open_in_browser(address)
            else:
                self.tell(f"Only pages of the web are opened from here: {safe_text(link)}")

    def _resend(self, waiting: Waiting) -> None:
        """With the same nonce: what was stored after all is not stored twice."""
        self._send(waiting.send)

    def _take_back(self, waiting: Waiting) -> None:
        send = waiting.send
        self._unsent.drop(send.nonce)
        self._draw()
        if send.edits is not None:
            self._edit(send.edits, send.written)
            return
        self.keep_text()
        texts = [self._unsent.drafts.get(send.room, ""), send.written]
        self._unsent.draft(send.room, "\n\n".join(text for text in texts if text.strip()))
        if self.visit is not None:
            self.visit.write_new()
            self.visit.answers = send.reply_to
        self._show_text()

    def _discard(self, waiting: Waiting) -> None:
        self._unsent.drop(waiting.send.nonce)
        self._draw()

    # What keys.py names

    def edit_last(self) -> None:
        row = self.timeline.last_own
        if row is not None:
            self._edit(row.message.number, row.message.text)

    def cancel(self) -> None:
        if self.visit is not None and (self.visit.edits is not None or self.visit.answers is not None):
            self.keep_text()
            self.visit.write_new()
            self._show_text()
        else:
            self.to_end()

    def write(self) -> None:
        self.timeline.choose_none()
        self.composer.entry.focus_set()

    def choose_up(self) -> None:
        self.timeline.choose(-1)

    def choose_down(self) -> None:
        self.timeline.choose(1)

    def page_up(self) -> None:
        if self.timeline.text.yview()[0] <= 0.0:
            self._show_older()
        self.timeline.text.yview_scroll(-1, "pages")

    def page_down(self) -> None:
        self.timeline.text.yview_scroll(1, "pages")

    def to_end(self) -> None:
        self.timeline.to_end()

    def follow_chosen(self) -> None:
        row = self.timeline.chosen
        links = self.timeline.links_of(row) if row is not None else []
        if row is None or not links:
            return
        if len(links) == 1 or not isinstance(row, Said):
            self.follow(links[0], row)
            return
        menu = tk.Menu(self, tearoff=False)
        for link in links:
            menu.add_command(label=safe_text(link), command=lambda link=link: self.follow(link, row))  # type: ignore[misc]
        self._pop_up(menu)

    def answer(self) -> None:
        row = self.timeline.chosen
        if isinstance(row, Said) and not row.message.removed and self.visit is not None:
            self.keep_text()
            self.visit.write_new()
            self.visit.answers = row.message.number
            self._show_text()

    def edit(self) -> None:
        row = self.timeline.chosen
        if isinstance(row, Unstored):
            if row.waiting.why is not None:
                self._take_back(row.waiting)
        elif isinstance(row, Said) and row.is_own and not row.message.removed:
            self._edit(row.message.number, row.message.text)

    def react(self) -> None:
        row = self.timeline.chosen
        if not isinstance(row, Said) or row.message.removed or self.visit is None:
            return
        menu = tk.Menu(self, tearoff=False)
        given = {each.emoji for each in row.message.reactions if row.reader in each.people}
        for emoji in dict.fromkeys((*EMOJI, *(each.emoji for each in row.message.reactions))):
            ask = asks.React(self.visit.room, row.message.number, emoji, emoji not in given)
            menu.add_command(label=safe_text(emoji), command=lambda ask=ask: self._ask(ask))  # type: ignore[misc]
        self._pop_up(menu)

    def remove(self) -> None:
        row = self.timeline.chosen
        if isinstance(row, Unstored):
            if row.waiting.why is not None:
                self._discard(row.waiting)
        elif isinstance(row, Said) and self.visit is not None and not row.message.removed:
            number = row.message.number
            if self._to_remove == number:
                self._ask(asks.Remove(self.visit.room, number))
            self._to_remove = None if self._to_remove == number else number
            self.tell(AGAIN if self._to_remove is not None else "")

    def _pop_up(self, menu: tk.Menu) -> None:
        text = self.timeline.text
        menu.tk_popup(text.winfo_rootx() + 40, text.winfo_rooty() + text.winfo_height() // 2)

    def paint(self, palette: Palette) -> None:
        self.timeline.paint(palette)
        self.composer.paint(palette)

"""What a person does in the window, against a real server."""

import asyncio
import json
import stat
from pathlib import Path

from app.chat import editing, memberships, rooms
from clients.palette import DUSK
from tests.clients.desktop.reader import Reader

HOSTILE = json.loads((Path(__file__).parents[1] / "hostile.json").read_text())
TCL = ["[exit]", "$env(HOME)", "{unbalanced", "} {", "\\", 'a"b', "-text", "#{;}", "%W %x", "link1 row1 sel"]


async def test_what_is_said_is_shown_and_what_is_written_is_sent_however_much_comes(reader: Reader) -> None:
    await reader.post("hello there")
    await reader.sees("hello there")
    reader.write("hello back")
    reader.press("<Return>")
    assert reader.window.view.composer.text == ""
    await reader.until(lambda: "Sending" not in reader.shown)
    assert await reader.said() == ["hello there", "hello back"]
    assert reader.shown.count("hello back") == 1
    reader.write("two")
    reader.press("<Shift-Return>")
    assert reader.window.view.composer.text.rstrip("\n") == "two"
    assert await reader.said() == ["hello there", "hello back"]
    async with await reader.site.connect("bo") as bo:
        room = await bo.open("general")
        sending = asyncio.gather(*(room.send(f"flood {number}") for number in range(150)))
        await reader.sees("flood 149")
        await sending
    timeline = reader.window.view.timeline
    assert len(timeline._drawn) <= 160
    assert timeline.at_end
    bo_there = await reader.site.visitor("bo")
    await editing.edit(reader.site.services, bo_there, 1, 100, "flood, edited")
    await reader.sees("flood, edited (edited)")


async def test_a_message_looks_as_it_was_meant_in_colours_and_sizes_that_keys_change(reader: Reader) -> None:
    number = await reader.post("**bold** `code` https://example.org/tides @ada_l\n\n> quoted\n\n```\nblock\n```")
    await reader.sees("block")
    assert "strong" in reader.looks("bold")
    assert "code" in reader.looks("code")
    assert {"link", "for_me"} <= reader.looks("https://example.org/tides")
    assert "mention_me" in reader.looks("@ada_l")
    assert "quote" in reader.looks("quoted")
    assert "block" in reader.looks("block")
    await reader.post("answered", reply_to=number)
    await reader.sees("↱ bo: **bold**")
    window = reader.window
    size = window.fonts.size
    reader.press("<Control-plus>")
    assert window.fonts.size == size + 1
    reader.press("<Control-minus>")
    reader.press("<Control-t>")
    assert window.palette is DUSK
    assert str(window.view.timeline.text.cget("background")) == DUSK.canvas
    reader.press("<F6>")
    assert window.focus_get() is window.list.tree
    reader.press("<Control-k>")
    assert any(child.winfo_class() == "Toplevel" for child in window.winfo_children())


async def test_the_composer_tells_where_it_leads_until_something_is_written(reader: Reader) -> None:
    inside = reader.window.view.composer._inside
    await reader.until(inside.winfo_ismapped)
    assert inside.cget("text") == "Write to #general"
    reader.write("a")
    await reader.until(lambda: not inside.winfo_ismapped())
    reader.write("")
    await reader.until(inside.winfo_ismapped)


async def test_a_message_stands_apart_from_the_one_before_by_the_same_author(reader: Reader) -> None:
    for text in ("first\nsecond line", "third"):
        await reader.post(text)
    await reader.sees("third")
    assert "grouped" in reader.looks("third")
    assert "grouped" not in reader.looks("first") | reader.looks("second line")


async def test_others_can_neither_steer_tcl_nor_the_line(reader: Reader) -> None:
    for text in TCL:
        await reader.post(f"a{text}b")
    await reader.sees(f"a{TCL[-1]}b")
    assert all(f"a{text}b" in reader.shown for text in TCL)
    bo = await reader.site.visitor("bo")
    for text in TCL[:4]:
        made, _ = await rooms.create(reader.site.services, bo, f"n {text}", "public")
        await memberships.join(reader.site.services, await reader.site.visitor("ada_l"), made.id)
    tree = reader.window.list.tree
    await reader.until(lambda: len(tree.get_children()) == 5)
    assert {tree.item(each, "text") for each in tree.get_children()} >= {f"# n {text}" for text in TCL[:4]}
    for each in tree.get_children():
        reader.window.open(int(each))
        await reader.until(lambda: reader.window.view.talk is not None)
    reader.window.switch()
    reader.window.update()
    reader.window.open(1)
    texts = [text for text in HOSTILE if "\0" not in text]
    for text in texts:
        await reader.post(f"a{text.encode('utf-8', 'replace').decode()}b")
    await reader.post("the last")
    await reader.sees("the last")
    assert not {"\x1b", "\x07", "\u202e", "\u2066", "\x9b"} & set(reader.shown)


async def test_the_last_own_message_is_edited_by_up_and_what_is_refused_is_taken_back(reader: Reader) -> None:
    reader.write("a tpyo")
    reader.press("<Return>")
    await reader.until(lambda: "Sending" not in reader.shown)
    reader.press("<Up>")
    assert reader.window.view.composer.text == "a tpyo"
    reader.write("a typo")
    reader.press("<Return>")
    await reader.sees("a typo (edited)")
    assert reader.window.view.composer.text == ""
    long = "m" * 4_001
    reader.write(long)
    reader.press("<Return>")
    await reader.sees("Not sent: ")
    reader.press("<Up>", among_messages=True)
    reader.press("e", among_messages=True)
    assert reader.window.view.composer.text == long
    assert "Not sent" not in reader.shown


async def test_what_waits_is_sent_when_the_line_is_back(reader: Reader) -> None:
    reader.site.proxy.sever()
    await reader.until(lambda: reader.window.line.status == "reconnecting")
    reader.write("meanwhile")
    reader.press("<Return>")
    await reader.sees("meanwhile  Sending")
    reader.site.proxy.heal()
    reader.press("<Control-r>")
    await reader.until(lambda: "Sending" not in reader.shown)
    assert await reader.said() == ["meanwhile"]


async def test_it_is_read_when_the_window_has_the_focus_and_its_end_is_in_view(reader: Reader) -> None:
    window = reader.window
    number = await reader.post("@ada_l look")
    await reader.sees("look")
    window.tk.call("focus", "-force", "")
    window.view.composer.entry.focus_force()
    await reader.until(lambda: window.rooms.rows[0].read == number)
    assert window.title() == "# general – Roost"
    bo = await reader.site.visitor("bo")
    made, _ = await rooms.create(reader.site.services, bo, "attic", "public")
    await memberships.join(reader.site.services, await reader.site.visitor("ada_l"), made.id)
    await reader.post("@ada_l up here", room=made.id)
    await reader.until(lambda: window.title() == "(1) # general – Roost")
    reader.press("<Alt-Shift-Down>")
    await reader.sees("up here")
    assert "New since" in reader.shown
    await reader.until(lambda: window.title() == "# attic – Roost")


async def test_older_messages_come_above_and_what_is_read_stays(reader: Reader) -> None:
    for number in range(110):
        await reader.post(f"word {number:03}")
    await reader.end()
    window = reader.begin()
    await reader.until(lambda: "word 109" in reader.shown and "word 060" in reader.shown)
    assert "word 020" not in reader.shown
    text = window.view.timeline.text
    text.yview_moveto(0.0)
    text.yview_scroll(2, "units")
    window.update()
    place = text.search("word 075", "1.0")
    text.see(place)
    before = text.dlineinfo(text.search("word 075", "1.0"))
    window.view._show_older()
    await reader.sees("word 020")
    after = text.dlineinfo(text.search("word 075", "1.0"))
    assert before is not None
    assert after is not None
    assert abs(after[1] - before[1]) <= 2


async def test_what_was_typed_is_there_at_the_next_start(reader: Reader) -> None:
    reader.write("not finis")
    await reader.end()
    assert stat.S_IMODE(reader.path.stat().st_mode) == 0o600
    window = reader.begin()
    await reader.until(lambda: window.view.composer.text == "not finis")
    reader.site.proxy.sever()
    await reader.until(lambda: window.line.status == "reconnecting")
    reader.press("<Return>")
    await reader.end()
    assert [each["text"] for each in reader.kept["waiting"]] == ["not finis"]
    reader.site.proxy.heal()
    window = reader.begin()
    await reader.sees("Not sent: It was not sent when the window was closed.")
    reader.press("<Up>", among_messages=True)
    reader.press("<Return>", among_messages=True)
    await reader.until(lambda: "Send" not in reader.shown)
    assert await reader.said() == ["not finis"]

"""The client for the whole terminal, as its user meets it: a real server, real keys."""

from textual.events import Key

from app.chat import editing, presence, reactions, removal
from app.protocol import commands
from clients.terminal.switcher import Switcher
from tests.clients.full_screen.screen import make_room, say, screen
from tests.clients.site import Site
from tests.support.waiting import until


async def test_what_is_said_is_shown_and_what_is_written_is_sent(site: Site) -> None:
    await say(site, "bo", "Good **morning**")
    async with screen(site) as ada:
        await ada.sees("#general", " online", "bo", "Good morning", "● live", "Write to #general")
        await ada.send("Hello\nall")
        await ada.sees("ada_l", "Hello", "all")
        assert ada.view.composer.text == ""
        [_, message] = ada.app.visit.known.timeline  # type: ignore[union-attr]
        assert message.text == "Hello\nall"


async def test_enter_sends_and_other_keys_begin_a_new_line(site: Site) -> None:
    async with screen(site) as ada:
        await ada.pilot.press("a", "ctrl+j", "b", "alt+enter", "c")
        assert ada.view.composer.text == "a\nb\nc"
        await ada.pilot.press("enter")
        await ada.until(lambda: ada.view.composer.text == "")


async def test_what_is_typed_right_behind_enter_is_no_part_of_the_message(site: Site) -> None:
    async with screen(site) as ada:
        composer = ada.view.composer
        composer.fill("first")
        for key in ("enter", "x"):
            composer.post_message(Key(key, key if key == "x" else "\r"))
        await ada.until(lambda: composer.text == "x")
        visit = ada.app.visit
        assert visit is not None
        await ada.until(lambda: [each.text for each in visit.known.timeline] == ["first"])


async def test_enter_in_an_open_block_of_code_is_a_new_line(site: Site) -> None:
    async with screen(site) as ada:
        await ada.send("```\nx")
        assert ada.view.composer.text == "```\nx\n"
        await ada.send("```\nx\n```")
        await ada.until(lambda: ada.view.composer.text == "")


async def test_edits_removals_and_reactions_show(site: Site) -> None:
    first, second = await say(site, "bo", "frist", "gone soon")
    await say(site, "ada_l", "an answer", reply_to=second)
    bo = await site.visitor("bo")
    async with screen(site) as ada:
        await ada.sees("frist", "↪ bo: gone soon")
        await editing.edit(site.services, bo, 1, first, "first")
        await reactions.react(site.services, bo, 1, first, "🎉", on=True)
        await removal.remove(site.services, bo, 1, second)
        await ada.sees("first (edited)", "🎉 1", "This message was removed.", "↪ a message that was removed")
        assert "frist" not in ada.shown()


async def test_a_line_stands_above_what_is_new_and_reading_takes_it_to_the_server(site: Site) -> None:
    await site.token("ada_l")
    await say(site, "bo", *(f"old {number}" for number in range(5)))
    async with screen(site) as ada:
        await ada.sees("New since")
        room = ada.app.visit.known  # type: ignore[union-attr]
        await ada.until(lambda: room.unread == 0)
        await ada.sees("New since")
    async with await site.connect() as elsewhere:
        assert [room.unread for room in elsewhere.state.rooms.values()] == [0]


async def test_nothing_is_read_while_nobody_looks(site: Site) -> None:
    async with screen(site) as ada:
        ada.app.app_focus = False
        [number] = await say(site, "bo", "Is somebody there?")
        await ada.sees("New since", "Is somebody there?")
        await ada.pilot.pause(1.2)
        room = ada.app.visit.known  # type: ignore[union-attr]
        assert room.unread == 1
        ada.app.app_focus = True
        ada.app.on_app_focus()
        await ada.until(lambda: room.row.read == number)


async def test_who_reads_further_up_stays_there(site: Site) -> None:
    await say(site, "ada_l", *(f"line {number}" for number in range(60)))
    async with screen(site) as ada:
        await ada.pilot.press("pageup")
        await ada.until(lambda: not ada.timeline.at_end)
        before = [line[:90].rstrip() for line in ada.lines()[2:20]]
        await say(site, "bo", "something new")
        await ada.sees("↓ 1 new")
        assert [line[:90].rstrip() for line in ada.lines()[2:20]] == before
        await ada.pilot.press("ctrl+end")
        await ada.sees("something new")


async def test_older_messages_come_when_one_scrolls_back(site: Site) -> None:
    await say(site, "ada_l", *(f"line {number}." for number in range(130)))
    async with screen(site) as ada:
        await ada.until(lambda: ada.timeline.virtual_size.height > 50)
        for _ in range(40):
            await ada.pilot.press("pageup")
            if any("line 0." in line for line in ada.lines()):
                break
        await ada.sees("line 0.")


async def test_without_a_line_what_is_written_waits_and_goes_when_it_is_back(site: Site) -> None:
    async with screen(site) as ada:
        site.proxy.sever()
        await ada.sees("reconnecting")
        await ada.send("on its way")
        await ada.sees("on its way", "waiting to be sent", "1 waiting")
        assert ada.view.composer.text == ""
        site.proxy.heal()
        await ada.pilot.press("ctrl+r")
        await ada.sees("● live")
        await ada.until(lambda: "waiting" not in ada.shown() and "on its way" in ada.shown())
        assert [message.text for message in ada.app.visit.known.timeline] == ["on its way"]  # type: ignore[union-attr]


async def test_a_refused_text_comes_back_with_the_reason(site: Site) -> None:
    async with screen(site) as ada:
        visit = ada.app.visit
        assert visit is not None
        ada.app.desk.outgoing.send(visit.id, "   ")
        await ada.sees("Not sent:")
        await ada.send("/nothing at all")
        await ada.sees("There is no command /nothing here.")
        assert ada.view.composer.text == "/nothing at all"
        await ada.send("x" * 4_001)
        await ada.sees("A message holds at most 4,000 characters; this has 4,001.")
        assert len(ada.view.composer.text) == 4_001


async def test_up_edits_the_last_own_message_and_escape_lets_it_be(site: Site) -> None:
    await say(site, "ada_l", "teh sea")
    await say(site, "bo", "yes")
    async with screen(site) as ada:
        await ada.pilot.press("up")
        await ada.sees("Editing your message")
        assert ada.view.composer.text == "teh sea"
        await ada.pilot.press("escape")
        assert ada.view.composer.text == ""
        await ada.pilot.press("up")
        await ada.send("the sea")
        await ada.sees("the sea (edited)")


async def test_a_message_is_chosen_and_answered(site: Site) -> None:
    await say(site, "bo", "first", "second", "third")
    async with screen(site) as ada:
        await ada.pilot.press("tab", "k")
        assert ada.timeline.message(ada.timeline.chosen).text == "second"  # type: ignore[union-attr]
        await ada.pilot.press("r")
        await ada.sees("Answering bo")
        await ada.send("to the second")
        await ada.sees("↪ bo: second", "to the second")


async def test_a_message_is_removed_after_a_question(site: Site) -> None:
    await say(site, "ada_l", "a mistake")
    async with screen(site) as ada:
        await ada.pilot.press("tab", "d")
        await ada.sees("Remove this message?", "Keep it")
        await ada.pilot.press("enter")
        await ada.sees("a mistake")
        await ada.pilot.press("d")
        await ada.sees("Remove this message?")
        await ada.pilot.press("tab", "enter")
        await ada.until(lambda: "a mistake" not in ada.shown())


async def test_a_reaction_is_put_there_and_taken_away(site: Site) -> None:
    await say(site, "bo", "cake")
    async with screen(site) as ada:
        for shows in (True, False):
            ada.timeline.focus()
            ada.timeline.choose(1)
            await ada.pilot.press("plus")
            await ada.sees("React with")
            await ada.pilot.press(*"tada")
            await ada.sees(":tada:")
            await ada.pilot.press("enter")
            await ada.until(lambda shows=shows: ("🎉 1" in ada.shown()) == shows)  # type: ignore[misc]


async def test_people_rooms_and_emoji_are_completed(site: Site) -> None:
    await say(site, "bo", "hello")
    async with screen(site) as ada:
        for begun, whole in (("@b", "@bo "), ("see #gen", "see #general "), (":tad", ":tada: ")):
            ada.view.composer.fill("")
            await ada.pilot.press(*begun)
            await ada.until(lambda: ada.view.suggestions.is_open)
            await ada.pilot.press("tab")
            assert ada.view.composer.text == whole


async def test_rooms_are_listed_with_what_is_new_and_one_goes_through_them(site: Site) -> None:
    await site.owner("ada_l")
    tides = await make_room(site, "ada_l", "Tides", "bo")
    async with screen(site, room="general") as ada:
        await say(site, "bo", "high", "low @ada_l", room=tides)
        await ada.sees("#Tides", "@1")
        await ada.pilot.press("alt+shift+down")
        await ada.sees("high", "Write to #Tides")
        await ada.pilot.press("alt+up")
        await ada.sees("Write to #general")
        await ada.pilot.press("ctrl+k")
        await ada.until(lambda: isinstance(ada.app.screen, Switcher))
        await ada.pilot.press(*"tid", "enter")
        await ada.sees("Write to #Tides")


async def test_each_room_keeps_its_draft_and_another_device_has_it(site: Site) -> None:
    await site.owner("ada_l")
    await make_room(site, "ada_l", "Tides")
    async with screen(site, room="general") as ada, await site.connect() as elsewhere:
        await ada.pilot.press(*"half")
        await ada.pilot.press("alt+down")
        await ada.sees("Write to #Tides", "✎")
        assert ada.view.composer.text == ""
        await until(lambda: [draft.text for draft in elsewhere.state.drafts.values()] == ["half"])
        await ada.pilot.press("alt+up")
        await ada.until(lambda: ada.view.composer.text == "half")


async def test_a_draft_of_another_device_comes_in(site: Site) -> None:
    async with screen(site) as ada, await site.connect() as elsewhere:
        await elsewhere.request(commands.SaveDraft(0, 1, "from the phone"))
        await ada.until(lambda: ada.view.composer.text == "from the phone")


async def test_a_draft_steers_no_terminal_and_is_what_it_was(site: Site) -> None:
    written = "\x1b]52;c;cm0gLXJmIC8=\x07 a\ttab, \x9b31m"
    async with screen(site) as ada, await site.connect() as elsewhere:
        await elsewhere.request(commands.SaveDraft(0, 1, written))
        await ada.until(lambda: ada.view.composer.text == written)
        await ada.sees("␛]52;c;cm0gLXJmIC8=␇ a")
        assert not {"\x1b", "\x07", "\t", "\x9b"} & set(ada.shown())


async def test_what_is_still_to_be_drawn_at_the_end_is_not(site: Site) -> None:
    async with screen(site) as ada:
        await ada.view.remove_children()
        ada.app._touch("messages")
        await ada.until(lambda: not ada.app._is_due)


async def test_who_writes_is_shown(site: Site) -> None:
    bo = await site.visitor("bo")
    async with screen(site) as ada:
        await presence.typing(site.services, bo, 1)
        await ada.sees("bo is writing …")


async def test_a_found_message_is_shown_where_it_stands(site: Site) -> None:
    await say(site, "ada_l", "the lighthouse", *(f"line {number}" for number in range(120)))
    async with screen(site) as ada:
        await ada.pilot.press("ctrl+f")
        await ada.sees("Search:")
        await ada.pilot.press(*"lighthouse")
        await ada.sees("#general · ada_l · Today")
        await ada.pilot.press("enter")
        await ada.until(lambda: ada.timeline.chosen == 1)
        await ada.sees("› ada_l", "the lighthouse")


async def test_a_restart_of_the_server_is_no_alarm(site: Site) -> None:
    async with screen(site) as ada:
        await site.server.stop()
        await ada.sees("the server restarts")
        await site.start()
        await ada.pilot.press("ctrl+r")
        await ada.sees("● live")


async def test_a_small_terminal_has_the_rooms_behind_a_key(site: Site) -> None:
    await say(site, "bo", "hello there, this is quite a long line for a small terminal")
    async with screen(site, size=(40, 20)) as ada:
        await ada.sees("hello there", "small", "● live")
        assert " Rooms" not in ada.shown()
        await ada.pilot.press("f2")
        await ada.sees("Rooms", "#general")
        await ada.pilot.press("enter")
        await ada.sees("hello there")


async def test_a_letter_among_the_messages_begins_a_text(site: Site) -> None:
    await say(site, "bo", "hello")
    async with screen(site) as ada:
        await ada.pilot.press("tab", "x")
        await ada.until(lambda: ada.view.composer.text == "x")
        assert ada.app.focused is ada.view.composer


async def test_nobody_quits_over_what_waits_without_being_asked(site: Site) -> None:
    async with screen(site) as ada:
        site.proxy.sever()
        await ada.sees("reconnecting")
        await ada.send("not yet")
        await ada.pilot.press("ctrl+q")
        await ada.sees("A message has not been sent.", "not yet")
        await ada.pilot.press("escape")
        await ada.sees("waiting to be sent")

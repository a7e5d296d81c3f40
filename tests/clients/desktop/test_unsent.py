"""What outlives a window, also where several are open."""

import json
from pathlib import Path

from clients.desktop.unsent import FILE, Unsent
from clients.storing import Send

URL = "https://chat.example"


def window(folder: Path, url: str = URL) -> Unsent:
    return Unsent(folder / FILE, url)


def send(nonce: str, room: int = 1) -> Send:
    return Send(room, f"text of {nonce}", nonce)


def nonces(unsent: Unsent) -> list[str]:
    return [each.send.nonce for each in unsent]


def test_what_was_typed_and_not_sent_is_there_again(tmp_path: Path) -> None:
    first = window(tmp_path)
    first.draft(7, "half a thought")
    first.keep(send("one"))
    first.save()
    again = window(tmp_path)
    assert again.drafts == {7: "half a thought"}
    assert [(each.send, each.why is None) for each in again] == [(send("one"), False)]


def test_two_windows_keep_what_is_typed_in_each(tmp_path: Path) -> None:
    first, second = window(tmp_path), window(tmp_path)
    first.draft(1, "in the first")
    first.keep(send("one"))
    first.save()
    second.draft(2, "in the second")
    second.keep(send("two"))
    second.save()
    first.draft(3, "more in the first")
    first.save()
    again = window(tmp_path)
    assert again.drafts == {1: "in the first", 2: "in the second", 3: "more in the first"}
    assert nonces(again) == ["one", "two"]


def test_what_one_window_sent_does_not_come_back_by_the_other(tmp_path: Path) -> None:
    before = window(tmp_path)
    before.keep(send("one"))
    before.draft(1, "half a thought")
    before.save()
    first, second = window(tmp_path), window(tmp_path)
    first.drop("one")
    first.draft(1, "")
    first.save()
    second.draft(2, "something else")
    second.save()
    again = window(tmp_path)
    assert nonces(again) == []
    assert again.drafts == {2: "something else"}


def test_what_other_servers_were_not_told_stays(tmp_path: Path) -> None:
    other = window(tmp_path, "https://other.example")
    other.draft(1, "for the other")
    other.save()
    here = window(tmp_path)
    here.draft(1, "for this one")
    here.save()
    here.draft(1, "")
    here.save()
    assert window(tmp_path, "https://other.example").drafts == {1: "for the other"}
    assert list(json.loads((tmp_path / FILE).read_text())) == ["https://other.example"]


def test_what_cannot_be_read_is_put_aside_and_not_lost(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(json.dumps({URL: {"drafts": {"one": "of a later program"}}}))
    here = window(tmp_path)
    assert here.drafts == {}
    here.draft(1, "new")
    here.save()
    (aside,) = [path for path in tmp_path.iterdir() if path.name != FILE]
    assert "of a later program" in aside.read_text()
    assert window(tmp_path).drafts == {1: "new"}

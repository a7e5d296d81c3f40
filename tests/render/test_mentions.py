"""Mentions: where a text names somebody, and how what is kept of it is drawn."""

import time

import pytest

from app.models import User
from app.render.mentions import Call, call_in, drawn, drawn_outside, handles_in, meant_in, mention, mentioned_in
from app.render.text import render_text

HERE = "https://chat.example.org"
ADA = User(7, "x7", "Ada_L", "Ada", "person", "member", 0)
BO = User(8, "x8", "bo", "Bo", "person", "member", 0)
PEOPLE = {"ada_l": ADA, "bo": BO}
TO_ADA, TO_BO = mention(ADA), mention(BO)


def render(text: str) -> str:
    return render_text(text, HERE, PEOPLE)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@ada_l", ["ada_l"]),
        ("Hello @ada_l, and @bo!", ["ada_l", "bo"]),
        ("(@bo) «@ada_l» @bo,@ada_l", ["bo", "ada_l", "bo", "ada_l"]),
        ("@bo’s and @bo's, @bo.", ["bo", "bo", "bo"]),
        ("Спроси @bo\nили **@ada_l**", ["bo", "ada_l"]),
        ("ada@bo.example, a@bo, https://x.com/@bo, x.com/@bo", []),
        ("@bo.example @bo@example.org @@bo @", []),
        ("@" + "a" * 21, []),
        ("@bö @боб", []),
    ],
)
def test_handles_are_found_but_not_in_addresses(text: str, found: list[str]) -> None:
    assert [each[1] for each in handles_in(text)] == found


@pytest.mark.parametrize(
    ("text", "mentioned"),
    [
        ("`@bo` and @ada_l", [7]),
        ("``a ` @bo`` @ada_l", [7]),
        ("a ` alone, @bo", [8]),
        ("`` @bo `", [8]),
        ("```\n@bo\n```\n@ada_l", [7]),
        ("@ada_l\n```\n@bo", [7]),
        ("[@bo](https://example.org) https://example.org/@bo @ada_l", [7]),
    ],
)
def test_code_and_links_mention_nobody(text: str, mentioned: list[int]) -> None:
    assert mentioned_in(render(text)) == mentioned


@pytest.mark.parametrize("text", ["**@bo**", "> @bo", "- @bo", "~~a~~ @bo", "*so* (@bo)", "\\* @bo"])
def test_what_is_formatted_mentions(text: str) -> None:
    assert mentioned_in(render(text)) == [8]


def test_a_handle_has_no_emphasis_in_it() -> None:
    odd = User(9, "x9", "_ada_", "Ada", "person", "member", 0)
    assert mentioned_in(render_text("*hi* @_ada_ there", HERE, {"_ada_": odd})) == [9]
    assert render("*hi* @_ada_") == "<em>hi</em> @_ada_"


def test_a_text_that_is_made_anew_means_whom_it_meant() -> None:
    html = render("@ADA_L, **see** @bo")
    assert meant_in(html)["ada_l"].id == 7
    assert render_text("@ADA_L, **see** @bo", HERE, meant_in(html)) == html
    assert meant_in("plain") == {}


def test_a_mention_holds_the_person_and_is_drawn_as_they_are_called() -> None:
    assert render("Hi @ADA_l & @carl, see x.org") == (
        f'Hi {TO_ADA} &amp; @carl, see <a href="http://x.org" rel="noopener noreferrer nofollow ugc" target="_blank">'
        "x.org</a>"
    )
    assert mentioned_in(render("@bo @ada_l @bo")) == [8, 7]
    assert render_text("@bo", HERE) == "@bo"


@pytest.mark.parametrize("text", [TO_ADA, TO_ADA.replace('"', "'"), "&lt;" + TO_ADA, f"@bo {TO_ADA}"])
def test_nobody_writes_a_mention_by_hand(text: str) -> None:
    assert 7 not in mentioned_in(render_text(text, HERE, {"bo": BO}))


def test_a_reader_sees_the_handles_of_now_and_their_own_marked() -> None:
    html = render("@ada_l and @bo")
    renamed = User(7, "x7", "countess", "Ada", "person", "member", 0)
    gone = User(8, None, "", "Former member", "former", "member", 0)
    shown = drawn(html, {7: renamed, 8: gone}, reader_id=7)
    acts = 'role="button" data-action="mentioned"'
    assert shown == (
        f'<a class="mention mention--me" {acts} data-person="7">@countess</a> and '
        f'<a class="mention" {acts} data-person="8">Former member</a>'
    )
    assert ">@Ada_L</a>" in drawn(html, {}, reader_id=1), "of whom nothing is known"
    assert drawn("plain", {}, reader_id=7) == "plain"


def test_who_has_no_account_is_told_the_handles_of_now_and_no_ids() -> None:
    renamed = User(7, "x7", "countess", "Ada", "person", "member", 0)
    shown = drawn_outside(render("@ada_l and @bo"), [renamed])
    assert shown == '<span class="mention">@countess</span> and <span class="mention">@bo</span>'
    assert drawn_outside("plain", [renamed]) == "plain"


@pytest.mark.parametrize("text", ["@bo " * 1_000, "`" * 4_000 + "@bo", "` @bo `` " * 440, "@" * 4_000, "`@bo" * 1_000])
def test_no_text_takes_long(text: str) -> None:
    start = time.process_time()
    render(text[:4_000])
    assert time.process_time() - start < 0.1


CALLS = {"all": Call("all"), "here": Call("here")}


@pytest.mark.parametrize(
    ("text", "html", "call"),
    [
        ("@all, tea", '<span class="mention">@all</span>, tea', "all"),
        ("**@HERE**", '<strong><span class="mention">@here</span></strong>', "here"),
        ("- @here\n- @all", None, "all"),
        ("`@all` mail@all @allen", None, None),
        ('<span class="mention">@all</span>', None, None),
    ],
)
def test_a_call_is_drawn_and_found_again(text: str, html: str | None, call: str | None) -> None:
    made = render_text(text, HERE, CALLS)
    assert html is None or made == html
    assert call_in(made) == call
    assert render_text(text, HERE, meant_in(made)) == made, "made anew it calls the same"
    assert drawn(made, {}, 7) == drawn_outside(made, []) == made
    assert mentioned_in(made) == []


def test_without_the_right_a_call_is_a_word() -> None:
    assert render("@all @here") == "@all @here"

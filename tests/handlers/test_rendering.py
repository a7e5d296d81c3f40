"""Every template with realistic data, and with names made to break out of it."""

import json
import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment, UndefinedError

from app import heroku
from app.assets import Assets
from app.handlers.rendering import (
    TEMPLATES,
    by_day,
    clock_time,
    first_new,
    initials,
    iso,
    json_script,
    make_environment,
    tint,
)

NOTICES = (
    "cancelled",
    "failed",
    "unavailable",
    "clock",
    "not_configured",
    "callback",
    "rate_limited",
    "expired",
    "signed_out",
)
HOSTILE = "\"'><script>alert(1)</script>&lt;"
STANDIN_OWN = "standin.html"


def person(number: int = 7, name: str = "Juniper Reyes", handle: str = "junipero") -> SimpleNamespace:
    return SimpleNamespace(id=number, name=name, handle=handle, role="member")


def message(number: int, *, day: str | None = None, **changes: Any) -> SimpleNamespace:
    at = datetime(2025, 11, 24, 13, number, 5, tzinfo=UTC)
    values: dict[str, Any] = {
        "number": number,
        "author": person(),
        "at": at,
        "at_ms": int(at.timestamp() * 1000),
        "html": f"Reading {number}<br>and <b>more</b>",
        "grouped": False,
        "day": day,
        "mine": False,
        "kind": "msg",
    }
    return SimpleNamespace(**{**values, **changes})


def room(slug: str, **changes: Any) -> SimpleNamespace:
    values = {"id": len(slug), "slug": slug, "name": slug, "topic": "Buoys", "kind": "public"}
    return SimpleNamespace(**{**values, **changes})


def chat_names(**changes: Any) -> dict[str, Any]:
    here = room("tide-sensors")
    names = {
        "person": person(13, "Ada Lindqvist", "ada_l"),
        "room": here,
        "rooms": [
            {"room": here, "unread": 3},
            {"room": room("help"), "unread": 14},
            {"room": room("general"), "unread": 0},
        ],
        "messages": [message(1, day="Yesterday"), message(2, grouped=True), message(3, day="Today", kind="me")],
        "members": 24,
        "online": 9,
        "read_number": 2,
        "boot": {"target": None},
        "xsrf_form_html": lambda: '<input type="hidden" name="_xsrf" value="token">',
    }
    return {**names, **changes}


PAGES: dict[str, dict[str, Any]] = {
    "chat.html": chat_names(),
    "document.html": {},
    "error.html": {"status": 404, "request_id": "7f3a-19c2", "error_text": None},
    "index.html": {"notice": None, "next_page": "/chat/general", "online": 9},
    "offline.html": {},
    "privacy.html": {},
    "rules.html": {},
    "set_up.html": {
        "commands": heroku.NEEDED,
        "for_sign_in": heroku.FOR_SIGN_IN,
        "callback_url": "https://a.example/login",
    },
    "welcome.html": {"person": person(), "rooms": chat_names()["rooms"], "next_page": "/chat"},
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    folder = tmp_path_factory.mktemp("static")
    (folder / "js" / "core").mkdir(parents=True)
    (folder / "js" / "main.js").write_text('import "roost/core/socket.js";')
    (folder / "js" / "core" / "socket.js").write_text("export {};")
    for name in ("icons.svg", "favicon.svg"):
        (folder / name).write_text('<svg xmlns="http://www.w3.org/2000/svg"></svg>')
    return make_environment(Assets(folder), SimpleNamespace(community_name="Harbour <Lab>", debug=False))


def render(pages: Environment, template: str, **changes: Any) -> str:
    return pages.get_template(template).render(**{**PAGES[template], **changes})


def test_every_page_template_is_rendered_here() -> None:
    assert {path.name for path in TEMPLATES.glob("*.html")} - {"base.html", STANDIN_OWN} == set(PAGES)


@pytest.mark.parametrize("template", sorted(PAGES))
def test_a_page_is_whole_and_obeys_the_content_policy(pages: Environment, template: str) -> None:
    html = render(pages, template)
    assert html.startswith("<!DOCTYPE html>")
    assert "Harbour &lt;Lab&gt;" in html
    assert " style=" not in html
    assert not re.search(r"\son[a-z]+=", html)
    assert not re.search(r"<script(?![^>]*(?: src=|type=\"importmap\"|type=\"application/json\"))", html)


@pytest.mark.parametrize("template", sorted(PAGES))
def test_a_page_has_one_main_and_one_first_heading(pages: Environment, template: str) -> None:
    html = render(pages, template)
    assert html.count("<main") == 1
    # The list of rooms has its own, shown where it is alone on a narrow page.
    only_alone = html.count('<h1 class="place narrow-only"')
    assert html.count("<h1") - only_alone == (0 if template == "document.html" else 1)


@pytest.mark.parametrize("template", ["chat.html", "welcome.html"])
def test_names_are_text_wherever_they_stand(pages: Environment, template: str) -> None:
    spoilt = room("tide-sensors", name=HOSTILE, topic=HOSTILE)
    names = {"person": person(name=HOSTILE), "rooms": [{"room": spoilt, "unread": 1}]}
    if template == "chat.html":
        names |= {
            "room": spoilt,
            "messages": [message(1, day="Today", author=person(name=HOSTILE))],
            "boot": {"target": None, "name": HOSTILE},
        }
    html = render(pages, template, **names)
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_a_missing_name_is_an_error_and_not_a_blank(pages: Environment) -> None:
    with pytest.raises(UndefinedError, match="online"):
        pages.get_template("index.html").render(notice=None, next_page="/chat")


@pytest.mark.parametrize("notice", NOTICES)
def test_every_notice_has_a_title_and_a_sentence(pages: Environment, notice: str) -> None:
    html = render(pages, "index.html", notice=notice)
    note = html[html.index('class="note') : html.index("<h1")]
    assert re.search(r"<b>.+</b>\s*<p>.+</p>", note)


def test_sign_in_is_a_link_that_carries_the_next_page(pages: Environment) -> None:
    html = render(pages, "index.html", next_page="/chat/general?a=b&c")
    assert 'href="/login?next=/chat/general%3Fa%3Db%26c"' in html
    assert "<form" not in html
    assert "https://x.com/i/flow/signup" in html


def test_without_keys_there_is_no_button_but_the_names_of_what_to_set(pages: Environment) -> None:
    html = render(pages, "index.html", notice="not_configured")
    assert "/login" not in html
    assert "TWITTER_CONSUMER_KEY" in html


def test_the_door_counts_people_in_words_that_fit(pages: Environment) -> None:
    assert "9 people are here" in render(pages, "index.html", online=9)
    assert "1 person is here" in render(pages, "index.html", online=1)
    assert "It is quiet" in render(pages, "index.html", online=0)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 429, 500, 502, 503])
def test_every_status_has_a_page(pages: Environment, status: int) -> None:
    html = render(pages, "error.html", status=status)
    assert f'<p class="fail__status num">{status}</p>' in html
    assert ("ref 7f3a-19c2" in html) == (status >= 500)


def test_an_errors_own_sentence_is_shown(pages: Environment) -> None:
    assert "The room is full." in render(pages, "error.html", error_text="The room is full.")


def test_days_open_sections_and_the_new_line_stands_before_the_first_unread(pages: Environment) -> None:
    html = render(pages, "chat.html").partition("<template")[0]
    assert re.findall(r'<time datetime="2025-11-24" data-part="day-label">(\w+)<', html) == ["Yesterday", "Today"]
    assert html.count('data-part="new-line"') == 1
    assert html.index('id="m-2"') < html.index('data-part="new-line"') < html.index('id="m-3"')


def test_ones_own_message_opens_no_new_line(pages: Environment) -> None:
    html = render(pages, "chat.html", messages=[message(3, day="Today", mine=True)]).partition("<template")[0]
    assert 'data-part="new-line"' not in html
    assert "msg--mine" in html


def test_the_template_and_the_first_page_share_one_message_markup(pages: Environment) -> None:
    html = render(pages, "chat.html", messages=[message(1, day="Today")], read_number=1)
    drawn = shape(html[html.index('<li class="msg') : html.index("</li>", html.index('id="m-1"'))])
    cloned = html[html.index('id="message-template"') :]
    assert shape(cloned[cloned.index("<li") : cloned.index("</li>")]) == drawn


def shape(html: str) -> list[str]:
    """The tags and parts of a message without what is said in it."""
    body = re.sub(r'(data-part="body">).*?</div>', r"\1</div>", html, flags=re.DOTALL)
    return re.findall(r"</?\w+|data-part=\"[^\"]+\"", body)


def test_the_message_a_link_names_is_marked(pages: Environment) -> None:
    html = render(pages, "chat.html", boot={"target": 2}).partition("<template")[0]
    assert re.findall(r'class="msg[^"]* is-target" id="m-(\d+)"', html) == ["2"]


def test_an_empty_room_says_so_and_a_full_one_does_not(pages: Environment) -> None:
    assert 'data-part="empty">' in render(pages, "chat.html", messages=[])
    assert 'data-part="empty" hidden>' in render(pages, "chat.html")


def test_unread_rooms_are_counted_except_the_open_one(pages: Environment) -> None:
    html = render(pages, "chat.html")
    badges = re.findall(r'<span class="badge" data-part="unread"( hidden)?><span data-part="unread-count">(\d+)<', html)
    assert badges == [(" hidden", "3"), ("", "14"), (" hidden", "0")]
    assert html.count('aria-current="page"') == 1


def test_signing_out_posts_with_the_xsrf_field(pages: Environment) -> None:
    html = render(pages, "chat.html")
    form = html[html.index('action="/logout"') : html.index("</form>")]
    assert '<input type="hidden" name="_xsrf" value="token">' in form


def test_boot_data_cannot_end_its_script_and_comes_back_whole() -> None:
    value = {"name": "</script><!--<script>&amp;", "numbers": [1, 2]}
    html = str(json_script(value))
    inside = html.removeprefix('<script type="application/json" id="boot">').removesuffix("</script>")
    assert not set("<>&") & set(inside)
    assert json.loads(inside) == value


@pytest.mark.parametrize(
    ("name", "handle", "letters"),
    [
        ("Ada Lindqvist", "ada_l", "AL"),
        ("Ada B. Lindqvist", "ada_l", "AL"),
        ("juniper", "junipero", "J"),
        ("(Sol) ★ Ibarra", "sol", "SI"),
        ("🐦🐦", "birdy", "B"),
        ("", "_x1", "X"),
        ("ليلى حداد", "layla", "لح"),
        ("", "___", ""),
    ],
)
def test_initials_are_the_first_letters_of_the_first_and_last_word(name: str, handle: str, letters: str) -> None:
    assert initials(person(name=name, handle=handle)) == letters


def test_a_tint_is_the_id_in_twelve() -> None:
    assert [tint(person(number)) for number in (0, 11, 12, 25)] == ["tint-0", "tint-11", "tint-0", "tint-1"]


def test_messages_before_the_first_label_still_stand_in_a_day() -> None:
    days = by_day([message(1), message(2, day="Today")])
    assert [(day.key, day.label, len(day.messages)) for day in days] == [
        ("2025-11-24", "2025-11-24", 1),
        ("2025-11-24", "Today", 1),
    ]


def test_nothing_is_new_when_all_is_read() -> None:
    assert first_new([message(1), message(2)], read_number=2) is None


def test_times_are_utc_to_the_second() -> None:
    moment = datetime.fromisoformat("2025-11-24T14:05:09+01:00")
    assert (iso(moment), clock_time(moment)) == ("2025-11-24T13:05:09Z", "13:05")

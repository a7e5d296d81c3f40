"""Every template with realistic data, and with names made to break out of it."""

import ast
import json
import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment, UndefinedError, nodes

from app import heroku
from app.assets import Assets
from app.handlers.languages import every_language
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
    "deleted",
)
HOSTILE = "\"'><script>alert(1)</script>&lt;"
STANDIN_OWN = "standin.html"
SAYING_NOTHING_OF_PEOPLE = {
    "banned.html",
    "document.html",
    "error.html",
    "index.html",
    "not_invited.html",
    "offline.html",
    "privacy.html",
    "rules.html",
    "set_up.html",
}
MAKING_HTML = {"safe", "tojson", "urlize", "xmlattr"}
"""Filters whose results are not escaped."""


def person(number: int = 7, name: str = "Juniper Reyes", handle: str = "junipero") -> SimpleNamespace:
    return SimpleNamespace(id=number, name=name, handle=handle, role="member", kind="person", avatar=None)


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
        "folded": False,
        "gone": None,
        "quote": None,
        "thread": None,
        "for_me": False,
        "edited": None,
        "edited_label": "",
        "card": None,
        "pinned_by": None,
        "reactions": [],
        "files": [],
        "kind": "msg",
    }
    return SimpleNamespace(**{**values, **changes})


def room(slug: str, **changes: Any) -> SimpleNamespace:
    values = {"id": len(slug), "slug": slug, "name": slug, "topic": "Buoys", "kind": "public", "description": ""}
    return SimpleNamespace(**{**values, **changes})


def talk(other: SimpleNamespace) -> SimpleNamespace:
    return SimpleNamespace(title=other.name, face=other, is_here=True, is_idle=False, about=f"@{other.handle}")


def row(room: SimpleNamespace, count: int = 0, **fields: Any) -> dict[str, Any]:
    flags = {"favourite": False, "muted": False, "is_new": count > 0}
    return {"room": room, "talk": None, "count": count, "for_me": 0} | flags | fields


def chat_names(**changes: Any) -> dict[str, Any]:
    here = room("tide-sensors")
    names = {
        "person": person(13, "Ada Lindqvist", "ada_l"),
        "room": here,
        "rooms": [
            row(here, 3),
            row(room("help"), 14),
            row(room("general")),
        ],
        "favourites": [],
        "talks": [row(room("dm-1", kind="direct"), talk=talk(person(14, "Bo", "bo")), for_me=1, is_new=True)],
        "more_talks": False,
        "mentioned": 0,
        "new_threads": 0,
        "talk": None,
        "messages": [message(1, day="Yesterday"), message(2, grouped=True), message(3, day="Today", kind="me")],
        "members": 24,
        "online": 9,
        "read_number": 2,
        "view": "room",
        "digest": None,
        "mentions": None,
        "saved": None,
        "search": None,
        "threads": None,
        "thread": None,
        "boot": {"target": None},
        "closed": set(),
        "shut": None,
        "file_limit": 25_000_000,
        "xsrf_form_html": lambda: '<input type="hidden" name="_xsrf" value="token">',
    }
    return {**names, **changes}


def settings_names(**changes: Any) -> dict[str, Any]:
    chat = chat_names()
    kept = {
        name: chat[name]
        for name in (
            "person",
            "favourites",
            "rooms",
            "talks",
            "more_talks",
            "mentioned",
            "new_threads",
            "xsrf_form_html",
        )
    }
    return {**kept, "room": None, "view": "settings", "saved": False, "boot": {}, "may": lambda _: True, **changes}


def team_names(**changes: Any) -> dict[str, Any]:
    asked = {"problem": None, "asks_again": False, "here": "/settings/door", "givable": ["member", "moderator"]}
    return settings_names(**asked, my_rooms=[room("attic", kind="private")], **changes)


def invite(**changes: Any) -> SimpleNamespace:
    values = {"id": 3, "role": "member", "uses": 1, "most_uses": 5}
    return SimpleNamespace(**{**values, **changes})


def arrival(name: str = "Bo", *, refused: bool = False) -> SimpleNamespace:
    return SimpleNamespace(id=3, handle="bo", name=name, refused=refused)


MOMENT = datetime(2025, 11, 24, 13, 5, tzinfo=UTC)
LANDING = SimpleNamespace(maker=person(), rooms=[room("tide-sensors")], hides_rooms=True, members=24)


def listed(slug: str, **changes: Any) -> SimpleNamespace:
    values = {"members": 2, "archived_at": None, **changes}
    return SimpleNamespace(room=room(slug, **values), joined=bool(changes), at=None, at_label="")


def device(number: int, **changes: Any) -> SimpleNamespace:
    at = datetime(2025, 11, 24, 13, 5, tzinfo=UTC)
    values = {"id": number, "browser": "Firefox", "system": "Linux", "is_phone": False, "is_here": False, "hours": 0}
    return SimpleNamespace(**{**values, "seen_at": at, "created_at": at, **changes})


def case(text: str = "Buy eggs") -> SimpleNamespace:
    """As a moderator sees it who is in the room."""
    first = SimpleNamespace(id=4, number=2, said=text)
    told = SimpleNamespace(
        first=first, count=2, by_roost=True, reasons=["spam", "other"], notes=[text], room=room("tide-sensors")
    )
    around = [
        SimpleNamespace(message=SimpleNamespace(number=number, text=text, removed_at=None), author=person(), at=MOMENT)
        for number in (1, 2)
    ]
    return SimpleNamespace(case=told, person=person(), since=MOMENT, around=around, may_restrain=True, may_remove=True)


def act(what: str = "role.set", **details: Any) -> SimpleNamespace:
    told = SimpleNamespace(id=4, what=what, details=details or {"before": "member", "after": "admin"}, undone_at=None)
    return SimpleNamespace(act=told, actor=person(), person=person(), room=None, at=MOMENT, may_undo=True)


def webhook(number: int, **changes: Any) -> SimpleNamespace:
    made = {"id": number, "kind": "incoming", "url": None, "hears": None, "off": None, **changes}
    return SimpleNamespace(
        webhook=SimpleNamespace(**made), bot=person(8, "Weather", "weather"), holder=person(), is_held=number == 1
    )


def public_names(**changes: Any) -> dict[str, Any]:
    names = {
        "room": room(
            "tide-sensors", id=7, seq=12, last_number=2, is_unlisted=True, archived_at=None, posting="everybody"
        ),
        "here": "/chat/tide-sensors",
        "title": "#tide-sensors",
        "excerpt": "",
        "last_day": "Friday, 14 November 2025",
        "canonical": "https://chat.example/chat/tide-sensors",
        "image": "https://chat.example/static/icons/512.png",
        "messages": [message(1, day="Friday, 14 November 2025"), message(2, grouped=True)],
        "target": None,
        "this_day": None,
        "before": SimpleNamespace(key="2025-11-13", label="Thursday, 13 November 2025"),
        "after": None,
        "more": None,
        "live": True,
        "may_sign_in": True,
        "person": None,
        "xsrf_form_html": lambda: "",
    }
    return {**names, **changes}


PAGES: dict[str, dict[str, Any]] = {
    "banned.html": {},
    "chat.html": chat_names(),
    "device.html": {
        "person": person(),
        "program": SimpleNamespace(name="a <b>terminal</b>", address="10.0.0.7", scope="write"),
        "minutes": 2,
        "code": "BCDF-GHJK",
        "is_fresh": True,
        "error_text": None,
        "done": None,
        "xsrf_form_html": chat_names()["xsrf_form_html"],
    },
    "directory.html": settings_names(
        view="directory", prefix="", more="/rooms?after=4", found=[listed("help"), listed("tea", kind="private")]
    ),
    "document.html": {},
    "error.html": {"status": 404, "request_id": "7f3a-19c2", "error_text": None},
    "first_owner.html": {
        "person": person(),
        "error_text": None,
        "xsrf_form_html": chat_names()["xsrf_form_html"],
    },
    "index.html": {"notice": None, "next_page": "/chat/general", "online": 9, "is_invited": False},
    "invite.html": {
        "landing": LANDING,
        "person": None,
        "online": 3,
        "public_url": "https://chat.example",
        "can_sign_in": True,
        "xsrf_form_html": chat_names()["xsrf_form_html"],
    },
    "invite_over.html": {"error_text": "It is over."},
    "not_invited.html": {"had_invite": True},
    "moderation.html": team_names(cases=[case()]),
    "moderation_log.html": team_names(acts=[act(), act("member.mute", minutes=60)], older=3),
    "moderation_people.html": team_names(banned=[(person(), MOMENT, "spam")], muted=[(person(), MOMENT)]),
    "offline.html": {},
    "privacy.html": {},
    "rules.html": {},
    "settings.html": settings_names(page="appearance"),
    "settings_appearance.html": settings_names(),
    "public_room.html": public_names(),
    "settings_blocked.html": settings_names(blocked=[person()]),
    "settings_data.html": settings_names(is_fresh=True, error_text="This is not your handle."),
    "settings_devices.html": settings_names(
        devices=[device(1, is_here=True), device(2, hours=30), device(3, system="")],
        programs=[
            SimpleNamespace(id=1, name="a <b>terminal</b>", scope="read", hours=2, seen_at=MOMENT, created_at=MOMENT),
            SimpleNamespace(id=2, name="a bot", scope="manage", hours=9, seen_at=None, created_at=MOMENT),
        ],
    ),
    "settings_door.html": team_names(
        door="open",
        public_reading=False,
        written="",
        allowed=SimpleNamespace(
            lines=[
                SimpleNamespace(handle="bo", role="admin", user_id=None),
                SimpleNamespace(handle="cy", role="member", user_id=1),
            ],
            count=900,
        ),
    ),
    "settings_invites.html": team_names(
        link="https://chat.example/invite/abc",
        made=invite(),
        listed=[
            (SimpleNamespace(invite=invite(role="moderator"), maker=person(), rooms=[room("help")]), MOMENT),
            (SimpleNamespace(invite=invite(most_uses=None), maker=None, rooms=[]), MOMENT),
        ],
    ),
    "settings_notifications.html": settings_names(),
    "settings_waiting.html": team_names(
        waiting=[(arrival(), MOMENT)], refused=[(arrival(refused=True), MOMENT)], door="waiting"
    ),
    "set_up.html": {
        "commands": heroku.NEEDED,
        "for_sign_in": heroku.FOR_SIGN_IN,
        "callback_url": "https://a.example/login",
    },
    "waiting.html": {
        "person": arrival(),
        "is_open": False,
        "next_page": "/chat",
        "xsrf_form_html": chat_names()["xsrf_form_html"],
    },
    "webhooks.html": team_names(
        of_room=room("tide-sensors"),
        listed=[
            (webhook(1, kind="outgoing", url="https://site.test/?a=<b>", hears="all", off="failing"), MOMENT),
            (webhook(2), MOMENT),
        ],
        told=webhook(1),
        secret="roost_hook_abc",
        link=None,
        written=SimpleNamespace(kind="", name="", url="", hears="mentions"),
    ),
    "welcome.html": {"person": person(), "rooms": [room("tide-sensors"), room("help")], "next_page": "/chat"},
}


WRITTEN = {
    "about",
    "address",
    "browser",
    "code",
    "description",
    "error_text",
    "excerpt",
    "handle",
    "label",
    "link",
    "name",
    "notes",
    "problem",
    "prefix",
    "said",
    "secret",
    "system",
    "text",
    "title",
    "topic",
    "url",
}


def spoilt(value: Any, name: str = "") -> Any:
    """The same, with what people and programs of others wrote made to break out."""
    if isinstance(value, SimpleNamespace):
        return SimpleNamespace(**spoilt(vars(value)))
    if isinstance(value, dict):
        return {key: spoilt(each, key) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(spoilt(each, name) for each in value)
    return HOSTILE if isinstance(value, str) and name in WRITTEN else value


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    folder = tmp_path_factory.mktemp("static")
    (folder / "js" / "core").mkdir(parents=True)
    (folder / "js" / "elements").mkdir()
    (folder / "js" / "features").mkdir()
    started_by_main = ("core/app", "elements/around", "elements/roost-timeline", "features/start")
    for name in (*started_by_main, "main", "directory", "settings"):
        (folder / "js" / f"{name}.js").write_text('import "roost/core/socket.js";')
    (folder / "js" / "offline.js").write_text("export {};")
    (folder / "js" / "public.js").write_text("export {};")
    (folder / "js" / "waiting.js").write_text("export {};")
    (folder / "js" / "core" / "socket.js").write_text("export {};")
    for name in ("icons.svg", "favicon.svg", "favicon-unread.svg"):
        (folder / name).write_text('<svg xmlns="http://www.w3.org/2000/svg"></svg>')
    (folder / "css" / "layers").mkdir(parents=True)
    (folder / "css" / "layers" / "emoji.css").write_text("")
    (folder / "icons").mkdir()
    for name in ("touch.png", "512.png"):
        (folder / "icons" / name).write_bytes(b"")
    settings = SimpleNamespace(community_name="Harbour <Lab>", debug=False, link_cards=True)
    return make_environment(Assets(folder), settings, every_language()["en"])


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
def test_each_script_of_a_page_has_its_integrity_and_is_not_preloaded_without(
    pages: Environment, template: str
) -> None:
    html = render(pages, template)
    scripts = re.findall(r'<script type="module" src="([^"]+)" integrity="sha256-[\w+/]{43}="></script>', html)
    assert len(scripts) == html.count(' src="/static/js/')
    assert not set(scripts) & set(re.findall(r'<link rel="modulepreload" href="([^"]+)">', html))


@pytest.mark.parametrize("template", sorted(PAGES))
def test_a_page_has_one_main_and_one_first_heading(pages: Environment, template: str) -> None:
    html = render(pages, template)
    assert html.count("<main") == 1
    # The list of rooms has its own, shown where it is alone on a narrow page.
    only_alone = html.count('<h1 class="sr narrow-only"')
    # So have the pages that lie over a room: one of the five is shown.
    over_a_room = sum(
        html.count(f'id="{page}-title" tabindex') for page in ("catch-up", "mentions", "saved", "search", "threads")
    )
    assert html.count("<h1") - only_alone - over_a_room == (0 if template == "document.html" else 1)


@pytest.mark.parametrize("template", sorted(PAGES))
def test_what_people_wrote_is_text_on_every_page(pages: Environment, template: str) -> None:
    html = render(pages, template, **spoilt(PAGES[template]))
    assert "<script>alert" not in html
    assert ("&lt;script&gt;alert(1)" in html) is (template not in SAYING_NOTHING_OF_PEOPLE)


def test_two_places_in_templates_escape_nothing_and_are_reviewed(pages: Environment) -> None:
    places = []
    for path in TEMPLATES.rglob("*.html"):
        parsed = pages.parse(path.read_text())
        filters = [each.name for each in parsed.find_all(nodes.Filter) if each.name in MAKING_HTML]
        blocks = ["autoescape" for _ in parsed.find_all(nodes.ScopedEvalContextModifier)]
        places += [(path.relative_to(TEMPLATES).as_posix(), how) for how in filters + blocks]
    assert places == [("macros/ui.html", "safe")] * 2


def test_four_places_in_the_code_call_a_text_html_and_are_reviewed() -> None:
    places = []
    for path in (TEMPLATES.parent / "app").rglob("*.py"):
        called = [each for each in ast.walk(ast.parse(path.read_text())) if isinstance(each, ast.Call)]
        places += [(path.stem, ast.unparse(each)) for each in called if ast.unparse(each.func).endswith("Markup")]
    assert sorted(places) == [
        ("rendering", 'Markup(\'<script type="application/json" id="{}">{}</script>\')'),
        ("rendering", "Markup()"),
        ("rendering", "Markup(assets.import_map)"),
        ("rendering", "Markup(text)"),
    ]


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
    html = render(pages, "chat.html").partition("<template")[0]
    badges = re.findall(r'<span class="badge" data-part="unread"( hidden)?><span data-part="unread-count">(\d+)<', html)
    *listed, cloned = badges
    assert listed == [(" hidden", "3"), ("", "14"), (" hidden", "0")]
    assert cloned == (" hidden", "0")
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


def test_a_card_of_an_invite_names_its_public_room_and_keeps_the_others_to_itself(pages: Environment) -> None:
    html = render(pages, "invite.html")
    assert (
        '<meta property="og:description" content="#tide-sensors. 24 people are in. 3 people are here right now.">'
        in html
    )
    assert '<meta property="og:image" content="https://chat.example/static/icons/512' in html
    assert '<meta name="robots" content="noindex">' in html
    assert "A private room" in html


def test_whoever_is_in_takes_an_invite_by_one_form(pages: Environment) -> None:
    html = render(pages, "invite.html", person=person())
    assert html.count("<form") == html.count('type="submit"') == 1
    assert "/login" not in html
    assert 'href="/login?invite"' in render(pages, "invite.html")


def test_a_link_is_posted_on_x_by_a_plain_link(pages: Environment) -> None:
    html = render(pages, "settings_invites.html")
    share = re.search(r'href="(https://x\.com/intent/tweet[^"]+)"', html)
    assert share
    assert share[1].endswith("&amp;url=https%3A//chat.example/invite/abc")
    assert "Harbour%20%3CLab%3E" in share[1]


def test_pages_of_the_team_are_offered_to_the_team(pages: Environment) -> None:
    assert "/settings/waiting" in render(pages, "settings_appearance.html")
    assert "/settings/waiting" not in render(pages, "settings_appearance.html", may=lambda _: False)

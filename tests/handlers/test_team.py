"""The pages of those who look after the community."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tornado.httpclient import HTTPResponse

from app.chat import access, allow_list, doors, invites, roles
from app.models import Role
from app.storage import allow_list as lines
from app.storage import arrivals, users
from app.storage import invites as rows
from tests.support.sign_in import ADA, JUNIPER, Browser, Roost, running_roost

PAGES = ("/settings/door", "/settings/invites", "/settings/waiting")


@pytest.fixture
async def roost(tmp_path: Path) -> AsyncIterator[Roost]:
    async with running_roost(tmp_path, LIMIT_LOGIN_PER_MINUTE="100") as running:
        yield running


@pytest.fixture
async def ada(roost: Roost, ada: Browser) -> Browser:
    """The owner's."""
    await appoint(roost, "owner")
    return ada


async def appoint(roost: Roost, role: Role) -> None:
    await roles.give_by_operator(roost.services, ADA.handle, role)
    roost.services.cache.sessions.clear()


def says(answer: HTTPResponse, text: str) -> bool:
    return text in answer.body.decode()


@pytest.mark.parametrize(
    ("role", "codes"), [("member", [403, 403, 403]), ("moderator", [403, 200, 200]), ("admin", [200, 200, 200])]
)
async def test_each_page_is_for_those_who_may(roost: Roost, ada: Browser, role: Role, codes: list[int]) -> None:
    await roost.services.store.write(
        lambda connection: connection.exec_driver_sql("UPDATE users SET role = ?", (role,))
    )
    roost.services.cache.sessions.clear()
    assert [(await ada.open(path)).code for path in PAGES] == codes
    offered = (await ada.open("/settings")).body.decode()
    assert [path in offered for path in PAGES] == [code == 200 for code in codes]


async def test_who_may_come_in_is_chosen(roost: Roost, ada: Browser) -> None:
    answer = await ada.submit("/settings/door", {"door": "waiting"})
    assert (answer.code, answer.headers["Location"]) == (303, "/settings/door?saved")
    assert await doors.current(roost.services) == "waiting"
    page = (await ada.open("/settings/door")).body.decode()
    assert re.findall(r'name="door" value="(\w+)"[^>]* checked', page) == ["waiting"]
    assert (await ada.submit("/settings/door", {"door": "ajar"})).code == 400
    assert await doors.current(roost.services) == "waiting"


async def test_what_takes_a_fresh_sign_in_says_so_on_the_page(roost: Roost, ada: Browser) -> None:
    roost.clock.seconds += access.FRESH / 1000 + 1
    answer = await ada.submit("/settings/door", {"door": "invited"})
    assert answer.code == 403
    assert says(answer, "This takes a fresh sign-in")
    assert says(answer, 'href="/login?again&amp;next=/settings/door"')
    assert await doors.current(roost.services) == "open"


async def test_handles_are_pasted_and_taken_off(roost: Roost, ada: Browser) -> None:
    answer = await ada.submit("/settings/door", {"handles": "@cy\ndee", "role": "moderator"})
    assert answer.code == 303
    assert says(await ada.open("/settings/door"), "2 handles on the list")
    await ada.submit("/settings/door", {"remove": "dee"})
    (line,) = await roost.services.store.read(lines.page, 9)
    assert (line.handle, line.role) == ("cy", "moderator")


async def test_what_is_no_handle_is_named_and_what_was_written_stays(roost: Roost, ada: Browser) -> None:
    answer = await ada.submit("/settings/door", {"handles": "cy, no-handle"})
    assert answer.code == 400
    assert says(answer, "“no-handle” is no handle of X")
    assert says(answer, ">cy, no-handle</textarea>")
    assert await roost.services.store.read(lines.count) == 0
    too_many = " ".join(f"h{number}" for number in range(allow_list.MOST_AT_ONCE + 1))
    assert says(await ada.submit("/settings/door", {"handles": too_many}), "1,000 is the most")


async def test_a_link_is_made_and_shown_once(roost: Roost, ada: Browser) -> None:
    answer = await ada.submit(
        "/settings/invites", [("days", "2"), ("uses", "3"), ("role", "moderator"), ("room", "1"), ("room", "1")]
    )
    assert answer.code == 200
    link = re.search(rf'value="({roost.url}/invite/[\w-]{{43}})"', answer.body.decode())
    assert link
    assert (await roost.browser().open(link[1])).code == 200
    (invite,) = await roost.services.store.read(rows.living, roost.services.clock.now(), 9)
    assert (invite.role, invite.rooms, invite.most_uses) == ("moderator", (1,), 3)
    page = await ada.open("/settings/invites")
    assert not says(page, link[1])
    assert says(page, "Used 0 of 3 times.")
    await ada.submit("/settings/invites", {"revoke": str(invite.id)})
    assert (await roost.browser().open(link[1])).code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"days": "0"},
        {"days": "x"},
        {"days": "91"},
        {"uses": "0"},
        {"uses": "-1"},
        {"role": "king"},
        {"room": "999"},
        {"room": "x"},
        {"revoke": "999"},
        {"revoke": "x"},
    ],
)
async def test_terms_that_make_no_sense_are_refused_on_the_page(
    roost: Roost, ada: Browser, fields: dict[str, str]
) -> None:
    answer = await ada.submit("/settings/invites", fields)
    assert answer.code in {400, 404}
    assert says(answer, 'role="alert"')
    assert await roost.services.store.read(rows.living, 0, 9) == []


async def test_a_moderator_is_offered_no_roles_to_give_and_cannot_give_them(roost: Roost, ada: Browser) -> None:
    await roles.give_by_operator(roost.services, ADA.handle, "owner")
    juniper = roost.browser()
    await juniper.sign_in(person=JUNIPER.id)
    await roles.give_by_operator(roost.services, JUNIPER.handle, "moderator")
    roost.services.cache.sessions.clear()
    assert not says(await juniper.open("/settings/invites"), 'name="role"')
    assert (await juniper.submit("/settings/invites", {"role": "admin"})).code == 403


async def test_who_waits_is_let_in_or_refused(roost: Roost, ada: Browser) -> None:
    await doors.change_by_operator(roost.services, "waiting")
    juniper, other = roost.browser(), roost.browser()
    await juniper.sign_in(person=JUNIPER.id)
    await other.sign_in(handle="nobody_known")
    page = (await ada.open("/settings/waiting")).body.decode()
    first, second = re.findall(r'name="let_in" value="(\d+)"', page)
    assert (await ada.submit("/settings/waiting", {"let_in": first})).code == 303
    assert (await juniper.open("/chat/general")).code == 200
    await ada.submit("/settings/waiting", {"refuse": second})
    assert says(await ada.open("/settings/waiting"), "Refused in the last 30 days")
    assert await roost.services.store.read(arrivals.count_waiting) == 0
    assert (await ada.submit("/settings/waiting", {"let_in": first})).code == 404
    assert await roost.services.store.read(users.count_people) == 2


@pytest.mark.parametrize("path", PAGES)
async def test_only_our_own_forms_are_taken(roost: Roost, ada: Browser, path: str) -> None:
    assert (await ada.open(path, method="POST", body="door=invited&revoke=1&let_in=1")).code == 403
    assert await doors.current(roost.services) == "open"


def test_terms_of_a_link_are_bounded_by_the_form_as_by_the_server() -> None:
    form = (Path(__file__).parents[2] / "templates/settings_invites.html").read_text()
    assert f'max="{invites.LONGEST_DAYS}"' in form
    assert f'max="{invites.MOST_USES}"' in form

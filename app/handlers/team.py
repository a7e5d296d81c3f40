"""The pages of those who look after the community: who may come in, invite links, and who waits."""

import logging
import re
from datetime import datetime
from typing import Any, cast, get_args

from app.chat import allow_list, doors, invites, public_reading, rooms, waiting_room
from app.chat.events import shown_arrival
from app.chat.invites import USUAL_DAYS, Terms
from app.chat.rights import GIVING, can
from app.errors import BadRequest, NotFound, RoostError, SignInAgain
from app.handlers.preferences import SettingsPage
from app.handlers.timeline import moment_of
from app.models import Arrival, Door, Role, Room
from app.protocol import events

log = logging.getLogger(__name__)

ID = re.compile(r"[1-9][0-9]{0,14}")
WHOLE = re.compile(r"[0-9]{1,9}")
DOORS: tuple[Door, ...] = get_args(Door)


class TeamPage(SettingsPage):
    """A page of the settings whose refusals stand on it, above what was asked."""

    template: str

    async def get(self, *_: str) -> None:
        await self.show_with()

    async def post(self, *_: str) -> None:
        self.take_turn()
        try:
            await self.carry_out()
        except (BadRequest, NotFound, SignInAgain) as error:
            await self.show_with(problem=error)

    async def carry_out(self) -> None:
        raise NotImplementedError

    async def names(self) -> dict[str, Any]:
        """What the template needs besides."""
        raise NotImplementedError

    async def show_with(self, problem: RoostError | None = None, **names: Any) -> None:
        await self.show(
            self.template,
            status=problem.status if problem else 200,
            problem=self.in_words(problem) if problem else None,
            asks_again=isinstance(problem, SignInAgain),
            here=self.request.path,
            **(await self.names() | names),
        )

    def id_in(self, name: str) -> int:
        text = self.get_body_argument(name, "")
        if not ID.fullmatch(text):
            raise NotFound
        return int(text)

    def number_in(self, name: str) -> int | None:
        """None where nothing is written."""
        text = self.get_body_argument(name, "").strip()
        if not text:
            return None
        if not WHOLE.fullmatch(text):
            raise BadRequest("Write a whole number.")
        return int(text)

    def role_in(self) -> Role:
        text = self.get_body_argument("role", "member")
        if text not in GIVING:
            raise BadRequest("There is no such role.")
        return cast(Role, text)

    def rooms_in(self) -> tuple[int, ...]:
        given = self.get_body_arguments("room")
        if not all(ID.fullmatch(text) for text in given):
            raise NotFound
        return tuple(dict.fromkeys(int(text) for text in given))

    @property
    def givable(self) -> list[Role]:
        """The roles that the visitor may give to newcomers, the lowest first."""
        roles = [role for role, action in GIVING.items() if role != "member" and can(self.signed_in, action)]
        return ["member", *roles]

    async def my_rooms(self) -> list[Room]:
        """Those into which the visitor may bring somebody, the archived ones left out."""
        mine = await rooms.of_visitor(self.services, self.signed_in)
        able = [room for room, found in mine if can(self.signed_in, "room.add", found) and room.kind != "direct"]
        return [room for room in able if room.archived_at is None]


class DoorSettingsHandler(TeamPage):
    """GET /settings/door; POST: `door`, who may come in; or `public_reading`, on or off; or `handles` for the
    allow-list, with `role` and any `room`; or `remove`, a handle of it."""

    action = "door.see"
    template = "settings_door.html"

    async def carry_out(self) -> None:
        if "door" in self.request.body_arguments:
            await self._change_door()
        elif "public_reading" in self.request.body_arguments:
            on = self.get_body_arguments("public_reading")[-1] == "on"
            await public_reading.change(self.services, self.signed_in, on=on)
        elif "remove" in self.request.body_arguments:
            await allow_list.remove(self.services, self.signed_in, self.get_body_argument("remove"))
        else:
            given = self.get_body_argument("handles", "")
            await allow_list.add(self.services, self.signed_in, given, self.role_in(), self.rooms_in())
        log.info("person %d changed who may come in: request %s", self.person.id, self.request_id)
        self.go_back()

    async def _change_door(self) -> None:
        door = self.get_body_argument("door")
        if door not in DOORS:
            raise BadRequest("There is no such choice.")
        await doors.change(self.services, self.signed_in, door)

    async def names(self) -> dict[str, Any]:
        return {
            "door": await doors.current(self.services),
            "public_reading": await public_reading.is_on(self.services),
            "allowed": await allow_list.page(self.services, self.signed_in),
            "givable": self.givable,
            "my_rooms": await self.my_rooms(),
            "written": self.get_body_argument("handles", ""),
        }


class InvitesHandler(TeamPage):
    """GET /settings/invites; POST: `revoke`, an invite's id; or `days`, `uses`, `role` and any `room` of a new one,
    whose link is on the page that answers, and nowhere else."""

    action = "invite.make"
    template = "settings_invites.html"

    async def carry_out(self) -> None:
        if "revoke" in self.request.body_arguments:
            await invites.revoke(self.services, self.signed_in, self.id_in("revoke"))
            log.info("person %d revoked an invite: request %s", self.person.id, self.request_id)
            self.go_back()
            return
        days = self.number_in("days")
        terms = Terms(self.role_in(), self.rooms_in(), USUAL_DAYS if days is None else days, self.number_in("uses"))
        invite, token = await invites.make(self.services, self.signed_in, terms)
        log.info("person %d made an invite: request %s", self.person.id, self.request_id)
        await self.show_with(link=f"{self.settings_.public_url}/invite/{token}", made=invite)

    async def names(self) -> dict[str, Any]:
        found = await invites.listed(self.services, self.signed_in)
        return {
            "listed": [(each, moment_of(each.invite.expires_at)) for each in found],
            "givable": self.givable,
            "my_rooms": await self.my_rooms(),
            "link": None,
            "made": None,
        }


class QueueHandler(TeamPage):
    """GET /settings/waiting; POST: `let_in` or `refuse`, the id of somebody who waits."""

    action = "door.answer"
    template = "settings_waiting.html"

    async def carry_out(self) -> None:
        if "let_in" in self.request.body_arguments:
            await waiting_room.let_in(self.services, self.signed_in, self.id_in("let_in"))
        else:
            await waiting_room.refuse(self.services, self.signed_in, self.id_in("refuse"))
        log.info("person %d answered who waits: request %s", self.person.id, self.request_id)
        self.go_back()

    async def names(self) -> dict[str, Any]:
        found = await waiting_room.queue(self.services, self.signed_in)
        return {
            "waiting": [rowed(each) for each in found if each.refused_at is None],
            "refused": [rowed(each) for each in found if each.refused_at is not None],
            "door": await doors.current(self.services),
        }


def rowed(arrival: Arrival) -> tuple[events.Arrival, datetime]:
    """As the queue shows it, and since when."""
    return shown_arrival(arrival), moment_of(arrival.asked_at)

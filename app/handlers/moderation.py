"""The pages of moderators: what was reported, the log of acts, and who is muted or banned."""

import logging
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from app.chat import acts, bans, mutes, removal, reports, rooms, undoing
from app.chat.reports import Case
from app.errors import NotFound
from app.handlers.team import ID, TeamPage
from app.handlers.timeline import moment_of, named
from app.models import Act, Report, User

log = logging.getLogger(__name__)

DAY = 1_440
"""Minutes of a mute from the queue."""
ACTS_SHOWN = 50
UNDOABLE = frozenset(undoing.UNDOING)


class ReportsHandler(TeamPage):
    """GET /moderation: the queue; POST: `report`, one of a case, with `do`: dismiss, remove, mute or ban."""

    action = "report.answer"
    template = "moderation.html"

    async def carry_out(self) -> None:
        do, report = self.get_body_argument("do", ""), self.id_in("report")
        if do == "dismiss":
            await reports.dismiss(self.services, self.signed_in, report)
        else:
            await self._act(do, await reports.one(self.services, self.signed_in, report))
        log.info("person %d answered a report: request %s", self.person.id, self.request_id)
        self.go_back()

    async def _act(self, do: str, report: Report) -> None:
        if do == "remove" and report.room_id is not None and report.number is not None:
            await removal.remove(self.services, self.signed_in, report.room_id, report.number)
            await reports.settle(self.services, self.signed_in, report.id)
        elif do == "mute":
            await mutes.mute(self.services, self.signed_in, report.person_id, DAY)
            await reports.settle(self.services, self.signed_in, report.id)
        elif do == "ban":  # which closes all cases about them
            await bans.ban(self.services, self.signed_in, report.person_id, with_messages=True)
        else:
            raise NotFound

    async def names(self) -> dict[str, Any]:
        cases = await reports.queue(self.services, self.signed_in)
        return {"cases": [self._shown(case) for case in cases]}

    def _shown(self, case: Case) -> SimpleNamespace:
        return SimpleNamespace(
            case=case,
            person=named(case.person, self.words),
            since=moment_of(case.first.at),
            around=[
                SimpleNamespace(message=message, author=named(author, self.words), at=moment_of(message.at))
                for message, author in case.around
            ],
            may_restrain=mutes.may_restrain(self.signed_in, case.person),
            may_remove=case.message is not None and case.message.removed_at is None,
        )


class ActsHandler(TeamPage):
    """GET /moderation/log?before=: what was done; POST: `undo`, an act that is to be taken back."""

    action = "acts.list"
    template = "moderation_log.html"

    async def carry_out(self) -> None:
        await undoing.undo(self.services, self.signed_in, self.id_in("undo"))
        log.info("person %d took an act back: request %s", self.person.id, self.request_id)
        self.go_back()

    async def names(self) -> dict[str, Any]:
        before = self.get_query_argument("before", "")
        page = await acts.page(
            self.services,
            self.signed_in,
            before=int(before) if ID.fullmatch(before) else None,
            limit=ACTS_SHOWN,
        )
        people = {person.id: named(person, self.words) for person in page.people}
        mine = {room.id: room for room, _ in await rooms.of_visitor(self.services, self.signed_in)}
        return {
            "acts": [self._shown(act, people, mine) for act in page.acts],
            "older": None if page.last or not page.acts else page.acts[-1].id,
        }

    def _shown(self, act: Act, people: dict[int, User], mine: dict[int, Any]) -> SimpleNamespace:
        """Of the rooms those are named that the moderator is in."""
        return SimpleNamespace(
            act=act,
            actor=None if act.actor_id is None else people[act.actor_id],
            person=None if act.person_id is None else people[act.person_id],
            room=None if act.room_id is None else mine.get(act.room_id),
            at=moment_of(act.at),
            may_undo=act.undone_at is None and act.what in UNDOABLE and not self._is_over(act),
        )

    def _is_over(self, act: Act) -> bool:
        """A mute that time has ended."""
        return act.what == "member.mute" and act.at + act.details["minutes"] * 60_000 <= self.services.clock.now()


class RestrainedHandler(TeamPage):
    """GET /moderation/people: who is banned, and who muted; POST: `unban` or `unmute`, the id of somebody."""

    action = "member.ban"
    template = "moderation_people.html"

    async def carry_out(self) -> None:
        if "unban" in self.request.body_arguments:
            await bans.lift(self.services, self.signed_in, self.id_in("unban"))
        else:
            await mutes.lift(self.services, self.signed_in, self.id_in("unmute"))
        log.info("person %d lifted a restraint: request %s", self.person.id, self.request_id)
        self.go_back()

    async def names(self) -> dict[str, Any]:
        held = await bans.listed(self.services, self.signed_in)
        muted = await mutes.listed(self.services, self.signed_in)
        return {
            "banned": [(named(person, self.words), moment_of(ban.at), ban.reason) for ban, person in held],
            "muted": [(named(person, self.words), ends(person)) for person in muted],
        }


def ends(person: User) -> datetime:
    return moment_of(person.muted_until or 0)

"""The people of a room: /rooms/ID/members."""

from msgspec import UNSET

from app.chat import members
from app.chat.events import shown_person
from app.handlers.api.base import ROOT, ApiHandler
from app.protocol import api, commands, events


class MembersHandler(ApiHandler):
    """GET gives a page of them, POST brings somebody in."""

    async def get(self, room: str) -> None:
        asked = self.query(api.MembersAsked)
        after = None if asked.cursor is UNSET else asked.cursor
        page = await members.everybody(self.services, self.signed_in, int(room), after=after, limit=asked.limit)
        people = [shown_person(person) for person in page.people]
        further = None
        if people and not page.last:
            further = f"{ROOT}/rooms/{room}/members?cursor={people[-1].id}&limit={asked.limit}"
        self.answer(api.People(people=people, next=further))

    async def post(self, room: str) -> None:
        """Once more is harmless."""
        person = self.body(api.NewMember).person
        await self.ask(commands.AddToRoom(ref=0, room=int(room), person=person), events.Done)
        self.done()

"""The settings: how somebody wants to have things, and where they are signed in."""

import logging
import re
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

from app.chat import accounts, devices, preferences, programs
from app.chat.rights import Action, can
from app.errors import NotFound
from app.handlers.inside import InsideHandler
from app.handlers.sidebar import sidebar
from app.handlers.timeline import moment_of
from app.memory.limits import Limit
from app.models import Session, Token
from app.protocol.codec import encode_event
from app.protocol.events import PreferencesChanged
from app.render.browsers import browser_of

log = logging.getLogger(__name__)

ID = re.compile(r"[1-9][0-9]{0,14}")
OTHERS = "others"
HOUR = 3_600_000


class SettingsPage(InsideHandler):
    """What the pages of the settings share."""

    action: Action = "settings.change"

    async def show(self, template: str, **names: Any) -> None:
        mine = await accounts.arrive(self.services, self.signed_in)
        self.page(
            template,
            view="settings",
            person=self.person,
            room=None,
            **sidebar(mine, self.person, self.services.presence, self.words),
            saved="saved" in self.request.query_arguments,
            may=lambda action: can(self.signed_in, action),
            boot={
                "person": {"id": self.person.id},
                "preferences": self.preferences,
                "xsrf": self.xsrf_token.decode(),
            },
            xsrf_form_html=self.xsrf_form_html,
            **names,
        )

    def take_turn(self) -> None:
        """A page's commands by another way: they share its pace. Raises TooFast."""
        limit = Limit(self.settings_.limit_commands_per_10_seconds, 10)
        self.services.limits.take(f"command:{self.person.id}", limit)

    def go_back(self) -> None:
        """To the page whose form was posted."""
        self.redirect(f"{self.request.path}?saved", status=HTTPStatus.SEE_OTHER)


class SettingsHandler(SettingsPage):
    """GET /settings, /settings/notifications; POST: any of the preferences, by name."""

    def initialize(self, template: str) -> None:
        self._template = template

    async def get(self) -> None:
        await self.show(self._template)

    async def post(self) -> None:
        self.take_turn()
        given = {name: self.get_body_argument(name) for name in self.request.body_arguments if name != "_xsrf"}
        changed = await preferences.change(self.services, self.signed_in, given)
        if not self._wants_json():
            self.go_back()
            return
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.write(encode_event(PreferencesChanged(preferences=changed)))


class DevicesHandler(SettingsPage):
    """GET /settings/devices; POST: the `session` that is to end, or all others with the programs, or the `token` of a
    program."""

    async def get(self) -> None:
        now = self.services.clock.now()
        sessions = await devices.mine(self.services, self.signed_in)
        await self.show(
            "settings_devices.html",
            devices=[shown_device(session, self.signed_in.session_id, now) for session in sessions],
            programs=[shown_program(token, now) for token in await programs.mine(self.services, self.signed_in)],
        )

    async def post(self) -> None:
        self.take_turn()
        if "token" in self.request.body_arguments:
            await self._end_program(self.get_body_argument("token"))
        else:
            await self._sign_out(self.get_body_argument("session", ""))
        if self._wants_json():
            self.set_status(HTTPStatus.NO_CONTENT)
        else:
            self.go_back()

    async def _end_program(self, token: str) -> None:
        if not ID.fullmatch(token):
            raise NotFound
        await programs.end(self.services, self.signed_in, int(token))
        log.info("person %d ended a program: request %s", self.person.id, self.request_id)

    async def _sign_out(self, session: str) -> None:
        if session == OTHERS:
            await devices.sign_out_others(self.services, self.signed_in)
        elif ID.fullmatch(session):
            await devices.sign_out(self.services, self.signed_in, int(session))
        else:
            raise NotFound
        log.info("person %d signed out another device: request %s", self.person.id, self.request_id)


def shown_device(session: Session, here: int | None, now: int) -> SimpleNamespace:
    """`hours` since it was used, as far as that is known: use is written once an hour."""
    browser, system, is_phone = browser_of(session.user_agent)
    return SimpleNamespace(
        id=session.id,
        browser=browser,
        system=system,
        is_phone=is_phone,
        is_here=session.id == here,
        hours=max(0, now - session.seen_at) // HOUR,
        seen_at=moment_of(session.seen_at),
        created_at=moment_of(session.created_at),
    )


def shown_program(token: Token, now: int) -> SimpleNamespace:
    """`seen_at` is None of one that was never used."""
    return SimpleNamespace(
        id=token.id,
        name=token.name,
        scope=token.scope,
        hours=max(0, now - (token.seen_at or 0)) // HOUR,
        seen_at=None if token.seen_at is None else moment_of(token.seen_at),
        created_at=moment_of(token.created_at),
    )

"""door, public, invite."""

import argparse
from typing import get_args

from app.chat import doors, invites, public_reading, roles
from app.chat.invites import USUAL_DAYS, Terms
from app.errors import BadRequest, NotFound
from app.management.commands import Commands, add_command, with_services
from app.models import Door
from app.settings import Settings

DOORS: tuple[Door, ...] = get_args(Door)


def add_commands(commands: Commands) -> None:
    text = "Say who may come in: everybody, who was invited, or whom the team lets in. Alone it says how that is now."
    parser = add_command(commands, "door", text, door)
    parser.add_argument("door", nargs="?", choices=DOORS)
    text = "Say whether rooms may be read without an account. Alone it says how that is now."
    parser = add_command(commands, "public", text, public)
    parser.add_argument("switch", nargs="?", choices=("on", "off"))
    text = "Print a new invite link; it is shown once."
    parser = add_command(commands, "invite", text, invite)
    parser.add_argument("--role", choices=roles.ROLES, default="member", help="in the community (member)")
    parser.add_argument(
        "--room", action="append", default=[], help="the address of a room it leads into; several times"
    )
    parser.add_argument("--days", type=int, default=USUAL_DAYS, help=f"for which it works ({USUAL_DAYS})")
    parser.add_argument("--uses", type=int, help="how many people may come by it (no limit)")


def door(settings: Settings, arguments: argparse.Namespace) -> None:
    if arguments.door is not None:
        with_services(settings, lambda services: doors.change_by_operator(services, arguments.door))
    print(with_services(settings, doors.current))


def public(settings: Settings, arguments: argparse.Namespace) -> None:
    if arguments.switch is not None:
        on = arguments.switch == "on"
        with_services(settings, lambda services: public_reading.change_by_operator(services, on=on))
    print("on" if with_services(settings, public_reading.is_on) else "off")


def invite(settings: Settings, arguments: argparse.Namespace) -> None:
    terms = Terms(arguments.role, (), arguments.days, arguments.uses)
    try:
        token = with_services(settings, lambda services: invites.make_by_operator(services, terms, arguments.room))
    except NotFound as error:
        raise BadRequest(f"There is no room with one of these addresses: {', '.join(arguments.room)}.") from error
    print(f"{settings.public_url}/invite/{token}")

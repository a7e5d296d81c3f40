"""user add, role, token add, token list, token end."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from app import values
from app.chat import accounts, programs, roles
from app.errors import BadRequest, NotFound
from app.management.commands import Commands, add_command, add_group, with_services
from app.models import SCOPES, USUAL_SCOPE
from app.services import Services
from app.settings import Settings


def add_commands(commands: Commands) -> None:
    add_user_commands(commands)
    add_role_command(commands)
    add_token_commands(commands)


def add_user_commands(commands: Commands) -> None:
    actions = add_group(commands, "user", "People.")
    text = "Expect somebody: the first to sign in with this X handle gets the account and its role."
    add_parser = add_command(actions, "add", text, add_user)
    add_parser.add_argument("handle", type=handle)
    add_parser.add_argument("--role", choices=roles.ROLES, default="member")


def add_role_command(commands: Commands) -> None:
    parser = add_command(commands, "role", "Give somebody who is here another role in the community.", give_role)
    parser.add_argument("handle", type=handle)
    parser.add_argument("role", choices=roles.ROLES)


def add_token_commands(commands: Commands) -> None:
    actions = add_group(commands, "token", "Bearer tokens.")
    text = "Print a new bearer token for a program; it is shown once. People who are not there yet are added."
    add_parser = add_command(actions, "add", text, add_tokens)
    who = add_parser.add_mutually_exclusive_group(required=True)
    who.add_argument("handle", nargs="?", type=handle)
    who.add_argument(
        "--from", dest="file", type=Path, help="a file with one handle a line; one token a line is printed"
    )
    add_parser.add_argument("--name", required=True, help="what the token is for, such as: reminder bot")
    add_parser.add_argument("--scope", choices=SCOPES, default=USUAL_SCOPE, help="what it may of what its person may")
    text = "List the tokens of somebody's programs: the id of each, when it was made and last used (UTC), scope, name."
    add_command(actions, "list", text, list_tokens).add_argument("handle", type=handle)
    text = "End a token: its program is out for good."
    add_command(actions, "end", text, end_token).add_argument("id", type=int, help="as token list shows it")


def handle(text: str) -> str:
    """argparse shows only the sentence of an error of its own."""
    try:
        return values.handle(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from problem


def add_user(settings: Settings, arguments: argparse.Namespace) -> None:
    user = with_services(settings, lambda services: accounts.add_user(services, arguments.handle, arguments.role))
    print(f"@{user.handle} is expected as {arguments.role}.")


def give_role(settings: Settings, arguments: argparse.Namespace) -> None:
    who, role = arguments.handle, arguments.role
    try:
        user = with_services(settings, lambda services: roles.give_by_operator(services, who, role))
    except NotFound as error:
        raise BadRequest(f"Nobody here is @{who}. To expect them: manage.py user add {who} --role {role}") from error
    print(f"@{user.handle} is {user.role} now.")


def add_tokens(settings: Settings, arguments: argparse.Namespace) -> None:
    handles = read_handles(arguments.file) if arguments.file else [arguments.handle]
    for token in with_services(settings, lambda services: make_tokens(services, handles, arguments)):
        print(token)


def list_tokens(settings: Settings, arguments: argparse.Namespace) -> None:
    who = arguments.handle
    try:
        found = with_services(settings, lambda services: programs.of_handle(services, who))
    except NotFound as error:
        raise BadRequest(f"Nobody here is @{who}.") from error
    for token in found:
        used = "never used" if token.seen_at is None else f"used {moment(token.seen_at)}"
        print(f"{token.id}  made {moment(token.created_at)}  {used}  {token.scope}  {token.name}")


def moment(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M}"


def end_token(settings: Settings, arguments: argparse.Namespace) -> None:
    try:
        token = with_services(settings, lambda services: programs.end_by_operator(services, arguments.id))
    except NotFound as error:
        raise BadRequest(f"There is no token {arguments.id}, or it has ended.") from error
    print(f"“{token.name}” has ended.")


def read_handles(path: Path) -> list[str]:
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadRequest(f"{path} cannot be read: {error}") from error
    try:
        return [values.handle(line) for line in lines if line.strip()]
    except ValueError as problem:
        raise BadRequest(f"{path}: {problem}") from problem


async def make_tokens(services: Services, handles: list[str], asked: argparse.Namespace) -> list[str]:
    return [await accounts.add_token(services, each, asked.name, asked.scope) for each in handles]

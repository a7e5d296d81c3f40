"""The command `roost` (docs/clients.md)."""

import argparse
import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from clients.address import address_of
from clients.config import Config, NotSignedIn, load_config
from clients.connection import connect
from clients.failures import BadAddress, ClientError, SignedOut, Unreachable
from clients.known_room import KnownRoom
from clients.sending import send_all
from clients.sign_in import Codes, NotLetIn, sign_in, sign_out
from clients.standard_input import lines_of, pieces_of, text_of
from clients.state import State
from clients.tailing import tail
from clients.terminal_output import complain, say, speak_any_encoding

DONE, REFUSED, USAGE, NOT_SIGNED_IN, UNREACHABLE = range(5)
SCOPES = ("read", "write", "manage")
HERE = ("localhost", "127.0.0.1", "::1")
INTERRUPTED, PIPE_CLOSED = 130, 141
"""As a shell has them for what a signal ended."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status."""
    speak_any_encoding()
    options = parser().parse_args(arguments)
    try:
        return open_window(options) if options.command == "window" else asyncio.run(run(options))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Else Python complains when it flushes what nobody reads any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser("roost", description="Talk on a Roost server from a terminal.")
    top.add_argument("--server", metavar="URL", help="which one, where you are signed in to several")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    login = commands.add_parser("login", help="sign in, by a code that you approve in a browser")
    login.add_argument("url", metavar="URL", help="of the server, as https://chat.example")
    login.add_argument("--name", default=f"roost on {socket.gethostname()}", help="what the server calls this program")
    login.add_argument("--scope", choices=SCOPES, default="write", help="what it may of what you may: %(choices)s")
    commands.add_parser("logout", help="end the token that is kept here, and forget it")
    commands.add_parser("rooms", help="list your rooms, and what is unread there")
    send = commands.add_parser("send", help="post a message")
    send.add_argument("room", metavar="ROOM", help="its address, as general; or @handle")
    send.add_argument("text", metavar="TEXT", nargs="?", default="-", help="- or nothing: what comes by standard input")
    send.add_argument("--lines", action="store_true", help="each line of standard input is a message")
    follow = commands.add_parser("tail", help="show what is said in a room, as it is said")
    follow.add_argument("room", metavar="ROOM", help="its address, as general; or @handle")
    follow.add_argument("--since", metavar="N", type=int, help="begin behind message N, and not with the newest ten")
    follow.add_argument("--json", action="store_true", help="one event of the protocol in each line")
    full = commands.add_parser("chat", help="talk in your rooms, on the whole terminal")
    full.add_argument("room", metavar="ROOM", nargs="?", help="its address, as general; or @handle")
    window = commands.add_parser("window", help="talk in your rooms, in a window")
    window.add_argument("room", metavar="ROOM", nargs="?", help="its address, as general; or @handle")
    theme = window.add_mutually_exclusive_group()
    theme.add_argument("--light", dest="theme", action="store_const", const="day", help="by day")
    theme.add_argument("--dark", dest="theme", action="store_const", const="dusk", help="at dusk")
    return top


async def run(options: argparse.Namespace) -> int:
    try:
        config = load_config()
        return await COMMANDS[options.command](config, options)
    except ClientError as problem:
        complain(str(problem))
        return status_for(problem)


def open_window(options: argparse.Namespace) -> int:
    """In the main thread, where Tk has to be: its own loop runs there, and none of asyncio."""
    try:
        from clients.desktop.start import show_window  # noqa: PLC0415  not every Python has Tk
    except ModuleNotFoundError as missing:
        complain(f"For this install Tk for Python, as in the package python3-tk ({missing.name} is missing).")
        return USAGE
    try:
        show_window(load_config(), options)
    except ClientError as problem:
        complain(str(problem))
        return status_for(problem)
    return DONE


def status_for(problem: ClientError) -> int:
    if isinstance(problem, NotSignedIn | SignedOut | NotLetIn):
        return NOT_SIGNED_IN
    if isinstance(problem, Unreachable):
        return UNREACHABLE
    return USAGE if isinstance(problem, BadAddress) else REFUSED


async def log_in(config: Config, options: argparse.Namespace) -> int:
    address = address_of(options.url)
    if address.is_tcp:
        raise BadAddress("Sign in at the https address of the server.")
    if address.tls is None and address.host not in HERE:
        complain("This address is not encrypted: whoever is on the way can read your token.")
    config.save()  # a token that is approved and cannot be kept would be lost, and good for ever
    signed_in = await sign_in(address, options.name, options.scope, show_codes)
    config.with_token(address.url, signed_in.access_token).save()
    say(f"Signed in as @{signed_in.person.handle}.")
    return DONE


def show_codes(codes: Codes) -> None:
    say(f"Open {codes.verification_uri} and enter the code {codes.user_code}")
    say(f"or open {codes.verification_uri_complete}")
    say("Waiting for you to approve it ...")


async def log_out(config: Config, options: argparse.Namespace) -> int:
    # ROOST_TOKEN is for whoever set it to end.
    url, token = replace(config, given_token=None).access(options.server)
    config.without(url).save()
    try:
        await sign_out(address_of(url), token)
    except Unreachable as problem:
        complain(str(problem))
        complain(f"The token for {url} is forgotten here alone. The settings of your account end it, under Devices.")
        return UNREACHABLE
    say(f"Signed out of {url}.")
    return DONE


async def list_rooms(config: Config, options: argparse.Namespace) -> int:
    url, token = config.access(options.server)
    async with connect(url, token=token) as roost:
        for room in sorted(roost.state.rooms.values(), key=lambda room: name_of(room, roost.state)):
            say(f"{name_of(room, roost.state):<30} {told_of(room)}".rstrip())
    return DONE


async def send(config: Config, options: argparse.Namespace) -> int:
    url, token = config.access(options.server)
    async with connect(url, token=token) as roost:
        room = await roost.open(room_called(options.room, roost.state))
        return DONE if await send_all(room, texts_of(options)) else REFUSED


async def follow(config: Config, options: argparse.Namespace) -> int:
    url, token = config.access(options.server)
    async with connect(url, token=token) as roost:
        room = await roost.open(room_called(options.room, roost.state))
        await tail(roost, room, options.since, as_json=options.json)
    return DONE


async def whole_terminal(config: Config, options: argparse.Namespace) -> int:
    try:
        from clients.terminal.app import chat  # noqa: PLC0415  an extra, which the other commands do without
    except ModuleNotFoundError as missing:
        complain(f"For this install the extra: pip install 'roost[terminal]' ({missing.name} is missing).")
        return USAGE
    url, token = config.access(options.server)
    unsent = await chat(connect(url, token=token), url, options.room)
    for text in unsent:
        complain(f"Not known to be sent: {text}")
    return REFUSED if unsent else DONE


async def texts_of(options: argparse.Namespace) -> AsyncIterator[str]:
    """The messages that are given."""
    if options.text != "-":
        # What the shell gave and is no UTF-8 stands in there as halves of surrogate pairs.
        yield text_of(os.fsencode(options.text))
    elif options.lines:
        async for line in lines_of(sys.stdin.fileno()):
            yield line
    else:
        whole = b"".join([piece async for piece in pieces_of(sys.stdin.fileno())])
        yield text_of(whole).removesuffix("\n")


def room_called(name: str, state: State) -> str | int:
    """What `open` takes for a name as `rooms` shows it."""
    named = next((room for room in state.rooms.values() if name == name_of(room, state)), None)
    return named.row.id if named is not None else name.removeprefix("#")


def name_of(room: KnownRoom, state: State) -> str:
    """Its address; of a direct room its people."""
    if room.row.kind != "direct" or state.person is None:
        return room.row.slug
    others = sorted(f"@{person.handle}" for person in room.row.people if person.id != state.person.id)
    return ",".join(others)


def told_of(room: KnownRoom) -> str:
    if not room.unread:
        return ""
    return f"{room.unread} unread" + (f", {room.mentions} for you" if room.mentions else "")


COMMANDS = {
    "login": log_in,
    "logout": log_out,
    "rooms": list_rooms,
    "send": send,
    "tail": follow,
    "chat": whole_terminal,
}

if __name__ == "__main__":
    sys.exit(main())

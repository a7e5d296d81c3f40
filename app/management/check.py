"""check: what is wrong, or could be better, before anybody else finds out."""

import argparse

from app.checks import database, offline, online
from app.management.commands import Commands, add_command
from app.settings import Settings, read_dotenv


def add_commands(commands: Commands) -> None:
    parser = add_command(commands, "check", "Say what is wrong with the settings, and what to register with X.", check)
    parser.add_argument("--deploy", action="store_true", help="also what matters once other people come")
    parser.add_argument("--online", action="store_true", help="also ask X for one request token")


def check(settings: Settings, arguments: argparse.Namespace) -> int:
    """The exit status is 1 if there is a problem; notes and warnings are none."""
    found = list(offline.findings(settings, read_dotenv(settings.root)))
    if arguments.deploy:
        found += [*offline.deploy_findings(settings), *database.ask(settings)]
    if arguments.online:
        found += online.ask(settings)
    print(offline.registration(settings))
    for finding in found:
        print(finding)
    return 1 if any(finding.level == "problem" for finding in found) else 0

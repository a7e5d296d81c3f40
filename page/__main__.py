"""python -m page measure | screenshots | clients | icons."""

import argparse
import asyncio

from page.clients import take_client_pictures
from page.icons import draw_icons
from page.measure import measure
from page.screenshots import take_pictures

COMMANDS = {"measure": measure, "screenshots": take_pictures, "clients": take_client_pictures, "icons": draw_icons}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m page", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    asyncio.run(COMMANDS[parser.parse_args().command]())


main()

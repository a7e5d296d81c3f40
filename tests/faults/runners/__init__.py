"""Servers with something broken inside, which no option of the product can break."""

from collections.abc import Callable, Coroutine
from typing import Any

from app.logs import set_up_logs
from app.management.command_line import ROOT
from app.management.serving import run_on_loop
from app.settings import Settings, load_settings, read_dotenv


def run(main: Callable[[Settings], Coroutine[Any, Any, None]]) -> None:
    """What `manage.py runserver` does around `serve`."""
    settings = load_settings(read_dotenv(ROOT), ROOT)
    set_up_logs(settings.log_level)
    run_on_loop(lambda: main(settings))

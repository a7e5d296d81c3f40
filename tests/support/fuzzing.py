"""A plugin of pytest for `make fuzz`: what Hypothesis tests by made-up input is tested over and over, with other input,
until its time is up."""

import functools
import time
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, settings

COUNTED = pytest.StashKey[list[str]]()

# A machine that is busy for a moment is no finding; and input that CI makes the same each time would find nothing new.
settings.register_profile(
    "fuzz", deadline=None, derandomize=False, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fuzz", type=float, required=True, metavar="SECONDS", help="for all tests of this run together")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[COUNTED] = []


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Function) -> None:
    """pytest itself runs it one more time."""
    share = item.config.getoption("--fuzz") / len(item.session.items)
    test = cast(Any, item.obj).hypothesis
    calls = 0

    @functools.wraps(inner := test.inner_test)
    def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        return inner(*arguments, **named)

    test.inner_test = counted
    end = time.monotonic() + share
    while time.monotonic() < end:
        item.runtest()
    item.config.stash[COUNTED].append(f"{calls:9,} examples in {share:.0f} s: {item.nodeid}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash[COUNTED]:
        terminalreporter.write_line(line)

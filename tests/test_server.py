import gc
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from tornado.netutil import bind_sockets

from app.errors import SettingsError
from app.server import Server
from app.settings import load_settings


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_port_that_is_taken_is_named_with_the_cure(tmp_path: Path) -> None:
    (taken,) = bind_sockets(0, "0.0.0.0")
    with closing(taken):
        port = taken.getsockname()[1]
        problem = await refusal_of(Server(msgspec.structs.replace(load_settings({}, tmp_path), port=port)))
    assert problem.startswith(f"Port {port} cannot be had")
    assert "set another PORT" in problem
    gc.collect()  # Tornado leaves the socket it could not bind to the collector, which complains: here, not later


async def refusal_of(server: Server) -> str:
    with pytest.raises(SettingsError) as refused:
        await server.start()
    return refused.value.problems["PORT"]

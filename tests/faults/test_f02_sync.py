"""F2: every acknowledgement leaves after the disk has said that the message is there (DELIVERY D1)."""

import re
from pathlib import Path

from tests.faults import strace
from tests.faults.community import Community
from tests.faults.conftest import Figure
from tests.faults.load import Load, until
from tests.faults.server import ServerProcess

SENDS = 1_000
RATE = 200.0
CALLS = "fdatasync,fsync,pwrite64,write,writev,sendto,sendmsg"
NONCE = re.compile(r"[0-9a-f]{11}-[A-Za-z0-9_-]{16}")
ANSWERED = re.compile(rf'"type\\":\\"sent\\".*?"nonce\\":\\"({NONCE.pattern})')
CHECKPOINT_SYNCS = 3
"""At most: of the log before it is copied, of the database after, and of the log's new head."""


async def test_no_acknowledgement_leaves_before_its_commit_is_synced(
    community: Community, servers: list[ServerProcess], tmp_path: Path, figure: Figure
) -> None:
    trace = tmp_path / "trace"
    server = ServerProcess(community, wrapper=strace.tracing(trace, CALLS))
    servers.append(server)
    await server.start()
    load = Load(community, server.address)
    load.add_all(20)
    async with load.running():
        load.send_at(RATE)
        await until(lambda: len(load.sends) >= SENDS)
        await load.settle()
        assert await load.violations() == []
        sends = load.sends
    server.terminate()
    assert await server.ended() == 0

    story = Story(trace, community.file)
    assert all(send.acked for send in sends)
    early = [send.nonce for send in sends if story.is_early(send.nonce)]
    figure(
        f"F2   {len(sends)} acknowledgements, {len(early)} before their sync; {story.syncs} syncs of the log for "
        f"{story.commits} commits, {story.checkpoints} checkpoints"
    )
    assert early == []
    assert story.syncs <= story.commits + CHECKPOINT_SYNCS * story.checkpoints


class Story:
    """What the trace tells: when each nonce first stood in the log, when the log was synced, when it was answered."""

    def __init__(self, trace: Path, database: Path) -> None:
        self.commits = self.checkpoints = 0
        self._written: dict[str, int] = {}
        self._answered: dict[str, int] = {}
        self._syncs: list[strace.Call] = []
        for call in strace.read(trace):
            if f"<{database}-wal>" in call.text[:300]:
                self._log(call)
            elif f"<{database}>" in call.text[:300]:
                self.checkpoints += call.name in {"fdatasync", "fsync"}
            else:
                for nonce in ANSWERED.findall(call.text):
                    self._answered.setdefault(nonce, call.began)

    @property
    def syncs(self) -> int:
        return len(self._syncs)

    def is_early(self, nonce: str) -> bool:
        """Whether no sync lies between the writing of this nonce to the log and its answer."""
        written, answered = self._written[nonce], self._answered[nonce]
        return not any(sync.began > written and sync.ended < answered for sync in self._syncs)

    def _log(self, call: strace.Call) -> None:
        if call.name in {"fdatasync", "fsync"} and call.succeeded:
            self._syncs.append(call)
        elif call.name == "pwrite64":
            self.commits += strace.wal_frame_commits(call.text)
            for nonce in NONCE.findall(call.text):
                self._written.setdefault(nonce, call.ended)

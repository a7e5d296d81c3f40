"""One thing that a check has found."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["fine", "note", "warning", "problem"]


@dataclass(frozen=True)
class Finding:
    """`id` names what was found and stays the same from release to release (docs/deploy.md has them all). `cause` says
    what is so, `cure` what to do about it. A problem keeps people out or loses what they say."""

    id: str
    level: Level
    cause: str
    cure: str = ""

    def __str__(self) -> str:
        return f"{self.level} [{self.id}] {self.cause}" + (f"\n    {self.cure}" if self.cure else "")

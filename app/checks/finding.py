"""One thing that a check has found."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["fine", "note", "warning", "problem"]


@dataclass(frozen=True)
class Finding:
    """`cause` says what is so, `cure` what to do about it. A problem keeps people out or loses what they say."""

    level: Level
    cause: str
    cure: str = ""

    def __str__(self) -> str:
        return f"{self.level}: {self.cause}" + (f"\n    {self.cure}" if self.cure else "")

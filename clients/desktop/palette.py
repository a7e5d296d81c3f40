"""The colours of the page (its tokens), by day and at dusk."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """`ink_2` and `ink_3` are quieter than `ink`; `yolk` is behind what mentions the reader, `berry` for failures."""

    frame: str
    canvas: str
    raised: str
    sunken: str
    select: str
    hairline: str
    edge: str
    ink: str
    ink_2: str
    ink_3: str
    accent: str
    accent_ink: str
    accent_soft: str
    on_accent: str
    yolk_soft: str
    yolk_ink: str
    berry_ink: str


DAY = Palette(
    frame="#e8f2f4",
    canvas="#fdfefe",
    raised="#ffffff",
    sunken="#f2f8f8",
    select="#cbe8eb",
    hairline="#dbe4e5",
    edge="#7c8d8f",
    ink="#162429",
    ink_2="#425055",
    ink_3="#5b696e",
    accent="#00717a",
    accent_ink="#00636c",
    accent_soft="#dbf2f4",
    on_accent="#ffffff",
    yolk_soft="#fdf6e0",
    yolk_ink="#6e4b10",
    berry_ink="#b32035",
)
DUSK = Palette(
    frame="#0c1417",
    canvas="#141d20",
    raised="#1e282c",
    sunken="#0f171a",
    select="#163437",
    hairline="#283235",
    edge="#65747a",
    ink="#e8eeef",
    ink_2="#b2bdbe",
    ink_3="#93a0a1",
    accent="#6bd1d3",
    accent_ink="#72d4d5",
    accent_soft="#132f32",
    on_accent="#031a1c",
    yolk_soft="#2a2519",
    yolk_ink="#f2d07d",
    berry_ink="#fa8789",
)

"""The colours of the page (its tokens, static/css), by day and at dusk."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Three inks, each one step quieter; one accent; yolk for what is for the reader, `yolk_mark` where it has to stand
    out more; berry for what failed. `code` are keywords, strings, functions and numbers."""

    name: str
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
    yolk_mark: str
    yolk_ink: str
    berry_ink: str
    leaf_ink: str
    code: tuple[str, str, str, str]


DAY = Palette(
    name="roost-day",
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
    yolk_mark="#fae5ad",
    yolk_ink="#6e4b10",
    berry_ink="#b32035",
    leaf_ink="#1d6835",
    code=("#6941a1", "#236436", "#1f5596", "#97400d"),
)
DUSK = Palette(
    name="roost-dusk",
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
    yolk_mark="#57451d",
    yolk_ink="#f2d07d",
    berry_ink="#fa8789",
    leaf_ink="#78d694",
    code=("#c8aefa", "#86db9d", "#8cc4f4", "#f1b77e"),
)

PALETTES = {palette.name: palette for palette in (DUSK, DAY)}

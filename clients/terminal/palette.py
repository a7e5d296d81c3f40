"""The colours of a terminal by day and at dusk: those of the page (static/css)."""

from dataclasses import dataclass

from rich.style import Style
from textual.theme import Theme


@dataclass(frozen=True, slots=True)
class Palette:
    """Three inks, each one step quieter; one accent; yolk for what is for the reader, berry for what failed."""

    name: str
    dark: bool
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
    on_accent: str
    yolk_soft: str
    yolk_ink: str
    berry: str
    leaf: str
    code: tuple[str, str, str, str]
    """Of keywords, strings, functions and numbers."""

    def theme(self) -> Theme:
        return Theme(
            name=self.name,
            dark=self.dark,
            primary=self.accent,
            secondary=self.accent,
            accent=self.accent,
            warning=self.yolk_ink,
            error=self.berry,
            success=self.leaf,
            foreground=self.ink,
            background=self.canvas,
            surface=self.canvas,
            panel=self.frame,
            text_alpha=1.0,
            variables={
                "frame": self.frame,
                "canvas": self.canvas,
                "raised": self.raised,
                "select": self.select,
                "hairline": self.hairline,
                "edge": self.edge,
                "ink": self.ink,
                "ink-2": self.ink_2,
                "ink-3": self.ink_3,
                "accent-ink": self.accent_ink,
                "on-accent": self.on_accent,
                "yolk-soft": self.yolk_soft,
                "yolk-ink": self.yolk_ink,
                "block-cursor-background": self.select,
                "block-cursor-foreground": self.ink,
                "block-cursor-text-style": "none",
                "block-cursor-blurred-background": self.select,
                "block-cursor-blurred-foreground": self.ink,
                "scrollbar": self.hairline,
                "scrollbar-background": self.canvas,
                "scrollbar-background-hover": self.canvas,
                "scrollbar-background-active": self.canvas,
                "scrollbar-hover": self.edge,
                "scrollbar-active": self.edge,
                "scrollbar-corner-color": self.canvas,
                "input-selection-background": self.select,
            },
        )

    def styles(self) -> "Styles":
        keyword, string, function, number = (Style(color=color) for color in self.code)
        return Styles(
            ink=Style(color=self.ink),
            name=Style(color=self.ink, bold=True),
            quiet=Style(color=self.ink_2),
            hint=Style(color=self.ink_3),
            link=Style(color=self.accent_ink, underline=True),
            mention=Style(color=self.accent_ink),
            for_me=Style(color=self.yolk_ink, bgcolor=self.yolk_soft, bold=True),
            bar=Style(color=self.yolk_ink),
            accent=Style(color=self.accent_ink, bold=True),
            code=Style(color=self.ink, bgcolor=self.sunken),
            rule=Style(color=self.hairline),
            edge=Style(color=self.edge),
            failure=Style(color=self.berry),
            mine=Style(color=self.accent_ink, bold=True),
            canvas=Style(color=self.ink, bgcolor=self.canvas),
            chosen=Style(bgcolor=self.select),
            mark=Style(color=self.yolk_ink, bgcolor=self.yolk_soft),
            keyword=keyword,
            string=string,
            function=function,
            number=number,
        )


@dataclass(frozen=True, slots=True)
class Styles:
    """What the parts of a message look like; the last four are of code."""

    ink: Style
    name: Style
    quiet: Style
    hint: Style
    link: Style
    mention: Style
    for_me: Style
    bar: Style
    accent: Style
    code: Style
    rule: Style
    edge: Style
    failure: Style
    mine: Style
    canvas: Style
    chosen: Style
    mark: Style
    keyword: Style
    string: Style
    function: Style
    number: Style

    @property
    def looks(self) -> dict[str, Style]:
        """By the names that clients/formatted.py gives."""
        return {
            "strong": Style(bold=True),
            "em": Style(italic=True),
            "del": Style(strike=True),
            "code": self.code,
            "block": self.code,
            "mark": self.mark,
            "mention": self.mention,
            "link": self.link,
            "address": self.hint,
            "edge": self.edge,
            "quiet": self.quiet,
            "keyword": self.keyword,
            "string": self.string,
            "function": self.function,
            "number": self.number,
            "comment": self.hint,
        }


DAY = Palette(
    name="roost-day",
    dark=False,
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
    on_accent="#ffffff",
    yolk_soft="#fae5ad",
    yolk_ink="#6e4b10",
    berry="#b32035",
    leaf="#1d6835",
    code=("#6941a1", "#236436", "#1f5596", "#97400d"),
)

DUSK = Palette(
    name="roost-dusk",
    dark=True,
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
    on_accent="#031a1c",
    yolk_soft="#57451d",
    yolk_ink="#f2d07d",
    berry="#fa8789",
    leaf="#78d694",
    code=("#c8aefa", "#86db9d", "#8cc4f4", "#f1b77e"),
)

PALETTES = {palette.name: palette for palette in (DUSK, DAY)}

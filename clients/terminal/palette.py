"""The colours of a terminal."""

from dataclasses import dataclass

from rich.style import Style
from textual.theme import Theme

from clients.palette import DUSK, Palette


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


def theme_of(p: Palette) -> Theme:
    return Theme(
        name=p.name,
        dark=p is DUSK,
        primary=p.accent,
        secondary=p.accent,
        accent=p.accent,
        warning=p.yolk_ink,
        error=p.berry_ink,
        success=p.leaf_ink,
        foreground=p.ink,
        background=p.canvas,
        surface=p.canvas,
        panel=p.frame,
        text_alpha=1.0,
        variables={
            "frame": p.frame,
            "canvas": p.canvas,
            "raised": p.raised,
            "select": p.select,
            "hairline": p.hairline,
            "edge": p.edge,
            "ink": p.ink,
            "ink-2": p.ink_2,
            "ink-3": p.ink_3,
            "accent-ink": p.accent_ink,
            "on-accent": p.on_accent,
            "yolk-mark": p.yolk_mark,
            "yolk-ink": p.yolk_ink,
            "block-cursor-background": p.select,
            "block-cursor-foreground": p.ink,
            "block-cursor-text-style": "none",
            "block-cursor-blurred-background": p.select,
            "block-cursor-blurred-foreground": p.ink,
            "scrollbar": p.hairline,
            "scrollbar-background": p.canvas,
            "scrollbar-background-hover": p.canvas,
            "scrollbar-background-active": p.canvas,
            "scrollbar-hover": p.edge,
            "scrollbar-active": p.edge,
            "scrollbar-corner-color": p.canvas,
            "input-selection-background": p.select,
        },
    )


def styles_of(p: Palette) -> Styles:
    keyword, string, function, number = (Style(color=color) for color in p.code)
    return Styles(
        ink=Style(color=p.ink),
        name=Style(color=p.ink, bold=True),
        quiet=Style(color=p.ink_2),
        hint=Style(color=p.ink_3),
        link=Style(color=p.accent_ink, underline=True),
        mention=Style(color=p.accent_ink),
        for_me=Style(color=p.yolk_ink, bgcolor=p.yolk_mark, bold=True),
        bar=Style(color=p.yolk_ink),
        accent=Style(color=p.accent_ink, bold=True),
        code=Style(color=p.ink, bgcolor=p.sunken),
        rule=Style(color=p.hairline),
        edge=Style(color=p.edge),
        failure=Style(color=p.berry_ink),
        mine=Style(color=p.accent_ink, bold=True),
        canvas=Style(color=p.ink, bgcolor=p.canvas),
        chosen=Style(bgcolor=p.select),
        mark=Style(color=p.yolk_ink, bgcolor=p.yolk_mark),
        keyword=keyword,
        string=string,
        function=function,
        number=number,
    )

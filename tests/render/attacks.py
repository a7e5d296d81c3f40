"""Texts by which a page that takes them for HTML would be taken over: those of xss.json, and every element with every
event attribute there is."""

from collections.abc import Iterator

from tests.render.reading import read_cases

ELEMENTS, EVENTS = read_cases("attacks.json").values()
"""Of the HTML Living Standard, SVG 2 and MathML Core, obsolete ones too, one element that nobody has defined, and the
events of single browsers."""

FORMS = (
    "<{element} on{event}=alert(1) src=x autofocus tabindex=1>x",
    '"><{element}/on{event}="alert(1)">',
    "<{ELEMENT}\n oN{event} = 'alert(1)' open>",
    "<!--><{element} on{event}=alert`1`></{element}>",
)


def every_attack() -> Iterator[str]:
    """Some 30,000, always the same."""
    yield from read_cases("xss.json")
    for row, element in enumerate(ELEMENTS):
        for column, event in enumerate(EVENTS):
            form = FORMS[(row + column) % len(FORMS)]
            yield form.format(element=element, ELEMENT=element.upper(), event=event)


def packed(attacks: Iterator[str], limit: int) -> Iterator[str]:
    """As few texts as hold them all, a line for each, of at most `limit` characters."""
    lines: list[str] = []
    length = 0
    for attack in attacks:
        if lines and length + len(attack) + 1 > limit:
            yield "\n".join(lines)
            lines, length = [], 0
        lines.append(attack)
        length += len(attack) + 1
    yield "\n".join(lines)

"""All that the HTML of a message may hold; docs/protocol.md has the same list for clients (SECURITY S26)."""

from functools import cache

import nh3

from app.render.links import REL

TAGS = {"a", "blockquote", "br", "code", "del", "em", "li", "ol", "pre", "span", "strong", "ul"}
ATTRIBUTES = {"a": {"href", "data-person"}, "ol": {"start"}, "pre": {"data-language"}}
VALUES = {"a": {"rel": {REL}, "target": {"_blank"}}}
CLASSES = {"a": {"mention"}, "span": {"mention", "said", "k", "s", "f", "n", "c"}}
SCHEMES = {"http", "https", "mailto"}


def cleaned(html: str) -> str:
    """The HTML without what is not allowed. Our own holds nothing else: this is the second wall."""
    return cleaner().clean(html)


@cache
def cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=TAGS,
        attributes=ATTRIBUTES,
        tag_attribute_values=VALUES,
        allowed_classes=CLASSES,
        url_schemes=SCHEMES,
        url_relative="deny",
        link_rel=None,
    )

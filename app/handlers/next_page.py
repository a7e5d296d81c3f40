"""Where a sign-in may lead to: a page of ours, by its path."""

import re
from urllib.parse import unquote

HOME = "/chat"
LENGTH = 500

PATH = re.compile(r"/[A-Za-z0-9_~.%/-]*(\?[A-Za-z0-9_~.%/=&+,:@-]*)?", re.ASCII)
STEPS = ("/./", "/../")
OWN = ("/login", "/logout")
"""Leading back to sign-in would lead round in a circle."""


def safe_next(value: str) -> str:
    """`value` if it is a plain path on this site, else the chat.

    Browsers read more into an address than it says: a backslash as a slash, `//host` as another site, tabs and line
    ends as nothing at all. So this knows the few characters our own paths have, also behind percent signs, and refuses
    the rest.
    """
    return value if _is_own_path(value) else HOME


def _is_own_path(value: str) -> bool:
    if len(value) > LENGTH or not PATH.fullmatch(value):
        return False
    path = _decoded(value.partition("?")[0])
    if not path.isprintable() or "\\" in path or "%" in path:
        return False
    return not any(step in f"{path}/" for step in STEPS) and "//" not in path and path.rstrip("/") not in OWN


def _decoded(path: str) -> str:
    """Twice: what is refused plain is refused encoded, and also encoded again."""
    return unquote(unquote(path))

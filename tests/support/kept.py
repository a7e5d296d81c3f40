"""What each server makes at its start, though it comes out alike every time, is made once in a process of tests: the
files of the page without comments and packed, the table of emoji and the compiled templates."""

from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket

from app import assets
from app.application import Application
from app.handlers import rendering
from app.handlers.languages import SOURCE
from app.render import emoji
from app.settings import load_settings


class KeptTemplates(BytecodeCache):
    """By name and source. The languages have one code, since a text is looked up when a page is drawn."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


def keep() -> None:
    """From here on. Call it once."""
    assets._packed = cache(assets._packed)
    # An Asset packs itself when it is first asked for, and keeps that.
    assets._asset = cache(assets._asset)
    emoji.as_module = cache(emoji.as_module)
    rendering.Environment = partial(Environment, bytecode_cache=KeptTemplates())  # type: ignore[attr-defined, assignment]


def make_all() -> None:
    """Now, for the processes that are forked from this one."""
    with TemporaryDirectory() as folder:
        application = Application(load_settings({}, Path(folder)))
    pages = application.pages[SOURCE]
    for name in pages.list_templates(extensions=["html"]):
        pages.get_template(name)
    for path in application.assets._files:
        found = application.assets.find(path)
        assert found is not None
        found.sent_to("br")

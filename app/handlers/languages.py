"""What the interface is written in: the catalogues of locale/, found through tornado.locale."""

from pathlib import Path
from typing import Any

import msgspec
import tornado.locale
from markupsafe import Markup
from tornado.locale import Locale

from app.render.notices import translated

CATALOGUES = Path(__file__).resolve().parents[2] / "locale"
DOMAIN = "roost"
SOURCE = "en"
"""The language of the texts in the code, which needs no catalogue."""
NAMES = {"en": "English", "ru": "Русский"}
"""Each language by what its speakers call it."""
THOUSANDS = {"ru": "\N{NO-BREAK SPACE}"}
"""What stands between groups of three digits, where it is no comma."""
DECIMALS = {"ru": ","}
"""What stands before tenths, where it is no point."""


class Words:
    """The interface's texts in one language: what templates call `_` and `ngettext`."""

    def __init__(self, locale: Locale) -> None:
        self.language: str = locale.code
        self.direction = "rtl" if locale.rtl else "ltr"
        self._locale = locale

    def text(self, text: str, **values: Any) -> str:
        """`text`, which is English, in this language. `{name}` stands for one of `values`: a number is written as the
        language writes it, and markup makes the whole markup."""
        return self._filled(self._locale.translate(text), values)

    def number(self, one: str, many: str, count: int, **values: Any) -> str:
        """The one of two English texts that fits `count`, in the form this language has for it."""
        return self._filled(self._locale.translate(one, many, count), {"count": count, **values})

    def html(self, html: str) -> str:
        """A message, with what it holds of our own sentences in this language."""
        return translated(html, self.text)

    def for_page(self) -> dict[str, str | list[str]]:
        """The texts that the page's script says, by their English; what is absent is said in English."""
        file = CATALOGUES / self.language / "LC_MESSAGES" / f"{DOMAIN}.json"
        return msgspec.json.decode(file.read_bytes(), type=dict[str, str | list[str]]) if file.exists() else {}

    def _filled(self, text: str, values: dict[str, Any]) -> str:
        if any(isinstance(value, Markup) for value in values.values()):
            text = Markup.escape(text)
        return text.format(**{name: self._written(value) for name, value in values.items()}) if values else text

    def _written(self, value: Any) -> Any:
        if isinstance(value, float):
            return str(value).replace(".", DECIMALS.get(self.language, "."))
        return f"{value:,}".replace(",", THOUSANDS.get(self.language, ",")) if isinstance(value, int) else value


def every_language() -> dict[str, Words]:
    """All there is, by code. From here on Tornado too chooses among them, and falls back to English."""
    tornado.locale.set_default_locale(SOURCE)
    tornado.locale.load_gettext_translations(str(CATALOGUES), DOMAIN)
    return {code: Words(tornado.locale.get(code)) for code in NAMES}

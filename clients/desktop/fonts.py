"""The faces of the window. Their sizes change all at once, and what is drawn with them follows by itself."""

import tkinter as tk
from tkinter.font import Font, nametofont

SMALLEST, USUAL, LARGEST = 8, 11, 22
"""Points, of messages."""
BOLD, ITALIC, STRUCK = "b", "i", "s"


class Fonts:
    def __init__(self, root: tk.Misc) -> None:
        family = nametofont("TkDefaultFont", root).actual("family")
        mono = nametofont("TkFixedFont", root).actual("family")
        self.size = USUAL
        self.text = Font(root, family=family)
        self.strong = Font(root, family=family, weight="bold")
        self.code = Font(root, family=mono)
        self.small = Font(root, family=family)
        self.title = Font(root, family=family, weight="bold")
        self._styled: dict[str, Font] = {}
        self._root, self._family = root, family
        self.resize(0)

    def styled(self, styles: str) -> Font:
        """Of messages, with any of BOLD, ITALIC and STRUCK."""
        if styles not in self._styled:
            self._styled[styles] = Font(
                self._root,
                family=self._family,
                size=self.size,
                weight="bold" if BOLD in styles else "normal",
                slant="italic" if ITALIC in styles else "roman",
                overstrike=STRUCK in styles,
            )
        return self._styled[styles]

    def resize(self, by: int) -> None:
        """By so many points; 0: as usual."""
        self.size = min(LARGEST, max(SMALLEST, self.size + by)) if by else USUAL
        for font in (self.text, self.strong, *self._styled.values()):
            font.configure(size=self.size)
        self.code.configure(size=self.size - 1)
        self.small.configure(size=self.size - 2)
        self.title.configure(size=self.size + 2)

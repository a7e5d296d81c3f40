"""What is left of English on a page in Russian."""

import re

from playwright.async_api import Page

RUSSIAN = {"locale": "ru-RU"}
BRANDS = ("Harbour Lab", "Roost", "x.com", "Chrome", "Linux", "Ctrl", "Enter", "English", "JSON")
# All there is to see or hear on a page, shown just now or not, clones too; without what people wrote and are called.
TEXTS = """() => {
    const attributes = ["alt", "aria-description", "aria-label", "aria-valuetext", "placeholder", "title"];
    const code = "code, head noscript, kbd, script, style";
    const theirs = `bdi, ${code}, [data-part=egg], [dir=auto]:not([data-part=said]), #announce`;
    const texts = [document.title], names = [];
    const look = (root) => {
        for (const element of root.querySelectorAll("*")) {
            if (element.localName === "template") look(element.content);
            // The names of emoji, which are English in every language.
            if (element.closest("[lang=en]")) continue;
            if (element.localName === "bdi") names.push(element.textContent);
            if (element.dataset.part === "alt") names.push(element.title);
            if (element.dataset.part === "reaction") names.push(...element.dataset.names.split(", "));
            for (const name of attributes) if (element.hasAttribute(name)) texts.push(element.getAttribute(name));
            if (element.closest(theirs)) continue;
            for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) texts.push(node.data);
        }
    };
    look(document);
    return { texts, names };
}"""


async def english(page: Page) -> list[str]:
    """The texts of the page with a word in Latin letters that is nobody's name."""
    found: dict[str, list[str]] = await page.evaluate(TEXTS)
    assert any(re.search("[а-яё]{3,}", text) for text in found["texts"])
    names = sorted({name for name in (*BRANDS, *found["names"]) if name}, key=len, reverse=True)
    without_names = re.compile("|".join([*(rf"@?(?<!\w){re.escape(name)}(?!\w)" for name in names), r"@\w+"]))
    return [text.strip() for text in found["texts"] if re.search("[A-Za-z]{2,}", without_names.sub("", text))]

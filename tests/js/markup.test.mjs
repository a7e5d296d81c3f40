import assert from "node:assert/strict";
import { test } from "node:test";

import { begin, isLinkFor, link, wrap } from "roost/core/markup.js";

/** What becomes of a text in which ‹ and › stand round the selection, or | is the caret; shown in the same way. */
function after(marked, change) {
  const start = marked.search(/[‹|]/);
  const end = marked.includes("|") ? start : marked.indexOf("›") - 1;
  const text = marked.replace(/[‹›|]/g, "");
  const made = change(text, start, end);
  const result = text.slice(0, made.from) + made.inserted + text.slice(made.to);
  if (made.start === made.end) return `${result.slice(0, made.start)}|${result.slice(made.start)}`;
  return `${result.slice(0, made.start)}‹${result.slice(made.start, made.end)}›${result.slice(made.end)}`;
}

const wrapped = (marked, sign) => after(marked, (...selection) => wrap(...selection, sign));
const begun = (marked, sign) => after(marked, (...selection) => begin(...selection, sign));
const linked = (marked, url) => after(marked, (...selection) => link(...selection, url));

test("a sign goes round the selection, or round the caret", () => {
  assert.equal(wrapped("a ‹b› c", "**"), "a **‹b›** c");
  assert.equal(wrapped("a |", "`"), "a `|`");
  assert.equal(wrapped("‹a\nb›", "~~"), "~~‹a\nb›~~");
});

test("the same sign again goes away", () => {
  assert.equal(wrapped("a **‹b›** c", "**"), "a ‹b› c");
  assert.equal(wrapped("`|`", "`"), "|");
  assert.equal(wrapped("*‹b›*", "*"), "‹b›");
});

test("italic and bold are not mixed up", () => {
  assert.equal(wrapped("**‹b›**", "*"), "***‹b›***");
  assert.equal(wrapped("***‹b›***", "*"), "**‹b›**");
  assert.equal(wrapped("***‹b›***", "**"), "*‹b›*");
  assert.equal(wrapped("*‹b›*", "**"), "***‹b›***");
});

test("every line of the selection begins with the sign, or none", () => {
  assert.equal(begun("a\nb‹c\nd›e\nf", "> "), "a\n‹> bc\n> de›\nf");
  assert.equal(begun("‹> a\n> b›", "> "), "‹a\nb›");
  assert.equal(begun("‹> a\nb›", "> "), "‹> > a\n> b›");
  assert.equal(begun("a\nb|c", "- "), "a\n- b|c");
  assert.equal(begun("- b|c", "- "), "b|c");
  assert.equal(begun("-| b", "- "), "|b");
  assert.equal(begun("|", "- "), "- |");
});

test("the selection becomes the words of a link, and what is missing is written next", () => {
  assert.equal(linked("see ‹this› now"), "see [this](‹https://›) now");
  assert.equal(linked("see |"), "see [|](https://)");
  assert.equal(linked("see ‹this› now", "https://a.org/b"), "see [this](https://a.org/b)| now");
  assert.equal(linked("‹tide›", "https://a.org/Tide_(sea)"), "[tide](<https://a.org/Tide_(sea)>)|");
});

test("only an address over words makes a link", () => {
  assert.equal(isLinkFor("https://a.org/b?c=d", "these words"), true);
  for (const pasted of ["a.org", "https://", "https://a.org b", "javascript:x", "text", "see https://a.org"]) {
    assert.equal(isLinkFor(pasted, "words"), false, pasted);
  }
  for (const words of ["", " ", "a [b]", "a\nb", "https://b.org"]) {
    assert.equal(isLinkFor("https://a.org", words), false, words);
  }
});

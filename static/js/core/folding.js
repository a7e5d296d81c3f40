// What people leave out although Unicode does not call it a mark on another letter. app/storage/name_words.py folds alike;
// tests/test_javascript.py holds the two together.
const LETTERS = { ø: "o", ł: "l", đ: "d", ð: "d", ħ: "h", ı: "i", ß: "ss", æ: "ae", œ: "oe", þ: "th", ς: "σ" };

/** What two spellings of a name have in common: no accents, no case. */
export function fold(text) {
  const letters = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return letters.replace(/[øłđðħıßæœþς]/g, (letter) => LETTERS[letter]);
}

/** Whether any word of `texts` begins with what is `folded`, or one of them as a whole does. */
export function beginsWith(folded, texts) {
  return texts.map(fold).some((text) => text.startsWith(folded) || wordsOf(text).some((word) => word.startsWith(folded)));
}

function wordsOf(text) {
  return text.split(/[^\p{L}\p{N}]+/u);
}

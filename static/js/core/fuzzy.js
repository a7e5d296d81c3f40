import { fold } from "roost/core/folding.js";

const AT_START = 8;
const AT_WORD = 6;
const NEXT_TO_LAST = 7;
const ANYWHERE = 1;
const PER_LETTER = -0.05;
const NO = -Infinity;

const IN_WORD = /[\p{L}\p{N}]/u;

const known = new Map();

/**
 * How well the letters of `query` stand in `text`, in their order; null when they do not. Letters at the beginning, at
 * the beginning of a word and next to each other count more.
 */
export function scoreOf(query, text) {
  const wanted = wantedOf(query);
  const read = readingOf(text);
  if (!standsIn(wanted, read.letters)) return null;
  const last = rowsOf(wanted, read).at(-1);
  return (last?.reduce((most, each) => (each > most ? each : most), NO) ?? 0) + read.letters.length * PER_LETTER;
}

/** Where the letters of `query`, which are in it, stand in `text`, counting [...text]. */
export function placesOf(query, text) {
  const rows = rowsOf(wantedOf(query), readingOf(text));
  const places = [];
  for (let index = rows.length - 1; index >= 0; index -= 1) places.unshift(placeIn(rows[index], rows[index + 1], places[0]));
  return places;
}

/** The best place before the one of the next letter: right before it, if that is why it is worth what it is. */
function placeIn(row, next, end) {
  if (next && next[end] === row[end - 1] + NEXT_TO_LAST) return end - 1;
  const before = row.slice(0, end);
  return before.indexOf(Math.max(...before));
}

function wantedOf(query) {
  return lettersOf(query).filter((letter) => letter !== " ");
}

/** The letters of a text that is searched, and what each is worth by where it stands. */
function readingOf(text) {
  if (!known.has(text)) {
    const letters = lettersOf(text);
    known.set(text, { letters, worths: letters.map((_, place) => worth(letters[place - 1])) });
  }
  return known.get(text);
}

/** One for each of [...text]. */
function lettersOf(text) {
  return Array.from(text, plain);
}

function plain(letter) {
  return letter < "\x80" ? letter.toLowerCase() : (fold(letter)[0] ?? letter);
}

function worth(before) {
  if (before === undefined) return AT_START;
  return IN_WORD.test(before) ? ANYWHERE : AT_WORD;
}

/** Most texts are out of the question, and to see that takes less than to weigh them. */
function standsIn(wanted, letters) {
  let at = -1;
  return wanted.every((letter) => (at = letters.indexOf(letter, at + 1)) >= 0);
}

/** For each wanted letter, by place: the most that all up to it can be worth when it stands there, else -Infinity. */
function rowsOf(wanted, { letters, worths }) {
  const rows = [];
  let before = null;
  for (const letter of wanted) {
    const row = new Float64Array(letters.length).fill(NO);
    let most = before ? NO : 0;
    for (let place = 0; place < row.length; place += 1) {
      const last = before && place > 0 ? before[place - 1] : NO;
      if (last > most) most = last;
      if (letters[place] === letter) row[place] = Math.max(most + worths[place], last + NEXT_TO_LAST);
    }
    rows.push(row);
    before = row;
  }
  return rows;
}

const page = globalThis.document;

/** The page's language, as the server chose it. */
export const language = page?.documentElement.lang || "en";

/** What Intl follows: the English of the page puts the day before the month. */
export const locale = language === "en" ? "en-GB" : language;

const words = JSON.parse(page?.getElementById("words")?.textContent ?? "{}");
const plural = once(() => new Intl.PluralRules(locale));
const forms = once(() => {
  const { pluralCategories } = plural().resolvedOptions();
  return ["zero", "one", "two", "few", "many", "other"].filter((form) => pluralCategories.includes(form));
});
const numbers = once(() => new Intl.NumberFormat(locale));

/**
 * `text`, which is English, in the page's language. `{name}` stands for one of `values`; a number among them is written
 * as the language writes it.
 */
export function t(text, values = {}) {
  return fill(words[text] ?? text, values);
}

/** The one of two English texts that fits `count`, in the form the page's language has for it. `{count}` is the number. */
export function n(one, many, count, values = {}) {
  const texts = words[one] ?? [one, many];
  const text = texts[Math.min(forms().indexOf(plural().select(count)), texts.length - 1)];
  return fill(text, { count, ...values });
}

/** What to append for a sentence with elements in it: `weave(t(sentence), { name: element })`. */
export function weave(text, elements) {
  return text.split(/\{(\w+)\}/).map((piece, index) => (index % 2 ? elements[piece] : piece));
}

/** 1,234 as the page's language writes it. Most are small, and all our languages write those with the same digits. */
export function writtenNumber(number) {
  return Number.isInteger(number) && number >= 0 && number < 1_000 ? String(number) : numbers().format(number);
}

/** A function that gives what `make` makes the first time: each of Intl's takes a slow phone 10 to 100 ms. */
export function once(make) {
  let made = null;
  return () => (made ??= make());
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (hole, name) => (name in values ? written(values[name]) : hole));
}

function written(value) {
  return typeof value === "number" ? writtenNumber(value) : value;
}

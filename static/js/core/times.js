import { locale, n, once, t } from "roost/core/words.js";

/** HH:MM on the reader's clock, in every language. */
export function clockTime(at) {
  const date = new Date(at);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

const day = formatter({ day: "numeric", month: "long" });
const weekday = formatter({ weekday: "long", day: "numeric", month: "long" });
const dated = formatter({ weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** 14 November 2025. */
export const longDate = formatter({ day: "numeric", month: "long", year: "numeric" });

/** The reader's own calendar day, YYYY-MM-DD. */
export function dayKey(at) {
  const date = new Date(at);
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** What people call a day: Today, Yesterday, Friday, 14 November, with its year when that is another. */
export function dayLabel(at, now = Date.now()) {
  if (dayKey(at) === dayKey(now)) return t("Today");
  if (isYesterday(at, now)) return t("Yesterday");
  return capitalised(sameYear(at, now) ? weekday(at) : dated(at));
}

/** 14 November, with its year when that is another. */
export function shortDay(at, now = Date.now()) {
  return sameYear(at, now) ? day(at) : longDate(at);
}

/** HH:MM of today, the day of another one. */
export function momentLabel(at, now = Date.now()) {
  return dayKey(at) === dayKey(now) ? clockTime(at) : shortDay(at, now);
}

const relative = once(() => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }));

/** "5 minutes ago" of the last hours, "Yesterday", or the day. */
export function agoLabel(at, now = Date.now()) {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return t("Just now");
  if (minutes < 60) return relative().format(-minutes, "minute");
  if (dayKey(at) === dayKey(now)) return relative().format(-Math.floor(minutes / 60), "hour");
  return isYesterday(at, now) ? t("Yesterday") : shortDay(at, now);
}

/** A number of seconds that people choose, in the words of a sentence about the pause between two messages. */
export function slowLabel(seconds) {
  if (seconds < 60) return n("{count} second between your messages", "{count} seconds between your messages", seconds);
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return n("{count} minute between your messages", "{count} minutes between your messages", minutes);
  return n("{count} hour between your messages", "{count} hours between your messages", Math.round(minutes / 60));
}

/** How long it takes until somebody who is new may post links. */
export function linksLabel(left) {
  const minutes = Math.ceil(left / 60_000);
  if (minutes <= 90) return n("Links open for you in {count} minute", "Links open for you in {count} minutes", minutes);
  const hours = Math.ceil(minutes / 60);
  if (hours <= 36) return n("Links open for you in {count} hour", "Links open for you in {count} hours", hours);
  return n("Links open for you in {count} day", "Links open for you in {count} days", Math.ceil(hours / 24));
}

/** HH:MM of today, the day of another one and HH:MM. */
export function deadlineLabel(at, now = Date.now()) {
  return dayKey(at) === dayKey(now) ? clockTime(at) : `${shortDay(at, now)}, ${clockTime(at)}`;
}

/** Milliseconds until Today is called Yesterday. */
export function untilMidnight(now = Date.now()) {
  const next = new Date(now);
  next.setHours(24, 0, 0, 0);
  return next - now;
}

/** The form <time datetime> wants. */
export function isoTime(at) {
  return new Date(at).toISOString();
}

function pad(number) {
  return String(number).padStart(2, "0");
}

function isYesterday(at, now) {
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  return dayKey(at) === dayKey(yesterday);
}

function sameYear(one, other) {
  return new Date(one).getFullYear() === new Date(other).getFullYear();
}

/** A day stands as a heading, and many languages write its name small. */
function capitalised(text) {
  return text[0].toLocaleUpperCase(locale) + text.slice(1);
}

function formatter(options) {
  const format = once(() => new Intl.DateTimeFormat(locale, options));
  return (at) => format().format(at);
}

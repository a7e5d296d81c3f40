import { dayKey } from "roost/core/times.js";

const DAY = 86_400_000;

/** A search's text with one more filter; what was begun at its end stays before it. */
export function withFilter(text, filter) {
  return [text.trim(), filter].filter(Boolean).join(" ");
}

/** The text without a filter that stands in it. */
export function withoutFilter(text, filter) {
  return text.replace(filter, "").replace(/\s+/g, " ").trim();
}

/** A value as the text holds it: quotes are for spaces. */
export function filterOf(kind, value) {
  return /\s/.test(value) ? `${kind}:"${value}"` : `${kind}:${value}`;
}

/** The day before the last `days` began, as `after:` wants it, which leaves it out. */
export function dayBefore(days, now = Date.now()) {
  return dayKey(now - days * DAY);
}

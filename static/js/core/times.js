/** HH:MM on the reader's clock. */
export const clockTime = formatter({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

const weekday = formatter({ weekday: "long", day: "numeric", month: "long" });
const dated = formatter({ weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** The reader's own calendar day, YYYY-MM-DD. */
export function dayKey(at) {
  const date = new Date(at);
  const pad = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** What people call a day: Today, Yesterday, Friday, 14 November, with its year when that is another. */
export function dayLabel(at, now = Date.now()) {
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (dayKey(at) === dayKey(now)) return "Today";
  if (dayKey(at) === dayKey(yesterday)) return "Yesterday";
  return sameYear(at, now) ? weekday(at) : dated(at);
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

function sameYear(one, other) {
  return new Date(one).getFullYear() === new Date(other).getFullYear();
}

function formatter(options) {
  const format = new Intl.DateTimeFormat("en-GB", options);
  return (at) => format.format(at);
}

/**
 * A room as it is read without an account: what is new comes by itself. It stands alone, so that nothing else is loaded;
 * without it the page shows the same when it is loaded again. The events: docs/protocol.md, "Reading without an account".
 */
const GROUPED_WITHIN = 5 * 60_000;
const MOST = 500;
const AGAIN = 4_000;
const LONGEST = 60_000;

const log = document.querySelector("[data-live]");
document.querySelector(".is-target")?.scrollIntoView({ block: "center" });
if (log) listen(log.dataset.live);

function listen(address, wait = AGAIN) {
  const source = new EventSource(address);
  let last = null;
  source.onopen = () => (wait = AGAIN);
  source.onmessage = ({ data, lastEventId }) => {
    last = lastEventId || last;
    hear(JSON.parse(data), source);
  };
  source.onerror = () => {
    // The browser comes back by itself, unless it was refused: the server may just be starting, or has no place for it.
    if (source.readyState !== EventSource.CLOSED) return;
    const since = last ?? new URL(address, location.href).searchParams.get("since");
    setTimeout(listen, wait * (1 + Math.random()), `${address.split("?")[0]}?since=${since}`, Math.min(2 * wait, LONGEST));
  };
}

function hear(event, source) {
  if (event.type === "public.shown") showMessage(event);
  else if (event.type === "public.changed") change(event);
  else if (event.type === "public.gone") remove(event.number);
  else {
    source.close();
    location.reload();
  }
}

function showMessage(event) {
  const known = message(event.number);
  if (known) change(event);
  else if (event.number > (latest()?.dataset.number ?? 0)) append(event);
}

/** The HTML is made by the server's renderer, like all messages. What stands on the card was written elsewhere. */
function showWords(item, { html, card }) {
  if (!item) return;
  const body = item.querySelector("[data-part=body]");
  body.innerHTML = html;
  item.querySelector("[data-part=card]")?.remove();
  if (card) body.after(madeCard(card));
}

function madeCard({ url, kind, ...words }) {
  const card = clone("card-template");
  card.classList.toggle("card--post", kind === "post");
  card.querySelector("[data-part=card-link]").href = url;
  for (const name of ["site", "date", "title", "text"]) {
    card.querySelector(`[data-part=card-${name}]`).textContent = words[name] ?? "";
  }
  return card;
}

function change(event) {
  showWords(message(event.number), event);
  requote(event.number, lineOf(event.html));
}

function remove(number) {
  message(number)?.remove();
  requote(number, log.dataset.deleted);
}

function requote(number, line) {
  for (const quote of log.querySelectorAll(`[data-quotes="${number}"]`)) quote.textContent = line;
}

/** As app/render/line.py. */
function lineOf(html) {
  const body = document.createElement("div");
  body.innerHTML = html.replace(/<\/?(?:br|li|pre|blockquote)\b/g, " $&");
  return body.textContent.replace(/\s+/g, " ").trim();
}

function append(event) {
  const before = latest();
  const item = made(event);
  const list = dayOf(event.at).querySelector("[data-part=list]");
  item.classList.toggle("msg--grouped", !event.quote && list.contains(before) && standsWith(before, event));
  list.append(item);
  log.querySelector("[data-part=nothing]")?.remove();
  while (log.querySelectorAll(".msg").length > MOST) forgetOldest();
}

/** Some that were read long ago; the link above them leads to their day. */
function forgetOldest() {
  const oldest = log.querySelector(".msg");
  const day = oldest.closest("section");
  oldest.remove();
  if (!day.querySelector(".msg")) day.remove();
}

function made(event) {
  const { number, at, quote, name, handle, initials, tint, kind = "msg", files = [] } = event;
  const item = clone("message-template");
  const time = new Date(at).toISOString();
  item.id = `m-${number}`;
  Object.assign(item.dataset, { number, author: handle, at });
  item.classList.toggle("msg--me", kind === "me");
  const egg = item.querySelector("[data-part=egg]");
  egg.textContent = initials;
  egg.classList.replace("tint-0", `tint-${tint}`);
  for (const each of item.querySelectorAll("[data-part=author]")) each.textContent = shownName(event);
  item.querySelector("[data-part=handle]").textContent = handle && handle !== name ? `@${handle}` : "";
  for (const each of item.querySelectorAll("[data-part=permalink]")) each.href = `${log.dataset.here}/${number}#m-${number}`;
  for (const each of item.querySelectorAll("[data-part=time]")) {
    each.dateTime = time;
    each.textContent = time.slice(11, 16);
  }
  showWords(item, event);
  if (quote) item.querySelector("[data-part=body]").before(madeQuote(quote));
  item.querySelector("[data-part=files]").replaceChildren(...files.map(madeFile));
  return item;
}

function madeFile({ url, name, alt = "", thumb, thumb_width, thumb_height }) {
  const item = clone(thumb ? "picture-template" : "file-template");
  item.firstElementChild.href = url;
  const image = item.querySelector("img");
  if (image) Object.assign(image, { src: thumb, width: thumb_width, height: thumb_height, alt: alt || name });
  else item.querySelector("bdi").textContent = name;
  return item;
}

/** Who has deleted their account has a name in the reader's language, and a bot says that it is one. */
function shownName({ name, former = false, bot = false }) {
  if (former) return log.dataset.former;
  // By a function: of a text `replace` reads `$&` as what it found.
  return bot ? log.dataset.bot.replace("{name}", () => name) : name;
}

function madeQuote({ number, name, html = "", former = false }) {
  const quote = clone("quote-template");
  const line = quote.querySelector("[data-part=quote-line]");
  quote.href = `${log.dataset.here}/${number}#m-${number}`;
  quote.querySelector("[data-part=quote-author]").textContent = shownName({ name, former });
  line.dataset.quotes = number;
  line.textContent = html ? lineOf(html) : log.dataset.deleted;
  return quote;
}

function clone(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

function standsWith(before, { handle, at, kind }) {
  if (kind === "me" || before.classList.contains("msg--me")) return false;
  return before.dataset.author === handle && at - before.dataset.at <= GROUPED_WITHIN;
}

/** The section of this time's day (UTC), a new one at the end if need be. */
function dayOf(at) {
  const key = new Date(at).toISOString().slice(0, 10);
  const known = log.querySelector(`[data-day="${key}"]`);
  if (known) return known;
  const day = clone("day-template");
  const [time, link, head] = [day.querySelector("time"), day.querySelector("a"), day.querySelector("h2")];
  day.dataset.day = time.dateTime = key;
  head.id = `day-${key}`;
  day.setAttribute("aria-labelledby", head.id);
  link.href = `${log.dataset.here}/${key}`;
  time.textContent = label(at);
  log.querySelector("[data-part=days]").append(day);
  return day;
}

/** "Friday, 14 November 2025", as app/handlers/timeline.py writes it. */
function label(at) {
  const shown = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  const format = new Intl.DateTimeFormat(document.documentElement.lang, shown);
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return log.dataset.date.replace(/\{(\w+)\}/g, (_, name) => parts[name]);
}

function message(number) {
  return document.getElementById(`m-${number}`);
}

function latest() {
  return [...log.querySelectorAll(".msg")].at(-1);
}

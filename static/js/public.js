/**
 * A room as it is read without an account: what is new comes by itself. It stands alone, so that nothing else is loaded;
 * without it the page shows the same when it is loaded again. The events: docs/protocol.md, "Reading without an account".
 */
const GROUPED_WITHIN = 5 * 60_000;
const MOST = 500;
const AGAIN = 60_000;

const log = document.querySelector("[data-live]");
document.querySelector(".is-target")?.scrollIntoView({ block: "center" });
if (log) listen(log.dataset.live);

function listen(address) {
  const source = new EventSource(address);
  let last = null;
  source.onmessage = ({ data, lastEventId }) => {
    last = lastEventId || last;
    hear(JSON.parse(data), source);
  };
  source.onerror = () => {
    // The browser comes back by itself, unless it was refused: there may be no place for it just now.
    if (source.readyState !== EventSource.CLOSED) return;
    const since = last ?? new URL(address, location.href).searchParams.get("since");
    setTimeout(listen, AGAIN * (1 + Math.random()), `${address.split("?")[0]}?since=${since}`);
  };
}

function hear(event, source) {
  if (event.type === "public.shown") showMessage(event);
  else if (event.type === "public.changed") showText(message(event.number), event.html);
  else if (event.type === "public.gone") message(event.number)?.remove();
  else {
    source.close();
    location.reload();
  }
}

function showMessage(event) {
  const known = message(event.number);
  if (known) showText(known, event.html);
  else if (event.number > (latest()?.dataset.number ?? 0)) append(event);
}

/** Made by the server's renderer, like all messages. */
function showText(item, html) {
  if (item) item.querySelector("[data-part=body]").innerHTML = html;
}

function append(event) {
  const before = latest();
  const item = made(event);
  const list = dayOf(event.at).querySelector("[data-part=list]");
  item.classList.toggle("msg--grouped", list.contains(before) && standsWith(before, event));
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

function made({ number, at, html, name, handle, initials, tint, kind = "msg", former = false, files = [] }) {
  const item = document.getElementById("message-template").content.firstElementChild.cloneNode(true);
  const time = new Date(at).toISOString();
  item.id = `m-${number}`;
  Object.assign(item.dataset, { number, author: handle, at });
  item.classList.toggle("msg--me", kind === "me");
  const egg = item.querySelector("[data-part=egg]");
  egg.textContent = initials;
  egg.classList.replace("tint-0", `tint-${tint}`);
  for (const each of item.querySelectorAll("[data-part=author]")) each.textContent = former ? log.dataset.former : name;
  item.querySelector("[data-part=handle]").textContent = handle && handle !== name ? `@${handle}` : "";
  for (const each of item.querySelectorAll("[data-part=permalink]")) each.href = `${log.dataset.here}/${number}#m-${number}`;
  for (const each of item.querySelectorAll("[data-part=time]")) {
    each.dateTime = time;
    each.textContent = time.slice(11, 16);
  }
  showText(item, html);
  item.querySelector("[data-part=files]").replaceChildren(...files.map(madeFile));
  return item;
}

function madeFile({ url, name, alt = "", thumb, thumb_width, thumb_height }) {
  const template = document.getElementById(thumb ? "picture-template" : "file-template");
  const item = template.content.firstElementChild.cloneNode(true);
  item.firstElementChild.href = url;
  const image = item.querySelector("img");
  if (image) Object.assign(image, { src: thumb, width: thumb_width, height: thumb_height, alt: alt || name });
  else item.querySelector("bdi").textContent = name;
  return item;
}

function standsWith(before, { handle, at }) {
  return before.dataset.author === handle && at - before.dataset.at <= GROUPED_WITHIN;
}

/** The section of this time's day (UTC), a new one at the end if need be. */
function dayOf(at) {
  const key = new Date(at).toISOString().slice(0, 10);
  const known = log.querySelector(`[data-day="${key}"]`);
  if (known) return known;
  const day = document.getElementById("day-template").content.firstElementChild.cloneNode(true);
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

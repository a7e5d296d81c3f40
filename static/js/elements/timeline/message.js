import { clone, part, parts, write } from "roost/elements/parts.js";
import { pathOf } from "roost/core/place.js";
import { clockTime, isoTime } from "roost/core/times.js";

const TINTS = 12;
const drawn = new WeakMap();

/**
 * Fills a clone of the message template, or one the server rendered, with a row of core/rows.js. `scene` is
 * {room, me, people, connected}. Does nothing when the row looks as it did.
 */
export function fillMessage(item, row, scene) {
  const author = scene.people.get(row.author) ?? { id: row.author, name: "Somebody", handle: "" };
  const look = [author.name, author.handle, scene.room.slug, row.grouped, row.at, ...signs(row, scene)].join("\n");
  if (drawn.get(item) === look) return;
  drawn.set(item, look);
  item.dataset.author = author.id;
  item.dataset.at = row.at;
  item.classList.toggle("msg--grouped", row.grouped);
  item.classList.toggle("msg--mine", author.id === scene.me);
  fillAuthor(item, author);
  fillTime(item, row.at, author);
  if (row.kind === "message") fillStored(item, row.message, scene.room);
  else fillUnsent(item, row.entry, stateOf(row.entry, scene));
}

function signs(row, scene) {
  if (row.kind === "message") return [row.message.number, row.message.seq];
  return [row.entry.nonce, stateOf(row.entry, scene), row.entry.failed?.reason];
}

function stateOf(entry, { connected }) {
  if (entry.failed) return "failed";
  if (entry.seq) return "sent";
  return connected ? "sending" : "waiting";
}

function fillAuthor(item, author) {
  const egg = part(item, "egg");
  for (const name of [...egg.classList]) if (name.startsWith("tint-")) egg.classList.remove(name);
  egg.classList.add(`tint-${author.id % TINTS}`);
  write(egg, initials(author));
  for (const name of parts(item, "author")) write(name, author.name);
  part(item, "author").title = `@${author.handle}`;
}

function fillTime(item, at, author) {
  item.setAttribute("aria-label", `${author.name}, ${clockTime(at)}`);
  for (const time of parts(item, "time")) {
    time.dateTime = isoTime(at);
    write(time, clockTime(at));
  }
}

function fillStored(item, message, room) {
  item.id = `m-${message.number}`;
  item.dataset.number = message.number;
  delete item.dataset.state;
  delete item.dataset.nonce;
  part(item, "fate")?.remove();
  item.classList.toggle("msg--me", message.kind === "me");
  part(item, "permalink").href = pathOf(room, message.number);
  // The one place where the page takes HTML from the wire: the server's renderer made it (SECURITY S26).
  part(item, "body").innerHTML = message.html;
}

function fillUnsent(item, entry, state) {
  item.removeAttribute("id");
  delete item.dataset.number;
  item.dataset.nonce = entry.nonce;
  item.dataset.state = state;
  part(item, "permalink").removeAttribute("href");
  write(part(item, "body"), entry.text);
  if (!part(item, "fate")) part(item, "body").after(clone("fate-template"));
  if (entry.failed) write(part(item, "reason"), `Not sent. ${entry.failed.reason}`);
}

/** Letters for an egg: of the first and last word of the name, else of the handle (as app/handlers/rendering.py). */
export function initials({ name, handle }) {
  const letters = name.split(/\s+/).map(firstLetter).filter(Boolean);
  if (letters.length === 0) return (firstLetter(handle) ?? "?").toUpperCase();
  return (letters.length === 1 ? letters[0] : letters[0] + letters.at(-1)).toUpperCase();
}

function firstLetter(word) {
  return word.match(/[\p{L}\p{N}]/u)?.[0];
}

import { calledNow, fillBody } from "roost/elements/body.js";
import { fillEgg } from "roost/elements/egg.js";
import { clone, part, parts, write } from "roost/elements/parts.js";
import { isFolded, setFolded } from "roost/elements/timeline/folds.js";
import { setControls } from "roost/elements/timeline/roving.js";
import { pathOf } from "roost/core/place.js";
import { clockTime, isoTime } from "roost/core/times.js";
import { t } from "roost/core/words.js";

const looks = new WeakMap();

/** Takes over what the server rendered of a row: only the clock is the reader's own. `scene` as below. */
export function adoptMessage(item, row, scene) {
  const author = authorOf(row, scene);
  const folded = isFolded(item, author.id, scene.blocked);
  looks.set(item, lookOf(row, author, folded, scene));
  fillTime(item, row.at, author, folded);
}

/**
 * Fills a clone of the message template, or one that was adopted, with a row of core/rows.js. `scene` is
 * {room, me, people, blocked, connected, until}. Does nothing when the row looks as it did.
 */
export function fillMessage(item, row, scene) {
  item.classList.toggle("msg--grouped", row.grouped);
  const author = authorOf(row, scene);
  const folded = isFolded(item, author.id, scene.blocked);
  const look = lookOf(row, author, folded, scene);
  if (looks.get(item) === look) return;
  looks.set(item, look);
  item.dataset.author = author.id;
  item.dataset.at = row.at;
  item.classList.toggle("msg--mine", author.id === scene.me);
  setFolded(item, folded);
  fillAuthor(item, author);
  fillTime(item, row.at, author, folded);
  if (row.kind === "message") fillStored(item, row.message, scene, folded);
  else fillUnsent(item, row.entry, stateOf(row.entry, scene), scene.until);
}

function authorOf(row, { people }) {
  return people.get(row.author) ?? { id: row.author, name: t("Somebody"), handle: "" };
}

function lookOf(row, author, folded, scene) {
  const { name, handle, avatar } = author;
  return [folded, name, handle, avatar, scene.room.slug, row.at, ...signs(row, scene)].join("\n");
}

function signs(row, scene) {
  if (row.kind === "message") return [row.message.number, row.message.seq, ...calledIn(row.message, scene)];
  return [row.entry.nonce, stateOf(row.entry, scene), scene.until, row.entry.begun, row.entry.failed?.reason];
}

/** Whom it mentions, as they are called now. */
function calledIn({ mentions = [] }, { people }) {
  return mentions.map((id) => people.get(id)).map((person) => person && calledNow(person));
}

function stateOf(entry, { connected, until }) {
  if (entry.failed) return "failed";
  if (entry.seq) return "sent";
  return connected && (entry.begun || until === 0) ? "sending" : "waiting";
}

function fillAuthor(item, author) {
  fillEgg(part(item, "egg"), author);
  for (const name of parts(item, "author")) write(name, author.name);
  part(item, "author").title = author.handle && `@${author.handle}`;
}

function fillTime(item, at, author, folded) {
  const time = clockTime(at);
  item.setAttribute("aria-label", folded ? t("From somebody you blocked, {time}", { time }) : `${author.name}, ${time}`);
  for (const element of parts(item, "time")) {
    element.dateTime = isoTime(at);
    write(element, time);
  }
}

function fillStored(item, message, scene, folded) {
  item.id = `m-${message.number}`;
  item.dataset.number = message.number;
  delete item.dataset.state;
  delete item.dataset.nonce;
  part(item, "fate")?.remove();
  item.classList.remove("is-begun");
  item.classList.toggle("msg--me", message.kind === "me");
  part(item, "permalink").href = pathOf(scene.room, message.number);
  fillBody(part(item, "body"), message.html, scene);
  item.classList.toggle("msg--for-me", !folded && Boolean(message.mentions?.includes(scene.me)));
  setControls(item);
}

function fillUnsent(item, entry, state, until) {
  item.removeAttribute("id");
  delete item.dataset.number;
  item.dataset.nonce = entry.nonce;
  item.dataset.state = state;
  item.classList.toggle("is-begun", entry.begun);
  part(item, "permalink").removeAttribute("href");
  write(part(item, "body"), entry.text);
  if (!part(item, "fate")) part(item, "body").after(clone("fate-template"));
  setControls(item);
  write(part(item, "waits"), until > 0 ? t("Goes out at {time}", { time: clockTime(until) }) : t("Waiting to send"));
  if (entry.failed) write(part(item, "reason"), t("Not sent. {reason}", { reason: entry.failed.reason }));
}

import { drawMentions, fillBody } from "roost/elements/body.js";
import { fillEgg } from "roost/elements/egg.js";
import { clone, part, parts, show, write } from "roost/elements/parts.js";
import { setCard } from "roost/elements/timeline/card.js";
import { dressCode } from "roost/elements/timeline/code.js";
import { fillReactions } from "roost/elements/timeline/chips.js";
import { setFiles } from "roost/elements/timeline/files.js";
import { isFolded, setFolded } from "roost/elements/timeline/folds.js";
import { calledIn, fillQuote, signsOfQuote, traceOf } from "roost/elements/timeline/quote.js";
import { setControls } from "roost/elements/timeline/roving.js";
import { pathOf, threadPathOf } from "roost/core/place.js";
import { isAct, isFor } from "roost/core/said.js";
import { clockTime, isoTime, momentLabel } from "roost/core/times.js";
import { n, t } from "roost/core/words.js";

const looks = new WeakMap();

/** Takes over what the server rendered of a row: only the clock is the reader's own. `scene` as below. */
export function adoptMessage(item, row, scene) {
  const author = authorOf(row, scene);
  const folded = isFolded(item, author.id, scene.blocked);
  // The server knows nothing of what the reader was changing before they loaded the page again.
  if (!editOf(row, scene)) looks.set(item, lookOf(row, author, folded, scene));
  if (part(item, "time").textContent !== clockTime(row.at)) fillTime(item, row.at, author, folded);
  part(item, "body").drawn = row.message.html ?? "";
  dressCode(part(item, "body"));
  if (part(item, "edited")) fillMoment(part(item, "edited-at"), row.message.edited);
  if (part(item, "replies")) fillMoment(part(item, "replied-at"), row.message.thread.at);
}

/**
 * Fills a clone of the message template, or one that was adopted, with a row of core/rows.js. `scene` is
 * {edits, room, me, people, blocked, connected, until}. Does nothing when the row looks as it did.
 */
export function fillMessage(item, row, scene) {
  item.classList.toggle("msg--grouped", row.grouped);
  const author = authorOf(row, scene);
  const folded = isFolded(item, author.id, scene.blocked);
  if (row.kind === "message") fillReactions(item, row.message, scene);
  const look = lookOf(row, author, folded, scene);
  if (looks.get(item) === look) return;
  looks.set(item, look);
  item.dataset.author = author.id;
  item.dataset.at = row.at;
  item.classList.toggle("msg--mine", author.id === scene.me);
  item.classList.toggle("msg--me", isAct(row.message ?? row.entry));
  setFolded(item, folded);
  fillAuthor(item, author);
  fillTime(item, row.at, author, folded);
  fillQuote(item, row.replyTo, scene);
  if (row.kind === "message") fillStored(item, row.message, editOf(row, scene), scene, folded);
  else fillUnsent(item, row.entry, stateOf(row.entry, scene), scene.until);
}

function authorOf(row, { people }) {
  return people.get(row.author) ?? { id: row.author, name: t("Somebody"), handle: "" };
}

function lookOf(row, author, folded, scene) {
  const { name, handle, avatar } = author;
  const shown = [folded, name, handle, avatar, scene.room.slug, row.at];
  return [...shown, ...signsOfQuote(row.replyTo, scene), ...signs(row, scene)].join("\n");
}

function signs(row, scene) {
  if (row.kind === "message") return signsOfMessage(row.message, editOf(row, scene), scene);
  return [row.entry.nonce, stateOf(row.entry, scene), scene.until, row.entry.begun, row.entry.failed?.reason];
}

function signsOfMessage(message, edit, scene) {
  // A time of today has a day tomorrow.
  const moments = [message.edited, message.thread?.at].map((at) => at && momentLabel(at));
  return [message.number, message.seq, ...moments, scene.people.get(message.pinned)?.name, ...calledIn(message, scene), ...signsOf(edit, scene)];
}

function signsOf(edit, { connected }) {
  return edit ? [edit.saving, edit.reason, ...(edit.saving ? [edit.text, connected] : [])] : [];
}

/** What the reader makes of a message, if they are changing it. */
function editOf({ kind, message }, { edits, room }) {
  return kind === "message" && !message.removed ? edits.get(room.id, message.number) : null;
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

function fillStored(item, message, edit, scene, folded) {
  item.id = `${scene.room.home ? "t" : "m"}-${message.number}`;
  item.dataset.number = message.number;
  delete item.dataset.state;
  delete item.dataset.nonce;
  part(item, "fate")?.remove();
  item.classList.remove("is-begun");
  item.classList.toggle("msg--for-me", !folded && isForReader(message, scene));
  part(item, "permalink").href = pathOf(scene.room, message.number);
  fillText(part(item, "body"), message, scene);
  setFiles(item, message.files);
  setCard(item, message.card);
  setGone(item, message);
  setPinned(item, message, scene);
  setReplies(item, message, scene);
  setEditor(item, edit?.saving ? null : edit, scene.edits);
  setSaving(item, edit?.saving ? edit : null, scene.connected);
  setControls(item);
}

/** Words that are there already stay: they may have the focus, or be selected. */
function fillText(body, { html = "", edited, removed }, scene) {
  if (body.drawn === html) drawMentions(body, scene);
  else fillBody(body, html, scene);
  body.drawn = html;
  dressCode(body);
  if (!edited || removed) return part(body, "edited")?.remove();
  if (!part(body, "edited")) body.append(clone("edited-template"));
  fillMoment(part(body, "edited-at"), edited);
}

/** As they were typed. */
function writeText(body, text) {
  body.drawn = null;
  write(body, text);
}

/** Whether it mentions the reader, or answers them. */
function isForReader(message, { me, room }) {
  return isFor(message, me) || room.answers(message, me);
}

function setGone(item, message) {
  const { removed: gone = false } = message;
  item.classList.toggle("msg--gone", gone);
  if (!gone) return part(item, "gone")?.remove();
  if (!part(item, "gone")) part(item, "body").before(clone("gone-template"));
  write(part(item, "gone"), traceOf(message));
}

/** The way to its thread, where something is said. */
function setReplies(item, { number, thread }, { room, people }) {
  if (!thread?.count) return part(item, "replies")?.remove();
  if (!part(item, "replies")) part(item, "body").parentElement.append(clone("replies-template"));
  const replies = part(item, "replies");
  replies.href = threadPathOf(room, number);
  const faces = (thread.people ?? []).map((id) => people.get(id)).filter(Boolean);
  part(replies, "repliers").replaceChildren(...faces.map(newEgg));
  write(part(replies, "replies-count"), n("{count} reply", "{count} replies", thread.count));
  fillMoment(part(replies, "replied-at"), thread.at);
}

function newEgg(person) {
  const egg = part(clone("message-template"), "egg");
  fillEgg(egg, person);
  return egg;
}

function fillMoment(element, at) {
  element.dateTime = isoTime(at);
  write(element, momentLabel(at));
}

function setPinned(item, { pinned = null }, { people }) {
  if (pinned === null) return part(item, "pinned")?.remove();
  if (!part(item, "pinned")) part(item, "main").prepend(clone("pinned-template"));
  const name = people.get(pinned)?.name ?? t("Somebody");
  write(part(item, "pinned-by"), t("Pinned by {name}", { name }));
}

/** The text that is there already stays as it was typed. */
function setEditor(item, edit, edits) {
  item.classList.toggle("msg--editing", edit !== null);
  if (edit === null) return part(item, "editing")?.remove();
  if (!part(item, "editing")) part(item, "body").before(editor(edit.text));
  write(part(item, "edit-problem"), edit.reason ?? "");
  show(part(item, "edit-problem"), edit.reason !== null);
  // After the paint, which puts the log where it was.
  if (edits.takesFocus(edit)) queueMicrotask(() => part(item, "edit-text")?.focus());
}

function editor(text) {
  const form = clone("editing-template");
  part(form, "edit-text").value = text;
  form.addEventListener("submit", (event) => event.preventDefault());
  return form;
}

/** As if it were stored. */
function setSaving(item, edit, connected) {
  item.classList.toggle("is-saving", edit !== null);
  if (edit === null) return part(item, "saving")?.remove();
  writeText(part(item, "body"), edit.text);
  if (!part(item, "saving")) part(item, "body").after(clone("saving-template"));
  write(part(item, "saves"), connected ? t("Saving…") : t("Waiting to save"));
}

function fillUnsent(item, entry, state, until) {
  item.removeAttribute("id");
  delete item.dataset.number;
  item.dataset.nonce = entry.nonce;
  item.dataset.state = state;
  item.classList.toggle("is-begun", entry.begun);
  part(item, "permalink").removeAttribute("href");
  writeText(part(item, "body"), entry.text);
  setFiles(item, entry.files);
  if (!part(item, "fate")) part(item, "main").append(clone("fate-template"));
  setControls(item);
  write(part(item, "waits"), until > 0 ? t("Goes out at {time}", { time: clockTime(until) }) : t("Waiting to send"));
  if (entry.failed) write(part(item, "reason"), t("Not sent. {reason}", { reason: entry.failed.reason }));
}

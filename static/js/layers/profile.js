import { composerOf } from "roost/core/app.js";
import { replaceSelection } from "roost/core/caret.js";
import { isFailure } from "roost/core/failures.js";
import { pathOf } from "roost/core/place.js";
import { mayRemove, mayRestrain } from "roost/core/rights.js";
import { isTalk } from "roost/core/talks.js";
import { toast } from "roost/core/toast.js";
import { longDate, deadlineLabel } from "roost/core/times.js";
import { n, t, weave } from "roost/core/words.js";
import { fillEgg } from "roost/elements/egg.js";
import { clone, drawIcon, drawKind, onAction, part, show, write } from "roost/elements/parts.js";
import { openBan, openMute, openRemove, openReport } from "roost/features/layers.js";
import { unmute } from "roost/layers/muting.js";
import { openTalk } from "roost/layers/new_talk.js";
import { openPopover } from "roost/layers/popover.js";

/** Who somebody is: at once what the page knows, then what both have in common. */
export async function openProfile(app, person, anchor) {
  const card = openPopover("profile-template", { anchor });
  card.setAttribute("aria-label", person.name);
  fillEgg(part(card, "egg"), person);
  write(part(card, "name"), person.name);
  write(part(card, "handle"), `@${person.handle}`);
  // Who was imported has no account, on X neither; nor has a bot.
  const isSomebody = !person.former && !person.imported && !person.bot;
  show(part(card, "x-handle"), isSomebody);
  const mayMention = person.id !== app.store.person.id && isSomebody;
  show(part(card, "mention"), mayMention && !composerOf(app).shut);
  show(part(card, "message"), mayMention);
  onAction(card, {
    message: () => writeTo(card, app, person),
    mention: () => mention(card, app, person),
    remove: () => remove(card, app, person),
    mute: () => leave(card, () => openMute(app, person)),
    report: () => leave(card, () => openReport(app, person)),
    ban: () => leave(card, () => openBan(app, person)),
    unmute: () => leave(card, () => unmute(app, person)),
    block: () => setBlocked(card, app, person, true),
    unblock: () => setBlocked(card, app, person, false),
  });
  card.addEventListener("click", ({ target }) => target.closest("a[href]") && card.hidePopover());
  card.focus();
  const shown = await app.live.person(person.id);
  if (!shown || !card.isConnected) return;
  fillFacts(card, shown);
  fillShared(card, app, shown);
  offerToBlock(card, app, person);
  offerToMute(card, app, shown);
}

/** What the person was called before, whoever else had their handle, and how long they have been here. */
function fillFacts(card, { person, since, formerly = [], namesakes = [], handle_lost: lost = false, muted_until: muted }) {
  const handle = `@${person.handle}`;
  const facts = [
    ...formerly.map((former) => fact("clock", [formerName(former)])),
    ...namesakes.map((namesake) => fact("alert", aboutNamesake(handle, namesake))),
    ...(lost ? [fact("alert", [t("On X, {handle} is somebody else now.", { handle })])] : []),
    ...(muted ? [fact("mute", [t("Muted until {when}", { when: deadlineLabel(muted) })])] : []),
    ...(since ? [fact("calendar", [t("Here since {date}", { date: longDate(since) })])] : []),
  ];
  part(card, "facts").replaceChildren(...facts);
  show(part(card, "facts"), facts.length > 0);
}

function fact(icon, words) {
  const item = clone("profile-fact-template");
  drawIcon(item.querySelector("use"), icon);
  part(item, "fact").append(...words);
  return item;
}

function formerName({ handle, until }) {
  return t("Formerly {handle}, until {date}", { handle: `@${handle}`, date: longDate(until) });
}

/** Nobody is to take this person for the one whom they knew under the handle. */
function aboutNamesake(handle, { person, until }) {
  const date = until && longDate(until);
  if (!person && !until) return [t("Not the only one shown as {handle}: somebody else was called so before.", { handle })];
  if (!person) return [t("Until {date} somebody else was {handle} here.", { handle, date })];
  const name = document.createElement("bdi");
  name.textContent = person.name;
  const sentence = until
    ? t("Until {date} {handle} was {name}, who is somebody else.", { handle, date })
    : t("Not {name}, who was called {handle} before and is still shown so.", { handle });
  return weave(sentence, { name });
}

function fillShared(card, { place, store }, { person, rooms, here = false, idle = false }) {
  const ours = rooms.map((id) => store.room(id)).filter((room) => room && !isTalk(room));
  fillPresence(card, person.id === store.person.id ? { here: true, idle: false } : { here, idle });
  show(part(card, "shared"), ours.length > 0);
  write(part(card, "count"), n("{count} room in common", "{count} rooms in common", ours.length));
  part(card, "rooms").replaceChildren(...ours.map(roomLink));
  const open = store.room(place.room);
  const room = ours.find((each) => each === (open?.home ?? open));
  show(part(card, "remove"), room !== undefined && mayRemove(store.person, person, room));
  if (room) write(part(card, "remove"), t("Take out of #{room}", { room: room.name }));
}

function fillPresence(card, { here, idle }) {
  const presence = part(card, "here");
  show(presence, here);
  presence.classList.toggle("presence--idle", idle);
  write(presence.firstElementChild, idle ? t("Away") : t("Here now"));
}

function roomLink(room) {
  const item = clone("shared-room-template");
  item.querySelector("a").href = pathOf(room);
  drawKind(item.querySelector("use"), room);
  write(part(item, "name"), room.name);
  return item;
}

function remove(card, app, person) {
  leave(card, () => openRemove(app, person));
}

function leave(card, next) {
  card.hidePopover();
  next();
}

function offerToMute(card, { store }, { person, muted_until: muted }) {
  if (!mayRestrain(store.person, person)) return;
  show(part(card, "ban"), true);
  show(part(card, "mute"), !muted);
  show(part(card, "unmute"), Boolean(muted));
}

function offerToBlock(card, { store }, { id }) {
  if (id === store.person.id) return;
  show(part(card, "report"), true);
  show(part(card, "block"), !store.blocked.has(id));
  show(part(card, "unblock"), store.blocked.has(id));
}

/** At once, and back when that was a mistake. */
async function setBlocked(card, { live }, { id, name }, blocked) {
  card.hidePopover();
  if (!(await live.block(id, blocked))) return toast(t("The server did not answer. Try again."));
  const undo = { label: t("Undo"), action: () => live.block(id, !blocked) };
  toast(blocked ? t("You have blocked {name}.", { name }) : t("You read {name} again.", { name }), undo);
}

async function writeTo(card, app, { id }) {
  card.hidePopover();
  try {
    await openTalk(app, [id]);
  } catch (problem) {
    if (!isFailure(problem)) throw problem;
    toast(problem.message);
  }
}

function mention(card, app, { handle }) {
  card.hidePopover();
  const { text } = composerOf(app);
  text.focus();
  replaceSelection(text, `@${handle} `);
}

import { dayBefore, filterOf } from "roost/core/searching.js";
import { faceOf, isTalk, titleOf } from "roost/core/talks.js";
import { dayKey } from "roost/core/times.js";
import { t } from "roost/core/words.js";
import { part, write } from "roost/elements/parts.js";
import { openMenu } from "roost/layers/menu.js";

const MOST = 12;

/** The rooms where the reader is and was, to search in. */
export function openRooms({ place, recent, store }, anchor, { add, begin }) {
  const seen = [place.room, ...recent.rooms, ...store.sorted.map(({ id }) => id)];
  const rooms = [...new Set(seen)].map((id) => store.room(id)).filter(Boolean);
  const choices = rooms.slice(0, MOST).map((room) => [titleOf(store, room), () => add(inRoom(store, room))]);
  open(anchor, choices, [t("Another room"), () => begin("in:")]);
}

/** Those who wrote what was found, to be asked for alone. */
export function openPeople({ store }, anchor, { people, add, begin }) {
  const authors = [...people].map((id) => store.people.get(id)).filter((person) => person?.handle && person.id !== store.person.id);
  const choices = authors.slice(0, MOST).map(({ handle, name }) => [name, () => add(`from:@${handle}`)]);
  open(anchor, [[t("Me"), () => add("from:me")], ...choices], [t("Somebody else"), () => begin("from:@")]);
}

export function openTimes(_, anchor, { add, begin }) {
  const choices = [
    [t("Today"), () => add(`on:${dayKey(Date.now())}`)],
    [t("The last 7 days"), () => add(`after:${dayBefore(7)}`)],
    [t("The last 30 days"), () => add(`after:${dayBefore(30)}`)],
  ];
  open(anchor, choices, [t("Before a day"), () => begin("before:")]);
}

function inRoom(store, room) {
  const face = isTalk(room) && faceOf(store, room);
  return filterOf("in", face?.handle ? `@${face.handle}` : room.slug);
}

/** `last` is the item that stands in the template. */
function open(anchor, choices, [lastLabel, lastAction]) {
  const actions = { other: lastAction };
  choices.forEach(([, action], index) => (actions[index] = action));
  const menu = openMenu("choices-template", actions, { anchor });
  menu.ariaLabel = anchor.textContent.trim();
  const other = menu.querySelector("[data-item]");
  write(part(other, "choice"), lastLabel);
  other.before(...choices.map(([name], index) => itemOf(other, name, index)));
  menu.querySelector("[data-item]").focus();
}

function itemOf(other, name, index) {
  const item = other.cloneNode(true);
  item.dataset.item = index;
  write(part(item, "choice"), name);
  return item;
}

import { mayReact } from "roost/core/rights.js";
import { n, t } from "roost/core/words.js";

const NAMED = 10;

/**
 * A message after `changes`, {emoji, person, on}, as of change `seq`. They stand in the order of their first use, and what
 * nobody has any more is gone.
 */
export function reacted(message, { seq, changes }) {
  const found = new Map((message.reactions ?? []).map(({ emoji, people }) => [emoji, people]));
  for (const { emoji, person, on = false } of changes) {
    const people = (found.get(emoji) ?? []).filter((id) => id !== person);
    if (on) people.push(person);
    if (people.length > 0) found.set(emoji, people);
    else found.delete(emoji);
  }
  return { ...message, seq, reactions: [...found].map(([emoji, people]) => ({ emoji, people })) };
}

/** Whether somebody has put an emoji on a message. */
export function hasPut({ reactions = [] }, emoji, person) {
  return reactions.some((each) => each.emoji === emoji && each.people.includes(person));
}

/** Whether the reader may put an emoji on a message of the open room. */
export function mayReactTo({ place, store }, number) {
  const room = store.room(place.room);
  const message = room.message(number);
  return Boolean(message) && mayReact(store, room, message);
}

/**
 * What is drawn of a message's reactions: {emoji, count, mine, names, unknown}, without those of `blocked` people. In
 * `unknown` ones somebody could be named whom this page does not know. app/handlers/reactions.py draws the same.
 */
export function drawnOf({ reactions = [] }, { me, people, blocked }) {
  const readable = reactions.map(({ emoji, people: ids }) => ({ emoji, ids: ids.filter((id) => !blocked.has(id)) }));
  return readable.filter(({ ids }) => ids.length > 0).map(({ emoji, ids }) => ({
    emoji,
    count: ids.length,
    mine: ids.includes(me),
    names: namesOf(ids, me, people),
    unknown: ids.slice(0, NAMED).some((id) => !people.has(id)),
  }));
}

/** "Ana, Bo and you", or "Ana, Bo and 3 others": ten of them, the reader last. Nobody is known: how many they are. */
function namesOf(ids, me, people) {
  const known = ids.filter((id) => id !== me && people.has(id)).map((id) => people.get(id).name);
  const named = ids.includes(me) ? [...known.slice(0, NAMED - 1), t("you")] : known.slice(0, NAMED);
  if (named.length === 0) return n("{count} member", "{count} members", ids.length);
  const others = ids.length - named.length;
  if (others > 0) return n("{names} and {count} other", "{names} and {count} others", others, { names: named.join(", ") });
  const last = named.pop();
  return named.length === 0 ? last : t("{names} and {last}", { names: named.join(", "), last });
}

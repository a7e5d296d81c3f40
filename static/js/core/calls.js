import { withoutCode } from "roost/core/caret.js";
import { mayCall } from "roost/core/rights.js";
import { onlineIn } from "roost/core/talks.js";

/** @all and @here, which tell many people at once, as app/chat/calls.py has them. */

const HANDLE = /(?<![^\s([{"'«„“‘,*_~—–])@([A-Za-z0-9_]{1,20})(?![\p{L}\p{N}_@]|\.[\p{L}\p{N}_])/gu;
const HERE_LIMIT = 200;

export const CALLS = ["all", "here"];

/** The handles in a text, folded, each once; those in code are none. */
export function handlesIn(text) {
  return [...new Set([...withoutCode(text).matchAll(HANDLE)].map(([, handle]) => handle.toLowerCase()))];
}

/** The calls that `prefix` may be the beginning of, where a person's tell somebody; an "@" alone means people. */
export function callsMeant(prefix, person, room) {
  const begun = prefix === "" || !mayCall(person, room) ? [] : CALLS.filter((call) => call.startsWith(prefix.toLowerCase()));
  return begun.map((call) => ({ id: call, handle: call }));
}

/**
 * Whom a text calls in a room: {word, people, why}, or null. `people` is how many are told, and where that is nobody, `why`:
 * "thread", who follows it hears of it anyway; "crowd", moderators alone may; "many", @here does not reach so many; "nobody",
 * there is no one else.
 */
export function reachOf(store, room, text) {
  const handles = handlesIn(text);
  const word = CALLS.find((call) => handles.includes(call));
  if (!word) return null;
  if (room.home) return { word, people: 0, why: "thread" };
  if (room.members === null) return null;
  if (!mayCall(store.person, room)) return { word, people: 0, why: "crowd" };
  const people = word === "all" ? room.members - 1 : onlineIn(store, room) - (store.preferences.invisible ? 0 : 1);
  if (word === "here" && people > HERE_LIMIT) return { word, people: 0, why: "many" };
  return people > 0 ? { word, people, why: null } : { word, people: 0, why: "nobody" };
}

import { mayMute, moderates } from "roost/core/rights.js";
import { isTalk } from "roost/core/talks.js";
import { t } from "roost/core/words.js";

/** What is written with a slash: commands, each carried out with what the protocol has anyway. No DOM in here. */

const always = () => true;
const inRooms = (store, room) => !isTalk(room);
const nothing = () => "";

/** What moderators are told of a command that does more for them. */
function forModerators(more, less = nothing) {
  return ({ person }) => (mayMute(person) ? more() : less());
}

/**
 * `takes(store)` is what is written behind the name, `does(store)` what comes of it, `may(store, room)` whether it is for
 * this person there. One that `waits` goes the way of messages, so it needs no connection now.
 */
export const COMMANDS = [
  { name: "me", takes: () => t("what you do"), does: () => t("Says what you do, with your name before it"), may: always, waits: true },
  { name: "shrug", takes: () => t("text, or nothing"), does: () => "¯\\_(ツ)_/¯", may: always, waits: true },
  { name: "topic", takes: () => t("what is talked about"), does: () => t("Changes the topic of this room"), may: ({ person }, room) => moderates(person, room) },
  { name: "invite", takes: () => t("@name"), does: () => t("Brings somebody into this room"), may: inRooms },
  { name: "join", takes: () => t("#room"), does: () => t("Takes you to a room, and into it"), may: always },
  { name: "leave", takes: nothing, does: () => t("Takes you out of this room"), may: inRooms },
  { name: "msg", takes: () => t("@name, and what you want to say"), does: () => t("Writes to somebody directly"), may: always },
  { name: "mute", takes: forModerators(() => t("nothing, or @name 10m")), does: forModerators(() => t("Keeps this room quiet for you, or lets somebody only read"), () => t("Keeps this room quiet, for you alone")), may: always },
  { name: "unmute", takes: forModerators(() => t("nothing, or @name")), does: forModerators(() => t("Undoes that of this room, or of somebody"), () => t("Lets this room stand out again")), may: always },
  { name: "help", takes: nothing, does: () => t("Lists the commands"), may: always, waits: true },
];

/**
 * What was meant by a text that begins with a slash: {kind: "text", text}, {kind: "command", name, rest} or {kind:
 * "unknown", name}. Two slashes are one that was meant so; a path, and what no command could be called, is text.
 */
export function read(text) {
  if (/^\/\/\w/.test(text)) return { kind: "text", text: text.slice(1) };
  const [, written, rest = ""] = /^\/([a-z][a-z-]*)(?:\s+(.*))?$/is.exec(text) ?? [];
  const name = written?.toLowerCase();
  if (!name) return { kind: "text", text };
  return COMMANDS.some((command) => command.name === name) ? { kind: "command", name, rest: rest.trim() } : { kind: "unknown", name };
}

/** In a thread, what goes the way of messages: the others are about a room. */
export function mayUse({ may, waits = false }, store, room) {
  return may(store, room) && (waits || !room.home);
}

/** The commands that `prefix` may be the beginning of, of those that are for this person in this room. */
export function commandsMeant(prefix, store, room) {
  return COMMANDS.filter((command) => command.name.startsWith(prefix) && mayUse(command, store, room));
}

/** "@bo and more" as {handle: "bo", rest: "and more"}; null where no name comes first. */
export function handleFirst(text) {
  const [, handle, rest = ""] = /^@?(\w{1,20})(?:\s+(.*))?$/s.exec(text) ?? [];
  return handle ? { handle: handle.toLowerCase(), rest: rest.trim() } : null;
}

/** "10m", "2h" or "1d" in minutes, which a number alone are; null: it says nothing of the kind. */
export function minutesIn(text) {
  const [, count, unit = "m"] = /^(\d{1,5})\s*([mhd])?$/i.exec(text) ?? [];
  return count ? Number(count) * { m: 1, h: 60, d: 1_440 }[unit.toLowerCase()] : null;
}

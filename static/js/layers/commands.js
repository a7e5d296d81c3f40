import { isFailure } from "roost/core/failures.js";
import { pathOf } from "roost/core/place.js";
import { mayMute } from "roost/core/rights.js";
import { COMMANDS, handleFirst, mayUse, minutesIn, read } from "roost/core/slash.js";
import { deadlineLabel } from "roost/core/times.js";
import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";
import { openLeave } from "roost/features/layers.js";
import { visit } from "roost/features/navigation.js";
import { undoing } from "roost/layers/muting.js";
import { sendNaming } from "roost/layers/naming.js";

/** Each slash command, made of what the protocol has anyway. An order is {app, composer, room, name, rest, replyTo, done}. */

const FOUND = 20;
const MUTED_FOR = 60;
const MINUTE = 60_000;
// Escaped, or its arms would make it italic.
const SHRUG = "¯\\\\\\_(ツ)\\_/¯";

/** What keeps a command from being done, in words for who wrote it. */
class Problem extends Error {}

/** Those that wait for the server, as they were written: Enter again means nothing more. */
const underWay = new Set();

/** Sends a message of the composer, or does what it orders. Where that fails it stays, with the reason, which nobody else is told. */
export function send(app, composer, { room, text, replyTo, slash }) {
  if (!slash) return sendNaming(app, composer, { room, text, replyTo });
  const { kind, name, rest, text: words } = read(text);
  if (kind === "command") return run(app, composer, { room: app.store.room(room), name, rest, replyTo });
  if (kind === "text") return sendNaming(app, composer, { room, text: words, replyTo });
  composer.note(t("There is no /{name}. Send //{name} for the words.", { name }), {
    label: t("Send as message"),
    action: () => sendNaming(app, composer, { room, text, replyTo }),
  });
}

async function run(app, composer, written) {
  const { room, name, rest } = written;
  const order = `${room.id} ${name} ${rest}`;
  if (underWay.has(order)) return;
  underWay.add(order);
  try {
    check(app, room, name);
    await RUN[name]({ app, composer, ...written, done: () => composer.clear(room.id) });
  } catch (problem) {
    if (!(problem instanceof Problem) && !isFailure(problem)) throw problem;
    if (app.place.room === room.id) composer.note(problem.message);
    else toast(problem.message);
  } finally {
    underWay.delete(order);
  }
}

function check({ socket, store }, room, name) {
  const command = commandCalled(name);
  const { waits = false } = command;
  if (!mayUse(command, store, room)) throw new Problem(t("/{name} is not for you here.", { name }));
  if (!socket.live && !waits) throw new Problem(t("You’re offline. Send /{name} again when you’re back.", { name }));
}

const RUN = {
  me: (order) => say(order, needed(order), "me"),
  shrug: (order) => say(order, `${order.rest} ${SHRUG}`.trim()),
  help: ({ composer }) => composer.begin("/"),
  topic: async (order) => {
    await order.app.socket.request({ type: "room.change", room: order.room.id, topic: needed(order) });
    order.done();
  },
  invite: async (order) => {
    const { app, room, done } = order;
    const { person } = await named(order);
    await app.socket.request({ type: "room.add", room: room.id, person: person.id });
    done();
    toast(t("{name} is in #{room} now.", { name: person.name, room: room.name }));
  },
  join: async (order) => {
    const room = await roomCalled(order.app, needed(order).replace(/^#/, "").toLowerCase());
    order.done();
    visit(pathOf(room));
  },
  leave: ({ app, done }) => {
    done();
    openLeave(app);
  },
  msg: async (order) => {
    const { app, done } = order;
    const { person, rest: text } = await named(order);
    const { room: talk } = await app.socket.request({ type: "direct.open", people: [person.id] });
    done();
    visit(pathOf(talk));
    if (text) app.outbox.add(talk.id, text);
  },
  mute: (order) => (order.rest ? mute(order) : keepQuiet(order, true)),
  unmute: (order) => (order.rest ? letWrite(order) : keepQuiet(order, false)),
};

function say({ app, composer, room, replyTo }, text, kind = "msg") {
  return sendNaming(app, composer, { room: room.id, text, kind, replyTo });
}

async function keepQuiet({ app, room, done }, muted) {
  if (!(await app.live.prefer(room.id, { muted }))) throw new Problem(t("The server did not answer. Try again."));
  done();
  toast(muted ? t("This room is muted for you.") : t("This room is not muted any more."));
}

async function mute(order) {
  const { app, name, done } = order;
  checkMuting(order);
  const { person, rest: span } = await named(order);
  const minutes = span ? minutesIn(span) : MUTED_FOR;
  if (!minutes) throw misused(app, name);
  const { act } = await app.socket.request({ type: "member.mute", person: person.id, minutes });
  done();
  const when = deadlineLabel(Date.now() + minutes * MINUTE);
  toast(t("{name} is muted until {when}.", { name: person.name, when }), undoing(app.socket, act));
}

async function letWrite(order) {
  const { app, done } = order;
  checkMuting(order);
  const { person } = await named(order);
  await app.socket.request({ type: "member.unmute", person: person.id });
  done();
  toast(t("{name} may write again.", { name: person.name }));
}

function checkMuting({ app, name }) {
  if (!mayMute(app.store.person)) throw new Problem(t("Only moderators do this to people. /{name} alone is about this room, and you.", { name }));
}

/** What has to stand behind the name of a command. */
function needed({ app, name, rest }) {
  if (rest === "") throw misused(app, name);
  return rest;
}

function misused({ store }, name) {
  return new Problem(t("Write it so: /{name} {takes}", { name, takes: commandCalled(name).takes(store) }));
}

function commandCalled(name) {
  return COMMANDS.find((command) => command.name === name);
}

/** Whom the handle at the beginning means: {person, rest}, which is what follows it. */
async function named({ app, room, name, rest: text }) {
  const { live, store } = app;
  const { handle, rest } = handleFirst(text) ?? {};
  if (!handle) throw misused(app, name);
  const { people = [], others = [] } = (await live.findPeople(room.id, handle, FOUND)) ?? {};
  const known = [...people, ...others, ...store.people.values()];
  const person = known.find((each) => each.handle.toLowerCase() === handle && !each.imported && each.id !== store.person.id);
  if (!person) throw new Problem(t("Nobody whom you share a room with is called @{handle}.", { handle }));
  return { person, rest };
}

/** A room of the reader's, or one that they join. */
async function roomCalled({ socket, store }, name) {
  const isIt = (room) => room.slug === name || room.name.toLowerCase() === name;
  const known = store.sorted.find(isIt);
  if (known) return known;
  const { rooms } = await socket.request({ type: "room.list", prefix: name });
  const found = rooms.find(isIt);
  if (!found) throw new Problem(t("There is no room called #{room} that you can join.", { room: name }));
  return (await socket.request({ type: "room.join", room: found.id })).room;
}

import { isFailure } from "roost/core/failures.js";
import { pathOf } from "roost/core/place.js";
import { mayMute } from "roost/core/rights.js";
import { COMMANDS, handleFirst, minutesIn, read } from "roost/core/slash.js";
import { deadlineLabel } from "roost/core/times.js";
import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";
import { openLeave } from "roost/features/layers.js";
import { visit } from "roost/features/navigation.js";
import { undoing } from "roost/layers/muting.js";
import { sendNaming } from "roost/layers/naming.js";

/** Each slash command, made of what the protocol has anyway. */

const FOUND = 20;
const MUTED_FOR = 60;
const MINUTE = 60_000;
// Escaped, or its arms would make it italic.
const SHRUG = "¯\\\\\\_(ツ)\\_/¯";

/** What keeps a command from being done, in words for who wrote it. */
class Problem extends Error {}

/** Does what was written with a slash. Where that fails what was written stays, with the reason, which nobody else is told. */
export function carryOut(app, composer, text) {
  const { kind, name, rest, text: words } = read(text);
  if (kind === "command") return run(app, composer, name, rest);
  if (kind === "text") return sendNaming(app, composer, words);
  composer.note(t("There is no /{name}. Send //{name} for the words.", { name }), {
    label: t("Send as message"),
    action: () => sendNaming(app, composer, text),
  });
}

async function run(app, composer, name, rest) {
  const room = app.store.room(app.place.room);
  const written = composer.text.value;
  try {
    check(app, room, name);
    await RUN[name]({ app, composer, room, rest, done: () => composer.text.value === written && composer.clear() });
  } catch (problem) {
    if (!(problem instanceof Problem) && !isFailure(problem)) throw problem;
    if (composer.text.value === written) composer.note(problem.message);
  }
}

function check({ socket, store }, room, name) {
  const forms = COMMANDS.filter((command) => command.name === name);
  if (!forms.some(({ may }) => may(store, room))) throw new Problem(t("/{name} is not for you here.", { name }));
  if (!socket.live && !forms[0].waits) throw new Problem(t("You’re offline. Send /{name} again when you’re back.", { name }));
}

const RUN = {
  me: ({ app, composer, rest }) => sendNaming(app, composer, needed("me", rest), "me"),
  shrug: ({ app, composer, rest }) => sendNaming(app, composer, `${rest} ${SHRUG}`.trim()),
  help: ({ composer }) => composer.begin("/"),
  topic: async ({ app, room, rest, done }) => {
    await app.socket.request({ type: "room.change", room: room.id, topic: needed("topic", rest) });
    done();
  },
  invite: async ({ app, room, rest, done }) => {
    const { person } = await named(app, room, "invite", rest);
    await app.socket.request({ type: "room.add", room: room.id, person: person.id });
    done();
    toast(t("{name} is in #{room} now.", { name: person.name, room: room.name }));
  },
  join: async ({ app, rest, done }) => {
    const room = await roomCalled(app, needed("join", rest).replace(/^#/, "").toLowerCase());
    done();
    visit(pathOf(room));
  },
  leave: ({ app, done }) => {
    done();
    openLeave(app);
  },
  msg: async ({ app, room, rest, done }) => {
    const { person, rest: text } = await named(app, room, "msg", rest);
    const { room: talk } = await app.socket.request({ type: "direct.open", people: [person.id] });
    done();
    visit(pathOf(talk));
    if (text) app.outbox.add(talk.id, text);
  },
  mute: (about) => (about.rest ? mute(about) : keepQuiet(about, true)),
  unmute: (about) => (about.rest ? letWrite(about) : keepQuiet(about, false)),
};

async function keepQuiet({ app, room, done }, muted) {
  if (!(await app.live.prefer(room.id, { muted }))) throw new Problem(t("The server did not answer. Try again."));
  done();
  toast(muted ? t("This room is muted for you.") : t("This room is not muted any more."));
}

async function mute({ app, room, rest, done }) {
  checkMuting(app, "mute");
  const { person, rest: span } = await named(app, room, "mute", rest);
  const minutes = span ? minutesIn(span) : MUTED_FOR;
  if (!minutes) throw misused("mute");
  const { act } = await app.socket.request({ type: "member.mute", person: person.id, minutes });
  done();
  const when = deadlineLabel(Date.now() + minutes * MINUTE);
  toast(t("{name} is muted until {when}.", { name: person.name, when }), undoing(app.socket, act));
}

async function letWrite({ app, room, rest, done }) {
  checkMuting(app, "unmute");
  const { person } = await named(app, room, "unmute", rest);
  await app.socket.request({ type: "member.unmute", person: person.id });
  done();
  toast(t("{name} may write again.", { name: person.name }));
}

function checkMuting({ store }, name) {
  if (!mayMute(store.person)) throw new Problem(t("Only moderators do this to people. /{name} alone is about this room, and you.", { name }));
}

/** What has to stand behind the name of a command. */
function needed(name, rest) {
  if (rest === "") throw misused(name);
  return rest;
}

function misused(name) {
  const { takes } = COMMANDS.findLast((command) => command.name === name && command.takes());
  return new Problem(t("Write it so: /{name} {takes}", { name, takes: takes() }));
}

/** Whom the handle at the beginning means: {person, rest}, which is what follows it. */
async function named({ live, store }, room, name, text) {
  const { handle, rest } = handleFirst(text) ?? {};
  if (!handle) throw misused(name);
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

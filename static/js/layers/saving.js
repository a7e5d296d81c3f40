import { isFailure } from "roost/core/failures.js";
import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";

/** By room, the numbers of its messages that the reader has saved, where the server was asked. */
const known = new Map();
let listens = false;

/** Keeps a message for the reader, or keeps it no longer. */
export function saveMessage(app, room, number, on) {
  const undo = { label: t("Undo"), action: () => saveMessage(app, room, number, !on) };
  const done = on ? t("Saved. You find it under Saved.") : t("Not saved any more.");
  return ask(app, { type: "message.save", room, number, on }, () => toast(done, undo));
}

/** Pins a message for everybody in the room, or takes it off. */
export function pinMessage(app, room, number, on) {
  const undo = { label: t("Undo"), action: () => pinMessage(app, room, number, !on) };
  const done = on ? t("Pinned. Everybody finds it in the details of the room.") : t("Not pinned any more.");
  return ask(app, { type: "message.pin", room, number, on }, () => toast(done, undo));
}

/** Whether the reader has saved a message, as far as is known: what is saved may be saved once more. */
export function isSaved(app, room, number) {
  learn(app, room);
  return known.get(room)?.has(number) ?? false;
}

async function ask({ socket }, command, then) {
  try {
    await socket.request(command);
    then();
  } catch (problem) {
    if (!isFailure(problem)) throw problem;
    toast(problem.message);
  }
}

/** Asks once for a room; after that what is saved here and on other devices is heard. */
async function learn({ socket, store }, room) {
  if (!listens) {
    store.on("saved", (told) => note(told));
    socket.on("status", () => socket.live && known.clear());
  }
  listens = true;
  if (known.has(room)) return;
  const answer = await socket.request({ type: "saved.show", room }).catch(() => null);
  if (answer) known.set(room, new Set(answer.numbers));
}

function note({ room, number, on }) {
  if (on) known.get(room)?.add(number);
  else known.get(room)?.delete(number);
}

import { CALLS, handlesIn, reachOf } from "roost/core/calls.js";
import { isFailure } from "roost/core/failures.js";
import { newFor } from "roost/core/rights.js";
import { isTalk } from "roost/core/talks.js";
import { toast } from "roost/core/toast.js";
import { n, t } from "roost/core/words.js";
import { part, show, write } from "roost/elements/parts.js";
import { openConfirm } from "roost/layers/confirm.js";

/** What is sent with more care than words: what tells many people, and what names somebody who is not there. */

const ASKED_FROM = 25;
const LOOKED_FOR = 5;
const FOUND = 20;

/** Asks before many people are told, and says afterwards who was named and is not in the room. */
export function sendNaming(app, composer, message) {
  const room = app.store.room(message.room);
  const reach = reachOf(app.store, room, message.text);
  const post = () => lookForOutsiders(app, composer, room, composer.post(message));
  if (!reach || reach.people < ASKED_FROM) return post();
  openConfirm({
    title: n("Tell {count} person?", "Tell {count} people?", reach.people),
    text: reach.word === "all" ? t("Everybody in this room is told of your message.") : t("Everybody who is here now is told of your message."),
    no: t("Keep writing"),
    yes: t("Send message"),
    harmless: true,
    run: post,
  });
}

/** Says beside what is being written how many people it tells. */
export function showReach({ place, store }, composer) {
  const reach = reachOf(store, store.room(place.room), composer.text.value);
  if (reach) write(part(composer, "reach"), reachLabel(reach));
  show(part(composer, "reach"), reach !== null);
}

function reachLabel({ word, people, why }) {
  const labels = {
    thread: t("@{word} tells nobody in a thread. Whoever follows it is told anyway.", { word }),
    crowd: t("@{word} tells nobody here: in a room of this size only moderators use it.", { word }),
    many: t("@{word} tells nobody where so many are here. @all tells everybody.", { word }),
    nobody: t("@{word} tells nobody: there is no one else.", { word }),
  };
  return why ? labels[why] : n("This tells {count} person.", "This tells {count} people.", people);
}

/** Once `entry` is stored, and while its writer is still there. */
function lookForOutsiders(app, composer, room, entry) {
  const place = room.home ?? room;
  const handles = isTalk(place) ? [] : handlesIn(entry.text).filter((handle) => !CALLS.includes(handle));
  if (handles.length === 0) return;
  const stop = app.socket.on("event", async ({ type, message }) => {
    if (type !== "sent" || message.nonce !== entry.nonce) return;
    stop();
    const people = await outsiders(app, place, handles, message);
    if (people.length > 0 && app.place.room === room.id) offerToInvite(app, composer, place, people);
  });
}

async function outsiders({ live, store }, room, handles, { mentions = [] }) {
  const named = new Set([store.person.id, ...mentions].map((id) => store.people.get(id)?.handle.toLowerCase()));
  const asked = handles.filter((handle) => !named.has(handle)).slice(0, LOOKED_FOR);
  const found = await Promise.all(asked.map((handle) => live.findPeople(room.id, handle, FOUND)));
  return asked.map((handle, place) => found[place]?.others.find((person) => person.handle.toLowerCase() === handle)).filter(Boolean);
}

function offerToInvite(app, composer, room, people) {
  const names = people.map(({ name }) => name).join(", ");
  const mayInvite = newFor(app.store.person, app.store.newUntil) === 0;
  composer.note(n("{names} is not in this room.", "{names} are not in this room.", people.length, { names }), {
    lasting: true,
    label: t("Invite"),
    action: mayInvite ? () => invite(app, composer, room, people) : null,
  });
}

async function invite({ socket }, composer, room, people) {
  try {
    for (const { id } of people) await socket.request({ type: "room.add", room: room.id, person: id });
    for (const { name } of people) toast(t("{name} is in #{room} now.", { name, room: room.name }));
  } catch (problem) {
    if (!isFailure(problem)) throw problem;
    composer.note(problem.message);
  }
}

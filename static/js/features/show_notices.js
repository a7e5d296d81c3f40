import { Board } from "roost/core/board.js";
import { Claims } from "roost/core/claims.js";
import { Looking } from "roost/core/looking.js";
import { newestToldIn, Notices } from "roost/core/notices.js";
import { pathOf } from "roost/core/place.js";
import { isAct, isFor, said, saidIn } from "roost/core/said.js";
import { faceOf, isTalk, titleOf } from "roost/core/talks.js";
import { n, t } from "roost/core/words.js";
import { chirp } from "roost/features/chirp.js";
import { visit } from "roost/features/navigation.js";
import { isAllowed } from "roost/features/notify.js";

const LONGEST = 200;

/** Shows notifications of what is posted while nobody looks, and takes away those of what is read. */
export function showNotices(app) {
  const { live, socket, store } = app;
  // Without them each tab would show each message.
  if (!navigator.locks) return;
  const name = `roost.notices.${store.person.id}`;
  const looking = new Looking(`${name}.looking.`);
  const board = new Board(visit);
  const notices = new Notices({
    store,
    claims: new Claims(`${name}.${store.epoch}.`),
    newsIn: (room) => (isAllowed() ? newestToldIn(store, room) : 0),
    isLookedAt: (room) => looking.isLookedAt(room),
    find: (room, number) => live.message(room, number),
    tell: (news) => tell(board, store, news),
  });
  store.on("arrived", ({ room, message }) => message.author !== store.person.id && notices.hear(room));
  store.on("activity", (room) => notices.hear(room));
  store.on("mentioned", ({ room }) => notices.hear(room));
  socket.on("event", ({ type }) => TIDIED.has(type) && board.tidy(({ room, number }) => isOver(store, room, number)));
  followEyes(app, looking, new Looking(`${name}.looking.`));
}

const TIDIED = new Set(["room.read", "session.started", "message.changed"]);

/** It is read, or removed. */
function isOver(store, room, number) {
  const known = store.room(room);
  return !known || known.read >= number || known.message(number)?.removed;
}

async function tell(board, store, { room, message }) {
  const { title, body } = wording(store, room, message);
  const data = { room: room.id, number: message.number, path: pathOf(room, message.number) };
  // Our own sound, if any: silent as far as the browser goes.
  await board.show(title, { body, data, tag: `room-${room.id}`, icon: icon(), silent: true });
  if (store.preferences.sound) await chirp();
}

function wording(store, room, message) {
  const { name } = store.people.get(message.author);
  const words = saidIn(message);
  const text = words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words;
  const place = room.home ?? room;
  const named = said({ ...message, text }, name);
  const body = isAct(message) ? named : text;
  if (isTalk(place)) return { title: titleOf(store, place), body: faceOf(store, place) ? body : named };
  if (isFor(message, store.person.id)) {
    return { title: t("{name} mentioned you in #{room}", { name, room: place.name }), body };
  }
  if (room.answers(message, store.person.id)) {
    return { title: t("{name} replied to you in #{room}", { name, room: place.name }), body };
  }
  if (room.home) return { title: t("{name} replied in a thread in #{room}", { name, room: place.name }), body };
  if (room.unread === 1) return { title: t("{name} in #{room}", { name, room: room.name }), body };
  const title = n("{count} new message in #{room}", "{count} new messages in #{room}", room.unread, { room: room.name });
  return { title, body: named };
}

function icon() {
  return document.querySelector('link[rel="apple-touch-icon"]').href;
}

/** Whoever has the room or the thread before them needs no notification of it, wherever in it they are. */
function followEyes({ place, sight, store }, looking, besides) {
  const timeline = document.querySelector("roost-timeline");
  const look = () => {
    const seen = document.visibilityState === "visible" && document.hasFocus() && timeline.clientHeight > 0;
    looking.look(seen ? place.room : null);
    const awake = document.visibilityState === "visible" && document.hasFocus() && place.page === null;
    besides.look((awake && store.threadOf(place.room, place.beside)?.id) || null);
  };
  for (const type of ["focus", "blur"]) addEventListener(type, look);
  document.addEventListener("visibilitychange", look);
  sight.on("changed", look);
  place.on("moved", look);
  place.on("beside", look);
  look();
}

import { nextTask } from "roost/core/frame.js";
import { pathOf } from "roost/core/place.js";
import { Timer } from "roost/core/timer.js";
import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";
import { onAction } from "roost/elements/parts.js";
import { visit } from "roost/features/navigation.js";

const CALM = 2_000;

const LAYERS = {
  addPeople: () => import("roost/layers/add_people.js"),
  banning: () => import("roost/layers/banning.js"),
  commands: () => import("roost/layers/commands.js"),
  dayPicker: () => import("roost/layers/day_picker.js"),
  dialog: () => import("roost/layers/dialog.js"),
  forwarding: () => import("roost/layers/forwarding.js"),
  later: () => import("roost/features/later.js"),
  lightbox: () => import("roost/layers/lightbox.js"),
  leaving: () => import("roost/layers/leaving.js"),
  markup: () => import("roost/core/markup.js"),
  messageMenu: () => import("roost/layers/message_menu.js"),
  muting: () => import("roost/layers/muting.js"),
  naming: () => import("roost/layers/naming.js"),
  newRoom: () => import("roost/layers/new_room.js"),
  newTalk: () => import("roost/layers/new_talk.js"),
  placeMenu: () => import("roost/layers/place_menu.js"),
  profile: () => import("roost/layers/profile.js"),
  reacting: () => import("roost/layers/react.js"),
  removing: () => import("roost/layers/removing.js"),
  reporting: () => import("roost/layers/reporting.js"),
  roomMenu: () => import("roost/layers/room_menu.js"),
  roomSettings: () => import("roost/layers/room_settings.js"),
  saving: () => import("roost/layers/saving.js"),
  strays: () => import("roost/layers/strays.js"),
  switcher: () => import("roost/layers/switcher.js"),
  thread: () => import("roost/elements/roost-thread.js"),
  tray: () => import("roost/elements/roost-tray.js"),
  versions: () => import("roost/layers/versions.js"),
};

/** Those that came, under their names. */
const loaded = new Map();

/** What opens over the page, loaded when it is first asked for. */
export function offerLayers(app) {
  // Or what is typed right after Ctrl K would go elsewhere, and without a network nothing would open.
  const fetchAhead = new Timer(async () => {
    // One by one, for the reason that main.js has.
    for (const name of Object.keys(LAYERS)) {
      await load(name).catch(() => {});
      await nextTask();
    }
  });
  app.socket.on("status", () => app.socket.live && fetchAhead.setOnce(CALM));
  onAction(document, {
    jump: () => openJump(app),
    keys: () => openKeys(),
    "new-room": () => openNewRoom(app),
    "new-talk": () => openNewTalk(app),
    "pick-day": (button) => openDayPicker(button.querySelector("time").dateTime),
    place: (button) => openPlaceMenu(button),
    "room-menu": (button) => openRoomMenu(app, app.store.room(app.place.room), button),
  });
}

export function openJump(app) {
  withLayer("switcher", ({ openSwitcher }) => openSwitcher(app));
}

export function openKeys() {
  withLayer("dialog", ({ openDialog }) => openDialog("keys-template"));
}

export function openPlaceMenu(button) {
  withLayer("placeMenu", (layer) => layer.openPlaceMenu(button));
}

export function openNewRoom({ socket }) {
  withLayer("newRoom", (layer) => layer.openNewRoom({ socket, enter: (room) => visit(pathOf(room)) }));
}

export function openNewTalk(app) {
  withLayer("newTalk", (layer) => layer.openNewTalk(app));
}

/** What puts emoji on messages and lists them. */
export function withReacting(act) {
  withLayer("reacting", act);
}

export function openForward(app, number) {
  withLayer("forwarding", (layer) => layer.openForward(app, number));
}

/** Pins message `number` of the open room, or takes it off. */
export function togglePin(app, number) {
  const { id, message } = messageHere(app, number);
  withLayer("saving", (layer) => layer.pinMessage(app, id, number, !message.pinned));
}

/** The reader keeps it for themselves, or not any more. */
export function toggleSaved(app, number) {
  const { id } = messageHere(app, number);
  withLayer("saving", (layer) => layer.saveMessage(app, id, number, !layer.isSaved(app, id, number)));
}

export function openAddPeople(app) {
  withLayer("addPeople", (layer) => layer.openAddPeople(app));
}

/** How the reader wants to have a room. */
export function openRoomMenu(app, room, anchor) {
  withLayer("roomMenu", (layer) => layer.openRoomMenu(app, room, anchor));
}

export function openRoomSettings(app) {
  withLayer("roomSettings", (layer) => layer.openRoomSettings(app));
}

export function openLeave(app) {
  withLayer("leaving", (layer) => layer.openLeave(app));
}

export function openRemove(app, person) {
  withLayer("leaving", (layer) => layer.openRemove(app, person));
}

/** `number`: of the message in the open room that it is about. */
export function openReport(app, person, number = null) {
  withLayer("reporting", (layer) => layer.openReport(app, person, number));
}

export function openBan(app, person, withMessages) {
  withLayer("banning", (layer) => layer.openBan(app, person, withMessages));
}

export function openMute(app, person) {
  withLayer("muting", (layer) => layer.openMute(app, person));
}

/** `day`, YYYY-MM-DD, is the one to begin with. */
export function openDayPicker(day) {
  withLayer("dayPicker", (layer) => layer.openDayPicker(day));
}

/** `anchor` is what the card stands beside; without one it is in the middle. */
export function openProfile(app, person, anchor = null) {
  withLayer("profile", (layer) => layer.openProfile(app, person, anchor));
}

/** What was written in a room that the reader is in no longer, if something was; else the next page tells of it (features/later.js). */
export function openStrays(app, room) {
  withLayer("strays", (layer) => layer.openStrays(app, room), () => {});
}

/** Of the message in `item`. `held` by a finger, which is still down. */
export function openMessageMenu(app, item, { anchor = item, held = false } = {}) {
  withLayer("messageMenu", (layer) => layer.openMessageMenu(app, item, { anchor, held }));
}

/** The picture that a link of the log leads to, large. */
export function openPicture(link) {
  withLayer("lightbox", (layer) => layer.openLightbox(link));
}

/** Of the open room. */
export function openRemoveMessage(app, number) {
  withLayer("removing", (layer) => layer.openRemoveMessage(app, number));
}

/** What a message of the open room said before. */
export function openVersions(app, number) {
  withLayer("versions", (layer) => layer.openVersions(app, number));
}

/** The one beside the room that the place tells. */
export function showThread(app) {
  withLayer("thread", (layer) => layer.showThread(app));
}

/**
 * What was written with a slash, or has names in it: `go(send)` once the part of the page that looks at it is there. Names go
 * without where it does not come.
 */
export function sendWithCare(app, composer, { slash }, go) {
  const missing = slash ? sayMissing : (message) => composer.post(message);
  withLayer("commands", (layer) => go((message) => layer.send(app, composer, message)), () => go(missing));
}

/** How many people hear of what is being written. */
export function showReach(app, composer) {
  withLayer("naming", (layer) => layer.showReach(app, composer), () => {});
}

/** What makes of a text what the keys of formatting say. */
export function withMarkup(act, otherwise) {
  withLayer("markup", act, otherwise);
}

function messageHere({ place, store }, number) {
  const room = store.room(place.room);
  return { id: room.id, message: room.message(number) };
}

/** At once if it is there: an import that has long been made still takes its turn, and the next key would come before it. */
function withLayer(name, show, otherwise) {
  if (loaded.has(name)) show(loaded.get(name));
  else whenLoaded(load(name), show, otherwise);
}

async function load(name) {
  const layer = await LAYERS[name]();
  loaded.set(name, layer);
  return layer;
}

/** Goes on with a module that is on its way, or without it: unless told otherwise, it says that it did not come. */
export async function whenLoaded(loading, show = () => {}, otherwise = sayMissing) {
  const layer = await loading.catch(() => null);
  if (layer) show(layer);
  else otherwise();
}

function sayMissing() {
  toast(t("This part of the page did not load. Try again when you’re back online."));
}

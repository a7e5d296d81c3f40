import { app, composerOf } from "roost/core/app.js";
import { Refused } from "roost/core/failures.js";
import { onNextFrame } from "roost/core/frame.js";
import { pathOf } from "roost/core/place.js";
import { ofMessage } from "roost/core/rows.js";
import { Sight } from "roost/core/sight.js";
import { toast } from "roost/core/toast.js";
import { n, t } from "roost/core/words.js";
import { offerMentioned } from "roost/elements/body.js";
import { clone, onAction, part, show, write } from "roost/elements/parts.js";
import { isTouch } from "roost/elements/roost-composer.js";
import { unfold } from "roost/elements/timeline/folds.js";
import { fillMessage } from "roost/elements/timeline/message.js";
import { setControls } from "roost/elements/timeline/roving.js";
import { announceArrivals } from "roost/features/announce.js";
import { offerAttaching } from "roost/features/attaching.js";
import { offerEditing } from "roost/features/editing.js";
import { offerFormatting } from "roost/features/formatting.js";
import { openPicture, openProfile, openVersions } from "roost/features/layers.js";
import { copyCode, offerMessageTools, takeCard } from "roost/features/message_tools.js";
import { lead } from "roost/features/navigation.js";
import { offerReacting } from "roost/features/reacting.js";
import { moveReadMarker } from "roost/features/reading.js";
import { offerReplies } from "roost/features/replies.js";
import { suggestNames } from "roost/features/suggest.js";

const UNEDITED = { get: () => null };

/** Shows the thread of the message that the place tells, beginning it if there is none. */
export async function showThread({ live, place, store }) {
  const { room: home, beside: number } = place;
  const isWanted = () => place.room === home && place.beside === number;
  if (document.querySelector("roost-thread")?.shows(home, number)) return;
  const known = store.threadOf(home, number);
  if (known) panel().open(known);
  await live.openThread(home, number).catch((problem) => !known && isWanted() && tell(problem));
  const thread = store.threadOf(home, number);
  if (thread && !known && isWanted()) panel().open(thread);
}

/** What is not answered now is asked again with the next connection. */
function tell(problem) {
  if (!(problem instanceof Refused)) return;
  toast(problem.message);
  lead(pathOf(app.store.room(app.place.room), app.place.target));
}

/** It is made once, in the place of what the server has drawn, and shows one thread after the other. */
function panel() {
  const made = document.querySelector("roost-thread");
  if (made) return made;
  const element = document.adoptNode(clone("thread-template"));
  // What is in it asks for the parts of the page when it is put there.
  customElements.upgrade(element);
  part(document, "thread")?.remove();
  return element;
}

/** The message, what is said about it, and where one writes: the parts of a room once more, at a place of their own. */
class RoostThread extends HTMLElement {
  app = { ...app, place: app.place.another(), sight: new Sight(), root: this };
  #thread = null;
  #root = null;
  #drawSoon = onNextFrame(() => this.#draw());

  // Actions

  shows(home, number) {
    return this.#thread?.home.id === home && this.#thread.root === number;
  }

  open(thread) {
    const { live, place } = this.app;
    this.#thread = thread;
    live.show(thread.id, "beside");
    place.go(thread.id, targetIn(location.hash));
    if (!this.isConnected) this.#begin();
    part(document, "app").dataset.beside = "";
    this.#draw();
    if (!isTouch()) composerOf(this.app).focus();
    else part(this, "title").focus();
  }

  /** What comes from here on is not seen. */
  close() {
    this.#thread = null;
    this.app.place.room = null;
    this.app.live.show(null, "beside");
  }

  // Internal

  #begin() {
    document.querySelector(".sheet").append(this);
    const { store } = app;
    const composer = composerOf(this.app);
    for (const topic of ["room", "rooms", "people", "preferred"]) store.on(topic, this.#drawSoon);
    for (const offer of [offerMessageTools, offerReacting, offerEditing, offerAttaching, offerReplies, moveReadMarker, announceArrivals]) offer(this.app);
    offerFormatting(composer);
    suggestNames(composer);
    offerMentioned(part(this, "root"), this.app);
    onAction(this, { "follow-thread": () => this.#follow() });
    onAction(part(this, "root"), {
      profile: (button) => openProfile(this.app, app.store.people.get(this.#message.author), button),
      versions: () => openVersions(app, this.#thread.root),
      "copy-code": copyCode,
      picture: openPicture,
      "remove-card": () => takeCard(app, this.#thread.root),
      unfold: () => {
        unfold(this.#root);
        store.say("people");
      },
    });
  }

  get #message() {
    return this.#thread.home.message(this.#thread.root);
  }

  #draw() {
    if (!this.#thread) return;
    const { number, hidden } = this.#thread;
    part(this, "follow").ariaPressed = String(!hidden);
    const message = this.#message;
    if (message) this.#drawRoot(message);
    const count = Math.max(message?.thread?.count ?? 0, number > 0 && !message?.thread ? number : 0);
    show(part(this, "count"), count > 0);
    write(part(this, "count-text"), n("{count} reply", "{count} replies", count));
  }

  /** As it stands in the room, but for the way here. */
  #drawRoot(message) {
    const { blocked, people, person } = app.store;
    const key = `${this.#thread.home.id} ${message.number}`;
    if (this.#root?.dataset.key !== key) this.#root = Object.assign(clone("message-template"), { tabIndex: -1 });
    const scene = { edits: UNEDITED, room: this.#thread.home, me: person.id, people, blocked, connected: true, until: 0 };
    fillMessage(this.#root, { ...ofMessage(message), grouped: false }, scene);
    this.#root.dataset.key = key;
    this.#root.removeAttribute("id");
    delete this.#root.dataset.number;
    for (const name of ["replies", "reactions"]) part(this.#root, name)?.remove();
    setControls(this.#root, 0);
    // What is put there anew loses the focus, and what is selected in it.
    if (!this.#root.isConnected) part(this, "root").replaceChildren(this.#root);
  }

  async #follow() {
    const { id, hidden } = this.#thread;
    if (!(await app.live.prefer(id, { hidden: !hidden }))) return toast(t("The server did not answer. Try again."));
    toast(hidden ? t("You follow this thread.") : t("You don’t follow this thread any more."));
  }
}

/** The number of the reply that a link leads to, or null. */
function targetIn(hash) {
  const match = /^#t-(\d+)$/.exec(hash);
  return match && Number(match[1]);
}

customElements.define("roost-thread", RoostThread);

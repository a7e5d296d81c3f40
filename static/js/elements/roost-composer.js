import { appOf, logOf } from "roost/core/app.js";
import { inFence, replaceSelection } from "roost/core/caret.js";
import { LIVELY, onNextFrame } from "roost/core/frame.js";
import { newFor, shutBy, waitIn } from "roost/core/rights.js";
import { faceOf, isTalk, shutTalk, titleOf } from "roost/core/talks.js";
import { Timer } from "roost/core/timer.js";
import { deadlineLabel, linksLabel, slowLabel } from "roost/core/times.js";
import { toast } from "roost/core/toast.js";
import { t, writtenNumber } from "roost/core/words.js";
import { onAction, part, parts, show, write } from "roost/elements/parts.js";
import { sendWithCare, showReach } from "roost/features/layers.js";
import { quotedIn } from "roost/elements/timeline/quote.js";

const COUNTED_FROM = 0.9;
const TALLEST = 0.4;
const TYPING_SPAN = 3_000;
const MINUTE = 60_000;
const IME_KEY_CODE = 229;
/** What may tell many people at once. */
const CALL = /@(?:all|here)\b/i;

/**
 * Where one writes. It is never disabled: what is written goes to the outbox, whatever the network does. Where the reader may
 * not post a line stands in its place, and says why.
 */
class RoostComposer extends HTMLElement {
  #app = null;
  #room = null;
  #stops = [];
  #typedAt = -Infinity;
  #finding = false;
  #dressSoon = onNextFrame(() => this.isConnected && this.#dress(), LIVELY);
  #minute = new Timer(() => this.#dress());
  /** What a button beside the note does, and whether the note outlasts what is written next. */
  #offer = null;
  /** What was written when it was sent last, by room, and what waits for the part of the page that looks at it: {room, text, replyTo, slash}. */
  #sent = new Map();
  #waiting = [];
  /** How many files are on their way to the tray, and whether to send once they are there. */
  #held = 0;
  #sendsThen = false;
  #tray = null;

  // Lifecycle

  connectedCallback() {
    this.#app = appOf(this);
    this.#stops = [
      this.#app.place.on("moved", ({ room }) => this.#show(room)),
      this.#app.place.on("turned", ({ page }) => page === null && !isTouch() && this.focus()),
      this.#app.store.on("rooms", this.#dressSoon),
      this.#app.store.on("people", this.#dressSoon),
      this.#app.store.on("room", (room) => room === this.#room && this.#showReply()),
      this.#app.store.on("preferences", () => this.#hint()),
      this.#app.drafts.on("filled", (room) => room === this.#room && this.#refill()),
    ];
    this.text.addEventListener("input", this.#changed);
    this.text.addEventListener("keydown", this.#pressed);
    this.addEventListener("attached", this.#fit);
    part(this, "form").addEventListener("submit", (event) => event.preventDefault());
    onAction(this, {
      send: () => this.#submit(),
      "cancel-reply": () => this.cancelReply() && this.focus(),
      swap: () => this.#swap(),
      "copy-draft": () => this.#copy(),
      unblock: () => this.#unblock(),
      "take-offer": () => this.#takeOffer(),
      hush: () => this.#hush(),
    });
    this.#show(this.#app.place.room ?? this.#app.boot.room);
  }

  disconnectedCallback() {
    for (const stop of this.#stops) stop();
    this.#minute.clear();
    this.text.removeEventListener("input", this.#changed);
    this.text.removeEventListener("keydown", this.#pressed);
    this.removeEventListener("attached", this.#fit);
  }

  // Actions

  get text() {
    return part(this, "text");
  }

  /**
   * Where files wait for their message; nothing of it is loaded before there are some. One promise for all who ask: of two
   * imports the later may end first, and files would change places.
   */
  loadTray() {
    this.#tray ??= import("roost/elements/roost-tray.js").then(() => part(this, "tray"));
    this.#tray.catch(() => (this.#tray = null));
    return this.#tray;
  }

  /** What is sent meanwhile waits, or it would go without the files that were chosen for it. */
  async holdFor(files) {
    this.#held += 1;
    await files;
    this.#held -= 1;
    if (this.#held === 0 && this.#sendsThen) this.#submit();
  }

  /** Whether nothing can be written here. */
  get shut() {
    return part(this, "box").hidden;
  }

  /** What is written here answers message `number` of the open room. */
  answer(number) {
    if (this.shut) return;
    this.#app.drafts.answer(this.#room, number);
    this.focus();
  }

  /** Whether there was something to answer, which is not answered now. */
  cancelReply() {
    const answering = this.#app.drafts.replyTo(this.#room) !== null;
    if (answering) this.#app.drafts.answer(this.#room, null);
    return answering;
  }

  /** Puts a text that was not sent, with its files, before what is being written; it may have been to answer a message. */
  takeBack(text, { replyTo = null, files = [] } = {}) {
    const { drafts } = this.#app;
    const room = this.#room;
    if (replyTo !== null) drafts.answer(room, replyTo);
    if (files.length > 0) this.loadTray().then((tray) => tray.putBack(room, files));
    this.#fill([text, this.text.value].filter(Boolean).join("\n"));
    drafts.write(room, this.text.value);
    this.text.focus();
  }

  /** Says something about what was written, to the writer alone. An offer is {label, action, lasting}: a button that calls `action`. */
  note(text, offer = null) {
    this.#offer = offer;
    write(part(this, "note-text"), text);
    write(part(this, "note-offer"), offer?.label ?? "");
    show(part(this, "note-offer"), Boolean(offer?.action));
    show(part(this, "note"), text !== "");
  }

  /** Hands a message to the outbox, whose entry it returns. By now another room may be open than the one it was written in. */
  post({ room, text, kind, replyTo }) {
    const { drafts, outbox, store } = this.#app;
    const files = this.#hasFiles(room) ? part(this, "tray").take(room) : [];
    const entry = outbox.add(room, text, { kind, replyTo, files, home: store.room(room)?.home?.id });
    this.clear(room);
    if (replyTo && replyTo === drafts.replyTo(room)) drafts.answer(room, null);
    if (room !== this.#room) return entry;
    this.#typedAt = -Infinity;
    logOf(this.#app).jumpToLatest();
    this.focus();
    return entry;
  }

  /** Writes this in the place of everything, as if it were typed. */
  begin(text) {
    this.text.focus();
    this.text.select();
    replaceSelection(this.text, text);
  }

  /** What was sent in a room is done with, unless something else is written there by now. */
  clear(room) {
    const { drafts } = this.#app;
    const isOpen = room === this.#room;
    if (isOpen) this.note("");
    if ((isOpen ? this.text.value : drafts.read(room)) !== this.#sent.get(room)) return;
    if (isOpen) this.#fill("");
    drafts.write(room, "");
    drafts.flush();
  }

  /** Focus and, when a key is on its way, that key too. */
  focus() {
    const element = this.shut ? this.closest("section, aside").querySelector("h1, h2") : this.text;
    element.focus({ preventScroll: true });
  }

  // Internal

  #show(room) {
    if (room === this.#room) return;
    this.#room = room;
    // What was held was for the other room, and is its draft.
    this.#sendsThen = false;
    this.note("");
    this.#app.drafts.flush();
    this.#refill();
    this.#dress();
    if (!isTouch()) this.focus();
  }

  #dress() {
    const { store } = this.#app;
    const { mutedUntil, person } = store;
    const room = store.room(this.#room);
    if (!room) return;
    this.text.placeholder = placeholderIn(store, room);
    const ruled = room.home ?? room;
    const shut = (isTalk(ruled) ? shutTalk(store, ruled) : null) ?? shutBy(person, room, mutedUntil);
    if (mutedUntil) write(part(this, "muted"), t("You can read, and write again from {when}.", { when: deadlineLabel(mutedUntil) }));
    const focused = this.contains(document.activeElement);
    show(part(this, "box"), shut === null);
    for (const line of parts(this, "shut")) show(line, line.dataset.by === shut);
    if (shut && focused) this.focus();
    show(part(this, "kept"), shut !== null && this.#app.drafts.has(this.#room));
    const wait = shut ? 0 : waitIn(person, room);
    show(part(this, "slow"), wait > 0);
    if (wait > 0) write(part(this, "slow"), slowLabel(wait));
    this.#sayNew(shut ? 0 : newFor(person, this.#app.store.newUntil));
  }

  /** Counts down, so that nobody finds out by being refused. */
  #sayNew(left) {
    show(part(this, "new"), left > 0);
    if (left === 0) return this.#minute.clear();
    write(part(this, "new"), linksLabel(left));
    this.#minute.set(MINUTE);
  }

  async #copy() {
    const { copyText } = await import("roost/layers/copying.js");
    copyText(this.text.value, t("Text copied."));
  }

  async #unblock() {
    const { store } = this.#app;
    const room = store.room(this.#room);
    const { id } = faceOf(store, room.home ?? room);
    if (await this.#app.live.block(id, false)) this.focus();
    else toast(t("The server did not answer. Try again."));
  }

  #hint() {
    show(part(this, "enter-sends"), this.#app.store.preferences.enter_sends);
    show(part(this, "ctrl-enter-sends"), !this.#app.store.preferences.enter_sends);
  }

  /** With what was written here before, or on another device. */
  #refill() {
    const text = this.#app.drafts.read(this.#room);
    if (this.text.value !== text) this.#fill(text);
    show(part(this, "other"), this.#app.drafts.other(this.#room) !== null);
    this.#showReply();
  }

  #showReply() {
    const number = this.#app.drafts.replyTo(this.#room);
    const room = this.#app.store.room(this.#room);
    show(part(this, "reply"), number !== null && room !== undefined);
    if (number === null || !room) return;
    const { people, person, blocked } = this.#app.store;
    const { author, line } = quotedIn(number, { room, people, blocked, me: person.id });
    write(part(this, "reply-author"), author?.name ?? t("Somebody"));
    write(part(this, "reply-line"), line);
    if (!room.quote(number)) this.#find(room.id, number);
  }

  /** It is far from what is held, as after a reload. */
  async #find(room, number) {
    if (this.#finding) return;
    this.#finding = true;
    await this.#app.live.message(room, number);
    this.#finding = false;
  }

  #swap() {
    this.#app.drafts.swap(this.#room);
    this.focus();
  }

  #changed = () => {
    this.#app.drafts.write(this.#room, this.text.value);
    if (!this.#offer?.lasting) this.note("");
    this.#fit();
    this.#tellTyping();
  };

  #pressed = (event) => {
    if (!sends(event)) return;
    event.preventDefault();
    this.#submit();
  };

  #submit() {
    this.#sendsThen = this.#held > 0;
    if (this.#sendsThen) return;
    const text = this.text.value.trim();
    const { drafts, store } = this.#app;
    if ((text === "" && !this.#hasFiles()) || lengthOf(text, store.textLimit) > store.textLimit) return;
    if (this.#hasFiles() && !part(this, "tray").isWhole(this.#room)) return;
    this.#sent.set(this.#room, this.text.value);
    const message = { room: this.#room, text, replyTo: drafts.replyTo(this.#room), slash: this.text.value.startsWith("/") };
    if (this.#waiting.some((each) => each.room === message.room && each.text === text)) return;
    this.#waiting.push(message);
    if (this.#waiting.length === 1) this.#sendNext();
  }

  /** One after the other, also while the first of them waits. */
  #sendNext() {
    const [message] = this.#waiting;
    if (!message) return;
    const go = (send) => {
      this.#waiting.shift();
      send(message);
      this.#sendNext();
    };
    if (message.slash || message.text.includes("@")) sendWithCare(this.#app, this, message, go);
    else go(() => this.post(message));
  }

  #takeOffer() {
    const { action } = this.#offer;
    this.#hush();
    action();
  }

  #hush() {
    this.note("");
    this.focus();
  }

  #fill(text) {
    this.text.value = text;
    this.#fit();
  }

  #hasFiles(room = this.#room) {
    return part(this, "tray").has?.(room) ?? false;
  }

  #fit = () => {
    this.#grow();
    const limit = this.#app.store.textLimit;
    const length = lengthOf(this.text.value.trim(), limit);
    const ready = (length > 0 || this.#hasFiles()) && length <= limit;
    part(this, "send").classList.toggle("is-ready", ready);
    part(this, "send").setAttribute("aria-disabled", String(!ready));
    const counted = length >= limit * COUNTED_FROM;
    show(part(this, "counter"), counted);
    part(this, "counter").classList.toggle("is-over", length > limit);
    // Only what is seen: the first large number takes a slow phone a tenth of a second (Intl).
    if (counted) write(part(this, "counter"), `${writtenNumber(length)} / ${writtenNumber(limit)}`);
    if (CALL.test(this.text.value)) showReach(this.#app, this);
    else show(part(this, "reach"), false);
  };

  /** Where CSS cannot (field-sizing). */
  #grow() {
    if (CSS.supports("field-sizing", "content")) return;
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, innerHeight * TALLEST)}px`;
  }

  #tellTyping() {
    if (/^\s*$|^\/(?!\/)/.test(this.text.value) || performance.now() - this.#typedAt < TYPING_SPAN) return;
    this.#typedAt = performance.now();
    this.#app.live.type(this.#room);
  }
}

/** Enter then belongs to the input method. Safari ends the composition before the key comes, but keeps the old code. */
export function composes(event) {
  return event.isComposing || event.keyCode === IME_KEY_CODE;
}

function placeholderIn(store, room) {
  if (room.home) return t("Reply…");
  const name = titleOf(store, room);
  return isTalk(room) ? t("Message {name}", { name }) : t("Message #{room}", { room: name });
}

/** Whether this is the key that sends. On a touch keyboard Return is a new line, and the button sends; so it is in an open block of code. */
export function sends(event) {
  if (event.key !== "Enter" || event.shiftKey || event.altKey || composes(event)) return false;
  const alone = !event.ctrlKey && !event.metaKey;
  if (alone && inFence(event.target.value.slice(0, event.target.selectionStart))) return false;
  return !alone || !(isTouch() || !appOf(event.target).store.preferences.enter_sends);
}

export function isTouch() {
  return matchMedia("(hover: none) and (pointer: coarse)").matches;
}

/** Characters as the server counts them. */
function lengthOf(text, limit) {
  return text.length <= limit * COUNTED_FROM ? text.length : [...text].length;
}

customElements.define("roost-composer", RoostComposer);

import { app, appOf, composerOf } from "roost/core/app.js";
import { makeNonce } from "roost/core/nonce.js";
import { browserStorage, Shelf } from "roost/core/shelf.js";
import { writtenSize } from "roost/core/sizes.js";
import { toast } from "roost/core/toast.js";
import { n, t } from "roost/core/words.js";
import { arrange, clone, onAction, part, parts, show, write } from "roost/elements/parts.js";
import { drawUpload, TAB, uploads } from "roost/elements/on_its_way.js";

const MOST = 10;
const MB = 1_000_000;
const PICTURE = /^image\/(jpeg|png|gif|webp)$/;
const FOR_GOOD = ["done", "failed"];

/**
 * The files that go with the next message of a room, or of a thread, on their way already. They belong to the one where they
 * were added, whatever is shown meanwhile. A file is {nonce, name, size, type, alt, id, tab}, as in the outbox; this tab's storage keeps the
 * list over a reload, but no bytes: what had not come to the server by then has to be added again.
 *
 * Fires "attached" when what it holds of the open room changed.
 */
class RoostTray extends HTMLElement {
  #app = null;
  #shelf = new Shelf(browserStorage("sessionStorage"), `roost.files.${app.boot.person.id}`);
  #rooms = new Map();
  #previews = new Map();
  #stops = [];

  // Lifecycle

  connectedCallback() {
    this.#app = appOf(this);
    this.#stops = [this.#app.place.on("moved", () => this.#draw()), uploads.on("changed", (upload) => this.#follow(upload))];
    onAction(this, {
      "remove-file": (button) => this.#remove(nonceOf(button)),
      "retry-file": (button) => this.#retry(nonceOf(button)),
    });
    this.addEventListener("input", ({ target }) => this.#describe(nonceOf(target), target.value));
    this.#draw();
  }

  disconnectedCallback() {
    for (const stop of this.#stops) stop();
  }

  // Actions

  has(room) {
    return this.#of(room).length > 0;
  }

  /** Adds files of this device to the next message of a room: as many as it may have. */
  add(room, blobs) {
    const fitting = blobs.slice(0, Math.max(0, MOST - this.#of(room).length));
    const files = fitting.map((blob) => this.#begin(room, blob));
    this.#keep(room, [...this.#of(room), ...files]);
    const over = blobs.length - fitting.length;
    if (over > 0) toast(n("A message holds 10 files. {count} was not added.", "A message holds 10 files. {count} were not added.", over));
    if (files.length > 0) say(n("{count} file added.", "{count} files added.", files.length));
  }

  /** Puts back what was taken, before what was added since. */
  putBack(room, files) {
    for (const { nonce } of files) uploads.retry(nonce);
    this.#keep(room, [...files, ...this.#of(room)]);
  }

  /** Whether all of it can go with a message; else the reader is told why not. */
  isWhole(room) {
    if (!this.#of(room).some((file) => this.#stateOf(file).state === "failed")) return true;
    toast(t("Not sent: a file could not be added. Remove it, or try again."));
    part(this, "uploads").querySelector(".is-failed button").focus();
    return false;
  }

  /** What goes with a message now, and is not here any more. */
  take(room) {
    const files = this.#of(room);
    for (const { nonce } of files) this.#forgetPreview(nonce);
    this.#keep(room, []);
    return files;
  }

  // Internal

  #of(room) {
    if (!this.#rooms.has(room)) this.#rooms.set(room, this.#shelf.get(String(room)) ?? []);
    return this.#rooms.get(room);
  }

  #begin(room, blob) {
    const { name, size, type } = blob;
    const file = { nonce: makeNonce(), name, size, type, alt: "", tab: TAB };
    const limit = this.#app.store.fileLimit;
    const added = { nonce: file.nonce, room, blob, name };
    if (size > limit) uploads.refuse(added, t("A file holds at most {limit} MB here. Send a smaller one.", { limit: limit / MB }));
    else uploads.add(added);
    if (PICTURE.test(type)) this.#previews.set(file.nonce, URL.createObjectURL(blob));
    return file;
  }

  #keep(room, files) {
    this.#rooms.set(room, files);
    if (files.length > 0) this.#shelf.set(String(room), files);
    else this.#shelf.remove(String(room));
    this.#draw();
  }

  #stateOf(file) {
    const upload = uploads.get(file.nonce);
    if (upload) return upload;
    if (file.id) return { ...file, state: "done", sent: file.size };
    return { ...file, state: "failed", sent: 0, lasting: true, reason: t("The page was loaded again before it had gone. Add it again.") };
  }

  /** From its beginning to its end only: nobody wants to hear every percent. */
  #follow({ nonce, room, name, state, id, reason }) {
    // What the other tray of the page has is for that one to follow.
    const files = this.#rooms.get(room) ?? [];
    if (!FOR_GOOD.includes(state) || !files.some((file) => file.nonce === nonce)) return this.#draw();
    if (state === "failed") say(`${name}: ${reason}`);
    const now = files.map((file) => (file.nonce === nonce && id ? { ...file, id } : file));
    this.#keep(room, now);
    if (now.every((file) => file.id)) say(n("The file is ready.", "All files are ready.", now.length));
  }

  #remove(nonce) {
    const room = this.#app.place.room;
    const at = this.#of(room).findIndex((file) => file.nonce === nonce);
    uploads.stop(nonce);
    this.#forgetPreview(nonce);
    this.#keep(room, this.#of(room).filter((file) => file.nonce !== nonce));
    const next = [...this.querySelectorAll('[data-action="remove-file"]')].at(Math.min(at, this.#of(room).length - 1));
    (next ?? composerOf(this.#app)).focus();
  }

  #retry(nonce) {
    uploads.retry(nonce);
    this.querySelector(`[data-upload="${nonce}"] button`).focus();
  }

  #describe(nonce, alt) {
    const room = this.#app.place.room;
    const files = this.#of(room).map((file) => (file.nonce === nonce ? { ...file, alt } : file));
    this.#rooms.set(room, files);
    this.#shelf.set(String(room), files);
  }

  #draw() {
    const files = this.#of(this.#app.place.room);
    show(this, files.length > 0);
    arrange(part(this, "uploads"), files.map((file) => this.#tile(file)));
    this.dispatchEvent(new Event("attached", { bubbles: true }));
  }

  #tile(file) {
    const tile = this.querySelector(`[data-upload="${file.nonce}"]`) ?? this.#newTile(file);
    const upload = this.#stateOf(file);
    const failed = upload.state === "failed";
    drawUpload(tile, upload);
    tile.classList.toggle("is-failed", failed);
    show(part(tile, "reason"), failed);
    write(part(tile, "reason"), failed ? upload.reason : "");
    // Whatever it is, it may be no picture.
    show(part(tile, "preview"), !failed && this.#previews.has(file.nonce));
    show(part(tile, "retry"), failed && !upload.lasting);
    show(part(tile, "describe"), PICTURE.test(file.type) && !failed);
    return tile;
  }

  #newTile({ nonce, name, size, alt }) {
    const tile = clone("tray-file-template");
    tile.dataset.upload = nonce;
    for (const called of [part(tile, "name"), ...parts(tile, "called")]) write(called, name);
    part(tile, "name").title = `${name}, ${writtenSize(size)}`;
    part(tile, "describe").value = alt;
    part(tile, "describe").ariaLabel = t("Describe {name} for those who do not see it", { name });
    if (this.#previews.has(nonce)) part(tile, "preview").src = this.#previews.get(nonce);
    return tile;
  }

  #forgetPreview(nonce) {
    URL.revokeObjectURL(this.#previews.get(nonce));
    this.#previews.delete(nonce);
  }
}

function nonceOf(element) {
  return element.closest("[data-upload]").dataset.upload;
}

function say(text) {
  document.getElementById("announce").textContent = text;
}

customElements.define("roost-tray", RoostTray);

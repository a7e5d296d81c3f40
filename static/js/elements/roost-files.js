import { app } from "roost/core/app.js";
import { LIVELY, onNextFrame } from "roost/core/frame.js";
import { pathOf } from "roost/core/place.js";
import { RoomFiles } from "roost/core/room_files.js";
import { writtenSize } from "roost/core/sizes.js";
import { isoTime, momentLabel } from "roost/core/times.js";
import { toast } from "roost/core/toast.js";
import { t } from "roost/core/words.js";
import { arrange, clone, drawIcon, onAction, part, parts, show, write } from "roost/elements/parts.js";
import { openPicture } from "roost/features/layers.js";

const ICONS = { video: "film", audio: "sound" };

/** What people added to the open room, the newest first. Asks only while it is shown; what is removed leaves it at once. */
class RoostFiles extends HTMLElement {
  #room = null;
  /** As far down as the reader asked; null: it was not answered yet. */
  #files = null;
  /** The list that is on its way in its place, which hears what happens meanwhile. */
  #next = null;
  #stops = [];
  #drawSoon = onNextFrame(() => this.isConnected && this.#draw(), LIVELY);
  #wasShown = false;
  #size = new ResizeObserver(() => this.#appear());

  connectedCallback() {
    const { place, socket, store } = app;
    const ours = (room) => room === this.#room;
    this.#stops = [
      place.on("moved", () => this.#ask()),
      store.on("arrived", (posted) => ours(posted.room) && this.#hear(posted.message)),
      store.on("amended", (changed) => ours(changed.room) && this.#hear(changed.message)),
      store.on("room", (room) => ours(room) && this.#drawSoon()),
      store.on("reset", (room) => ours(room) && this.#ask()),
      store.on("people", this.#drawSoon),
      socket.on("status", () => socket.live && this.#ask()),
    ];
    onAction(this, { picture: openPicture, "older-files": () => this.#askForOlder() });
    this.#size.observe(this.firstElementChild);
  }

  disconnectedCallback() {
    for (const stop of this.#stops) stop();
    this.#size.disconnect();
  }

  // Internal

  get #isShown() {
    return this.firstElementChild.offsetWidth > 0;
  }

  /** The list has another size with each file, too. */
  #appear() {
    if (this.#isShown && !this.#wasShown) this.#ask();
    this.#wasShown = this.#isShown;
  }

  async #ask() {
    const { room } = app.place;
    if (room !== this.#room) this.#files = null;
    this.#room = room;
    this.#draw();
    if (!this.#isShown || !app.socket.live) return;
    const files = new RoomFiles();
    this.#next = files;
    const page = await this.#page();
    if (this.#next !== files) return;
    this.#next = null;
    if (!page) return;
    files.take(page);
    this.#files = files;
    this.#draw();
  }

  async #askForOlder() {
    const files = this.#files;
    const page = await this.#page(files.before);
    if (!page) return toast(t("The server did not answer. Try again."));
    files.take(page);
    this.#draw();
  }

  /** The next one that is not empty: one answer looks at so many messages only. */
  async #page(before = null) {
    for (;;) {
      const page = await app.socket.request({ type: "file.list", room: this.#room, before }).catch(() => null);
      if (!page || page.messages.length > 0 || page.before === null) return page;
      before = page.before;
    }
  }

  #hear(message) {
    for (const files of [this.#files, this.#next]) files?.hear(message);
    this.#drawSoon();
  }

  #draw() {
    const room = app.store.room(this.#room);
    if (!room || !this.#isShown) return;
    this.#files?.compare(room);
    const seen = (this.#files?.listed ?? []).filter(({ message }) => !app.store.blocked.has(message.author));
    arrange(part(this, "files"), seen.map((each) => this.#row(each)));
    show(part(this, "no-files"), this.#files !== null && seen.length === 0 && this.#files.before === null);
    show(part(this, "older-files"), this.#files !== null && this.#files.before !== null);
  }

  #row({ message, file }) {
    const row = this.querySelector(`[data-file="${file.id}"]`) ?? drawFile(message, file);
    const author = app.store.people.get(message.author);
    write(part(row, "author"), author?.name ?? t("Somebody"));
    write(part(row, "time"), momentLabel(message.at));
    part(row, "open").href = pathOf(app.store.room(this.#room), message.number);
    return row;
  }
}

function drawFile({ at }, { id, url, thumb = url, name, size, kind = "file", alt = "" }) {
  const row = clone("room-file-template");
  const [link, image, icon] = [part(row, "link"), part(row, "image"), row.querySelector(".kept__thumb .icon")];
  Object.assign(row.dataset, { file: id, at });
  for (const called of parts(row, "name")) write(called, name);
  write(part(row, "size"), writtenSize(size));
  part(row, "time").dateTime = isoTime(at);
  Object.assign(link, { href: url, title: name });
  if (kind === "image") {
    link.dataset.action = "picture";
    Object.assign(image, { src: thumb, alt: alt || t("Picture: {name}", { name }) });
    part(row, "alt").title = alt;
    icon.remove();
  } else {
    link.download = name;
    drawIcon(icon.firstElementChild, ICONS[kind] ?? "file");
    image.remove();
  }
  return row;
}

customElements.define("roost-files", RoostFiles);

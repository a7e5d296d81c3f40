import { arrange, clone, part, write } from "roost/elements/parts.js";
import { adoptMessage, fillMessage } from "roost/elements/timeline/message.js";
import { ofMessage } from "roost/core/rows.js";
import { clockTime, dayKey, dayLabel, isoTime } from "roost/core/times.js";

const LINE = "line";

/** Draws days of rows (core/rows.js) into the log, keeping every element whose row stays, so that a repaint moves nothing. */
export class Painter {
  #log;
  #days = new Map();
  #items = new Map();
  /** The day on which each section got its name: Today is Yesterday the next. */
  #called = new WeakMap();

  constructor(log) {
    this.#log = log;
  }

  /** Takes over what the server rendered of these messages, with days called as they were on `today` (YYYY-MM-DD). */
  adopt(messages, today, scene) {
    for (const section of this.#log.querySelectorAll("[data-day]")) {
      this.#days.set(section.dataset.day, section);
      this.#called.set(section, today);
    }
    const line = part(this.#log, "new-line");
    if (line) this.#items.set(LINE, line);
    const items = new Map([...this.#log.querySelectorAll(".msg")].map((item) => [Number(item.dataset.number), item]));
    for (const message of messages) {
      const item = items.get(message.number);
      if (item) this.#adoptItem(item, ofMessage(message), scene);
    }
  }

  paint(days, scene) {
    const used = new Set();
    const sections = days.map((day) => this.#paintDay(day, scene, used));
    for (const key of this.#items.keys()) if (!used.has(key)) this.#items.delete(key);
    const keys = new Set(days.map((day) => day.key));
    for (const [key, section] of this.#days) {
      if (keys.has(key)) continue;
      section.remove();
      this.#days.delete(key);
    }
    arrange(this.#log, sections, part(this.#log, "newer"), "[data-day]");
  }

  clear() {
    for (const section of this.#days.values()) section.remove();
    this.#days.clear();
    this.#items.clear();
  }

  get empty() {
    return this.#days.size === 0;
  }

  get line() {
    return this.#items.get(LINE) ?? null;
  }

  item(number) {
    return this.#log.querySelector(`[data-number="${number}"]`);
  }

  /** The message of this number, or where nothing of it is left the next one that is drawn. */
  near(number) {
    const items = [...this.#log.querySelectorAll(".msg[data-number]")];
    return this.item(number) ?? items.find((item) => Number(item.dataset.number) > number) ?? null;
  }

  #adoptItem(item, row, scene) {
    this.#items.set(keyOf(row), item);
    adoptMessage(item, row, scene);
  }

  #paintDay(day, scene, used) {
    const section = this.#days.get(day.key) ?? this.#newDay(day);
    this.#callDay(section, day);
    const items = day.items.map((row) => this.#paintItem(row, scene, used));
    arrange(part(section, "list"), items);
    return section;
  }

  #callDay(section, { at }) {
    const today = dayKey(Date.now());
    if (this.#called.get(section) === today) return;
    this.#called.set(section, today);
    write(part(section, "day-label"), dayLabel(at));
  }

  #newDay({ key }) {
    const section = clone("day-template");
    section.dataset.day = key;
    const id = `${this.#log.id}-${key}`;
    // Today is in the room and in the thread.
    section.setAttribute("aria-labelledby", this.#log.id === "log" ? id : `thread-title ${id}`);
    section.querySelector("h2").id = id;
    part(section, "day-label").dateTime = key;
    part(section, "list").replaceChildren();
    this.#days.set(key, section);
    return section;
  }

  #paintItem(row, scene, used) {
    const key = keyOf(row, scene.me);
    used.add(key);
    const item = this.#items.get(key) ?? this.#newItem(key, row, scene);
    if (row.kind === "line") fillLine(item, row.at);
    else fillMessage(item, row, scene);
    return item;
  }

  #newItem(key, row, scene) {
    const item = clone(row.kind === "line" ? "new-line-template" : "message-template");
    if (scene.arriving && row.kind !== "line") fadeIn(item);
    this.#items.set(key, item);
    return item;
  }
}

/** A message keeps its element when it is stored, so the key is what both states share. */
function keyOf(row, me) {
  if (row.kind === "line") return LINE;
  return row.kind === "message" ? `${row.message.author} ${row.message.nonce}` : `${me} ${row.entry.nonce}`;
}

function fillLine(item, at) {
  part(item, "since").dateTime = isoTime(at);
  write(part(item, "since"), clockTime(at));
}

/** Moved elements start their animations anew: the class must not outlive the first one. */
function fadeIn(item) {
  item.classList.add("is-arriving");
  item.addEventListener("animationend", () => item.classList.remove("is-arriving"), { once: true });
}

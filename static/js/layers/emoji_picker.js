import { emojiMeant, inTone, listed, spoken, toned } from "roost/core/emoji.js";
import { language, n, t } from "roost/core/words.js";
import { clone, onAction, part, parts, show, write } from "roost/elements/parts.js";
import { isTouch } from "roost/elements/roost-composer.js";
import { whenLoaded } from "roost/features/layers.js";
import { openPopover } from "roost/layers/popover.js";
import { withStyles } from "roost/layers/styles.js";

const COLUMNS = 8;
const MOST_FOUND = 80;
const RECENT = "recent";
const HEADING = 16;

/** Opens the list of all emoji beside `anchor`, which calls `choose` with the one that is chosen, and closes. */
export function openEmojiPicker(app, anchor, choose) {
  const loading = Promise.all([import("roost/core/emoji_table.js"), withStyles("emoji-styles-template")]);
  whenLoaded(loading, ([{ GROUPS }]) => new EmojiPicker(app, GROUPS, choose).open(anchor));
}

class EmojiPicker {
  #used;
  #choose;
  #groups;
  #all;
  #popover = null;

  constructor({ usedEmoji }, groups, choose) {
    this.#used = usedEmoji;
    this.#choose = choose;
    this.#groups = Object.entries(groups).map(([name, group]) => [name, listed(group)]);
    this.#all = this.#groups.flatMap(([, group]) => group);
  }

  open(anchor) {
    const popover = openPopover("emoji-picker-template", { anchor, side: "end" });
    this.#popover = popover;
    part(popover, "tone").value = this.#used.tone;
    this.#draw();
    part(popover, "query").addEventListener("input", () => this.#draw());
    part(popover, "tone").addEventListener("change", ({ target }) => this.#dip(target.value));
    popover.addEventListener("keydown", (event) => this.#pressed(event));
    for (const type of ["pointerover", "focusin"]) popover.addEventListener(type, ({ target }) => this.#name(target.closest("[data-emoji]")));
    onAction(popover, {
      choose: (button) => this.#take(button.dataset.emoji),
      group: (button) => this.#jump(button.dataset.group),
    });
    part(popover, "list").addEventListener("scroll", () => this.#mark());
    // A finger wants to see them, and not a keyboard over them.
    (isTouch() ? this.#buttons[0] : part(popover, "query")).focus();
  }

  // Internal

  get #buttons() {
    return [...parts(this.#popover, "choice")];
  }

  #dip(tone) {
    this.#used.tone = tone;
    this.#draw();
  }

  /** What is searched, or all groups with what was used last before them. */
  #draw() {
    const query = part(this.#popover, "query").value;
    const sections = query.trim() ? this.#found(query) : this.#everything();
    part(this.#popover, "list").replaceChildren(...sections);
    part(this.#popover, "list").scrollTop = 0;
    show(part(this.#popover, "groups"), !query.trim());
    this.#name(null);
    const [first] = this.#buttons;
    if (first) first.tabIndex = 0;
    this.#mark();
  }

  /** The group that is in view. */
  #mark() {
    const list = part(this.#popover, "list");
    const { top } = list.getBoundingClientRect();
    const here = [...list.children].findLast((section) => section.getBoundingClientRect().top <= top + HEADING);
    for (const tab of part(this.#popover, "groups").children) {
      if (tab.dataset.group === here?.dataset.group) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
  }

  #found(query) {
    const found = emojiMeant(query, this.#all, this.#used.recent, MOST_FOUND);
    write(part(this.#popover, "status"), found.length ? n("{count} emoji found", "{count} emoji found", found.length) : t("No emoji by that name. Try fewer letters."));
    return found.length ? [this.#section("found", found)] : [];
  }

  #everything() {
    write(part(this.#popover, "status"), "");
    const recent = this.#used.recent.map((emoji) => this.#all.find((each) => each.emoji === emoji) ?? this.#dipped(emoji));
    return [[RECENT, recent.filter(Boolean)], ...this.#groups].map(([name, group]) => this.#section(name, group));
  }

  /** One that was used in a skin tone. */
  #dipped(emoji) {
    const found = this.#all.find(({ emoji: each, tones }) => tones && toned(each, [...emoji][1]) === emoji);
    return found && { ...found, emoji, tones: false };
  }

  #section(name, group) {
    const section = clone("emoji-group-template");
    section.dataset.group = name;
    for (const heading of parts(section, "heading")) if (heading.dataset.group !== name) heading.remove();
    section.setAttribute("aria-label", part(section, "heading")?.textContent ?? t("Emoji"));
    part(section, "choices").append(...group.map((each) => this.#choice(each)));
    return section;
  }

  #choice(each) {
    const button = clone("emoji-choice-template");
    button.dataset.emoji = inTone(each, this.#used.tone);
    button.dataset.names = each.names.join(" ");
    button.setAttribute("aria-label", spoken(each.names[0]));
    button.textContent = button.dataset.emoji;
    return button;
  }

  /** At the foot, as it is written in a message. */
  #name(button) {
    const names = button?.dataset.names.split(" ") ?? [];
    write(part(this.#popover, "big"), button?.dataset.emoji ?? "");
    write(part(this.#popover, "name"), names.length ? spoken(names[0]) : t("Choose an emoji"));
    part(this.#popover, "name").lang = names.length ? "en" : language;
    write(part(this.#popover, "code"), names.map((name) => `:${name}:`).join(" "));
  }

  #jump(group) {
    const section = this.#popover.querySelector(`section[data-group="${group}"]`);
    section.scrollIntoView({ block: "start" });
    this.#walkTo(part(section, "choice"));
  }

  #take(emoji) {
    this.#popover.hidePopover();
    this.#choose(emoji);
    this.#used.use(emoji);
  }

  #pressed(event) {
    const { key, target, altKey, ctrlKey, metaKey } = event;
    if (altKey || ctrlKey || metaKey || event.isComposing) return;
    const inQuery = target === part(this.#popover, "query");
    if (inQuery && key === "Enter" && this.#buttons[0]) this.#take(this.#buttons[0].dataset.emoji);
    else if (inQuery && key === "ArrowDown") this.#walkTo(this.#buttons[0]);
    else if (target.matches("[data-emoji]")) return this.#walk(event);
    else return;
    event.preventDefault();
  }

  /** Up and down go to what stands there, whatever the width of the last row of a group. */
  #walk(event) {
    const buttons = this.#buttons;
    const here = buttons.indexOf(event.target);
    const forward = getComputedStyle(this.#popover).direction === "ltr" ? 1 : -1;
    const moves = {
      ArrowRight: () => buttons[here + forward],
      ArrowLeft: () => buttons[here - forward],
      ArrowDown: () => nearest(event.target, buttons.slice(here + 1, here + 1 + 2 * COLUMNS), 1),
      ArrowUp: () => nearest(event.target, buttons.slice(Math.max(0, here - 2 * COLUMNS), here).reverse(), -1) ?? part(this.#popover, "query"),
      Home: () => buttons[0],
      End: () => buttons.at(-1),
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    this.#walkTo(moves[event.key]());
  }

  #walkTo(element) {
    if (!element) return;
    for (const button of this.#popover.querySelectorAll("[data-emoji][tabindex='0']")) button.tabIndex = -1;
    if (element.matches("[data-emoji]")) element.tabIndex = 0;
    else this.#buttons[0].tabIndex = 0;
    element.focus();
  }
}

/** Of the next row in one direction, the one that stands nearest below or above. */
function nearest(button, others, direction) {
  const from = button.getBoundingClientRect();
  const boxes = others.map((other) => ({ other, box: other.getBoundingClientRect() }));
  const next = boxes.filter(({ box }) => (box.top - from.top) * direction > from.height / 2);
  const row = next.filter(({ box }) => Math.abs(box.top - next[0].box.top) < 1);
  return row.sort((one, other) => Math.abs(one.box.left - from.left) - Math.abs(other.box.left - from.left))[0]?.other;
}

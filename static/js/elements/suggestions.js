import { app, appOf } from "roost/core/app.js";
import { callsMeant } from "roost/core/calls.js";
import { nameAtCaret, replaceSelection } from "roost/core/caret.js";
import { fold } from "roost/core/folding.js";
import { peopleMeant, roomsMeant, withMore } from "roost/core/meant.js";
import { commandsMeant } from "roost/core/slash.js";
import { Timer } from "roost/core/timer.js";
import { n } from "roost/core/words.js";
import { clone, part, show } from "roost/elements/parts.js";
import { EmojiSource } from "roost/elements/emoji_source.js";
import { composes, isTouch } from "roost/elements/roost-composer.js";
import { KINDS } from "roost/elements/suggested.js";

const ASKED_AFTER = 80;
const PEOPLE_OF_ONE_ANSWER = 8;

/**
 * What the name that is being written may mean, in a list above the composer: at once from memory, then what the server
 * adds. The focus stays in the text, which says by `aria-activedescendant` what is chosen.
 */
export class Suggestions {
  #composer;
  #text;
  #list = clone("suggestions-template");
  /** As core/caret.js tells it; null: the list is closed. */
  #name = null;
  #meant = [];
  #chosen = 0;
  /** Where the sign of a name stands whose suggestions were sent away. */
  #dismissed = null;
  /** Whether an input method has hold of what was written last; on glass it may have begun before this list was there. */
  #composing = isTouch();
  /** What the server told of the room `#room`, and beginnings of which it told everybody. */
  #room = null;
  #found = { people: [], others: [] };
  #whole = new Set();
  #emoji = new EmojiSource(() => this.#name?.sign === ":" && this.#show(this.#meantBy(this.#name)));
  #soon = new Timer(() => this.#ask());

  constructor(composer) {
    this.#composer = composer;
    this.#text = composer.text;
    this.#text.setAttribute("aria-autocomplete", "list");
    // A thread beside the room has a list of its own.
    this.#list.id = `${this.#text.id}-suggestions`;
    this.#text.closest("form").prepend(this.#list);
    composer.addEventListener("input", ({ isComposing }) => this.#write(isComposing));
    // Keyboards on glass compose every word; on others what is composed is no name yet.
    composer.addEventListener("compositionstart", () => isTouch() || this.#close());
    composer.addEventListener("compositionend", () => this.#write(false));
    // Before the composer sends: while the list is open these keys are the list's.
    composer.addEventListener("keydown", (event) => this.#pressed(event), { capture: true });
    this.#text.addEventListener("blur", () => this.#close());
    document.addEventListener("selectionchange", () => this.#moved());
    app.place.on("moved", () => this.#close());
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#list.addEventListener("click", ({ target }) => this.#accept(this.#options.indexOf(target.closest(".suggestion"))));
  }

  // Actions

  /** Something was written. */
  look() {
    const name = this.#nameHere;
    if (!name || name.from === this.#dismissed) {
      if (!name) this.#dismissed = null;
      return this.#close();
    }
    this.#dismissed = null;
    this.#open(name);
  }

  // Internal

  #write(isComposing) {
    this.#composing = isComposing;
    if (!isComposing || isTouch()) this.look();
  }

  get #options() {
    return [...this.#list.querySelectorAll(".suggestion")];
  }

  get #nameHere() {
    const { value, selectionStart, selectionEnd } = this.#text;
    return selectionStart === selectionEnd ? nameAtCaret(value, selectionStart) : null;
  }

  #open(name) {
    this.#enter(app.place.room);
    if (this.#name?.from !== name.from) this.#whole.clear();
    this.#name = name;
    this.#show(this.#meantBy(name));
    if (name.sign === "@" && !this.#toldWhole(name.prefix)) this.#soon.setOnce(ASKED_AFTER);
  }

  #meantBy({ sign, prefix }) {
    if (sign === "@") return this.#peopleMeant();
    if (sign === "/") return commandsMeant(prefix, app.store, app.store.room(appOf(this.#text).place.room));
    return sign === "#" ? roomsMeant(prefix, app.store.sorted) : this.#emoji.meant(prefix, app.usedEmoji);
  }

  #enter(room) {
    if (room === this.#room) return;
    this.#room = room;
    this.#found = { people: [], others: [] };
    this.#whole.clear();
  }

  #peopleMeant() {
    const { store } = app;
    const known = { people: store.people, me: store.person.id, blocked: store.blocked };
    const { prefix } = this.#name;
    const { people, others } = this.#found;
    const inside = peopleMeant(prefix, { ...known, speakers: store.room(this.#room).speakers, found: people });
    const meant = withMore(inside, peopleMeant(prefix, { ...known, speakers: [], found: others }));
    return withMore(meant, callsMeant(prefix, store.person, store.room(appOf(this.#text).place.room)));
  }

  #toldWhole(prefix) {
    const folded = fold(prefix);
    return [...this.#whole].some((beginning) => folded.startsWith(beginning));
  }

  async #ask() {
    if (!this.#name) return;
    const { prefix, from } = this.#name;
    const room = this.#room;
    const found = await app.live.findPeople(room, prefix);
    if (!found || room !== this.#room) return;
    this.#found = { people: withNew(this.#found.people, found.people), others: withNew(this.#found.others, found.others) };
    if (found.people.length + found.others.length < PEOPLE_OF_ONE_ANSWER) this.#whole.add(fold(prefix));
    if (this.#name?.sign !== "@" || this.#name.from !== from) return;
    this.#append(this.#peopleMeant());
    if (this.#name.prefix !== prefix && !this.#toldWhole(this.#name.prefix)) this.#soon.setOnce(ASKED_AFTER);
  }

  #show(meant) {
    for (const option of this.#options) option.remove();
    this.#meant = [];
    this.#chosen = 0;
    this.#append(meant);
  }

  /** Those that are shown stay where they are. */
  #append(meant) {
    // There are not many commands, and who writes a slash alone asks which.
    const all = this.#name.sign === "/" ? meant : withMore(this.#meant, meant);
    const more = all.slice(this.#meant.length);
    const first = this.#meant.length;
    this.#meant.push(...more);
    this.#list.append(...more.map((each, index) => this.#option(each, first + index)));
    if (this.#meant.length === 0 || this.#saysItAll()) return this.#hide();
    this.#reveal();
    this.#choose(this.#chosen);
  }

  /** What is written is the one thing it may mean: Enter has nothing to add. */
  #saysItAll() {
    return this.#meant.length === 1 && this.#inserted(this.#meant[0]).toLowerCase() === this.#written.toLowerCase();
  }

  get #written() {
    return this.#name.sign + this.#name.prefix;
  }

  get #kind() {
    return KINDS[this.#name.sign];
  }

  #inserted(each) {
    return this.#kind.inserted(each);
  }

  #option(each, index) {
    const option = this.#kind.option(each, this.#found.others.some(({ id }) => id === each.id));
    option.id = `${this.#list.id}-${index}`;
    return option;
  }

  #reveal() {
    const { head, label } = this.#kind;
    for (const kind of Object.values(KINDS)) show(part(this.#list, kind.head), kind.head === head);
    this.#list.setAttribute("aria-label", label(this.#name.prefix));
    if (this.#shown) return;
    show(this.#list, true);
    this.#text.setAttribute("aria-controls", this.#list.id);
    say(n("{count} suggestion", "{count} suggestions", this.#meant.length));
  }

  get #shown() {
    return !this.#list.hidden;
  }

  #choose(index) {
    const options = this.#options;
    this.#chosen = (index + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.#chosen)));
    options[this.#chosen].scrollIntoView({ block: "nearest" });
    this.#text.setAttribute("aria-activedescendant", options[this.#chosen].id);
  }

  #pressed(event) {
    const action = this.#shown && !composes(event) && !withModifier(event) && this.#keys[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  #keys = {
    ArrowDown: () => this.#choose(this.#chosen + 1),
    ArrowUp: () => this.#choose(this.#chosen - 1),
    Enter: () => this.#accept(this.#chosen),
    Tab: () => this.#accept(this.#chosen),
    Escape: () => this.#dismiss(),
  };

  #dismiss() {
    this.#dismissed = this.#name.from;
    this.#close();
  }

  #accept(index) {
    const meant = this.#meant[index];
    if (!meant) return;
    const { from, to } = this.#name;
    const inserted = this.#inserted(meant);
    this.#dismiss();
    if (this.#composing) this.#endComposition();
    const spaced = /^\s/.test(this.#text.value.slice(to));
    // What is written right already stays: what undo brings back, it selects.
    const kept = commonLength(inserted, this.#text.value.slice(from, to));
    this.#text.setSelectionRange(from + kept, to);
    replaceSelection(this.#text, inserted.slice(kept) + (spaced ? "" : " "));
    if (spaced) this.#text.setSelectionRange(from + inserted.length + 1, from + inserted.length + 1);
  }

  /** Or its word would go on in the middle of what is put in. */
  #endComposition() {
    this.#text.blur();
    this.#text.focus({ preventScroll: true });
  }

  /** Whoever walks away from the name does not mean it any more. */
  #moved() {
    if (this.#name && document.activeElement === this.#text && this.#nameHere?.from !== this.#name.from) this.#close();
  }

  #close() {
    this.#soon.clear();
    this.#name = null;
    this.#hide();
  }

  #hide() {
    show(this.#list, false);
    this.#text.removeAttribute("aria-controls");
    this.#text.removeAttribute("aria-activedescendant");
  }
}

function withNew(known, people) {
  const ids = new Set(people.map(({ id }) => id));
  return [...people, ...known.filter(({ id }) => !ids.has(id))];
}

function commonLength(one, other) {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

function withModifier({ altKey, ctrlKey, metaKey, shiftKey }) {
  return altKey || ctrlKey || metaKey || shiftKey;
}

function say(text) {
  document.getElementById("announce").textContent = text;
}

import { jumpsFor } from "roost/core/jumps.js";
import { chordOf } from "roost/core/keys.js";
import { searchPath } from "roost/core/place.js";
import { Timer } from "roost/core/timer.js";
import { t } from "roost/core/words.js";
import { fillEgg } from "roost/elements/egg.js";
import { clone, drawIcon, part, show, write } from "roost/elements/parts.js";
import { visit } from "roost/features/navigation.js";
import { actionsOf } from "roost/layers/actions.js";
import { beginningsOf, peopleOf, roomsOf, talksWith } from "roost/layers/destinations.js";
import { openDialog } from "roost/layers/dialog.js";

const ASKED_AFTER = 150;

/**
 * Jump to: rooms, people and actions by a few letters, at once from memory; people whom the server adds come last. Or to
 * one of other `things`, for what `label` says.
 */
export function openSwitcher(app, { things = null, label = null } = {}) {
  new Switcher(app, things, label);
}

class Switcher {
  #app;
  #things;
  /** For people whom the page does not know, and for messages. */
  #asksServer;
  /** By the option that stands for each. */
  #jumps = new Map();
  #chosen = 0;
  #dialog = openDialog("switcher-template");
  #query = part(this.#dialog, "query");
  #results = part(this.#dialog, "results");
  #ask = new Timer(() => this.#askForPeople());

  constructor(app, things, label) {
    this.#app = app;
    this.#asksServer = things === null;
    this.#things = things ?? { rooms: roomsOf(app), talks: talksWith(app), people: peopleOf(app), actions: actionsOf(app) };
    if (label) this.#call(label);
    this.#query.addEventListener("input", () => this.#look());
    this.#dialog.addEventListener("keydown", (event) => this.#pressed(event));
    this.#dialog.addEventListener("close", () => this.#ask.clear());
    this.#results.addEventListener("click", ({ target }) => this.#take(target.closest("[role=option]")));
    this.#results.addEventListener("pointermove", ({ target }) => this.#point(target.closest("[role=option]")));
    this.#look();
  }

  // Internal

  #call(label) {
    this.#dialog.ariaLabel = label;
    this.#query.ariaLabel = label;
    this.#query.placeholder = label;
  }

  #look() {
    const query = this.#query.value;
    const groups = query.trim() === "" ? beginningsOf(this.#app, this.#things) : this.#groupsFor(query);
    this.#jumps.clear();
    this.#results.replaceChildren(...groups.map(({ kind, jumps }) => this.#group(kind, jumps)));
    this.#choose(0);
    if (query.trim() === "" || query.startsWith("#") || !this.#asksServer) this.#ask.clear();
    else this.#ask.set(ASKED_AFTER);
  }

  #groupsFor(query) {
    const searches = this.#asksServer ? searchesFor(query.trim()) : [];
    return [...jumpsFor(query, this.#things), ...searches];
  }

  async #askForPeople() {
    const query = this.#query.value;
    const found = await this.#app.live.findPeople(this.#app.place.room, query.replace(/^@/, "").trim());
    if (!found || query !== this.#query.value || !this.#dialog.open) return;
    this.#things.people = peopleOf(this.#app);
    const [group] = jumpsFor(query, { people: this.#things.people });
    if (group) this.#append(group.jumps);
  }

  /** Nothing of what is shown moves. */
  #append(people) {
    const shown = new Set([...this.#jumps.values()].map(({ key }) => key));
    const more = people.filter(({ key }) => !shown.has(key));
    const group = this.#results.querySelector("[data-kind=people]");
    if (group) group.append(...more.map((jump) => this.#option(jump)));
    else if (more.length > 0) this.#results.insertBefore(this.#group("people", more), this.#results.querySelector("[data-kind=search]"));
    this.#choose(this.#chosen);
  }

  #group(kind, jumps) {
    const group = clone("jump-group-template");
    const title = part(group, "title");
    group.dataset.kind = kind;
    title.id = `jumps-${kind}`;
    group.setAttribute("aria-labelledby", title.id);
    write(title, titleOf(kind));
    group.append(...jumps.map((jump) => this.#option(jump)));
    return group;
  }

  #option(jump) {
    const option = clone(jump.person ? "suggested-person-template" : "suggested-room-template");
    if (jump.person) fillEgg(part(option, "egg"), jump.person);
    else drawIcon(option.querySelector("use"), jump.icon);
    part(option, "name").append(...marked(jump.name, jump.places));
    part(option, "handle").append(...marked(jump.also ?? jump.aside ?? "", jump.alsoPlaces));
    this.#jumps.set(option, jump);
    return option;
  }

  get #options() {
    return [...this.#results.querySelectorAll("[role=option]")];
  }

  #point(option) {
    const index = this.#options.indexOf(option);
    if (index >= 0 && index !== this.#chosen) this.#choose(index);
  }

  #choose(index) {
    const options = this.#options;
    show(part(this.#dialog, "nothing"), options.length === 0);
    this.#query.setAttribute("aria-expanded", String(options.length > 0));
    this.#query.removeAttribute("aria-activedescendant");
    if (options.length === 0) return;
    this.#chosen = (index + options.length) % options.length;
    options.forEach((option, at) => {
      option.id = `jump-${at}`;
      option.setAttribute("aria-selected", String(at === this.#chosen));
    });
    options[this.#chosen].scrollIntoView({ block: "nearest" });
    this.#query.setAttribute("aria-activedescendant", options[this.#chosen].id);
  }

  #pressed(event) {
    const action = !event.isComposing && this.#keys[chordOf(event)];
    if (!action) return;
    event.preventDefault();
    action();
  }

  #keys = {
    ArrowDown: () => this.#choose(this.#chosen + 1),
    ArrowUp: () => this.#choose(this.#chosen - 1),
    Enter: () => this.#take(this.#options[this.#chosen]),
    "Ctrl+K": () => this.#dialog.close(),
  };

  /** The focus is back where it was when the jump begins, so that what it opens gives it back there too. */
  #take(option) {
    const jump = this.#jumps.get(option);
    if (!jump) return;
    this.#dialog.close();
    jump.run();
  }
}

/** The last line, unless only rooms or only people are looked for. */
function searchesFor(query) {
  if (/^[#@]/.test(query)) return [];
  const name = t("Search messages for “{query}”", { query });
  return [{ kind: "search", jumps: [{ key: "search", icon: "search", name, run: () => visit(searchPath(query)) }] }];
}

function titleOf(kind) {
  return {
    unread: () => t("Unread"),
    recent: () => t("Recent"),
    rooms: () => t("Rooms"),
    talks: () => t("Direct messages"),
    people: () => t("People"),
    actions: () => t("Actions"),
    search: () => t("Messages"),
  }[kind]();
}

/** The letters at `places` stand out. */
function marked(text, places = []) {
  return Array.from(text, (letter, place) => {
    if (!places.includes(place)) return letter;
    const mark = document.createElement("mark");
    mark.textContent = letter;
    return mark;
  });
}

import { pathOf } from "roost/core/place.js";
import { Timer } from "roost/core/timer.js";
import { fillEgg } from "roost/elements/egg.js";
import { arrange, clone, onAction, part, parts, show, write } from "roost/elements/parts.js";
import { visit } from "roost/features/navigation.js";
import { attempt, clearProblems, isBusy } from "roost/layers/attempt.js";
import { openDialog } from "roost/layers/dialog.js";

const ASKED_AFTER = 150;
const MOST_FOUND = 20;
const MOST_CHOSEN = 8;

/** Asks whom to write to, one or several people, and opens the talk with them. */
export function openNewTalk(app) {
  new NewTalk(app);
}

/** Opens the talk with the people of these ids; whatever is against it is thrown. */
export async function openTalk(app, people) {
  visit(pathOf(await talkWith(app, people)));
}

async function talkWith({ socket }, people) {
  const { room } = await socket.request({ type: "direct.open", people });
  return room;
}

class NewTalk {
  #app;
  /** By id, in the order of choosing. */
  #chosen = new Map();
  #found = [];
  #rows = new Map();
  #dialog = openDialog("new-talk-template");
  #query = part(this.#dialog, "query");
  #ask = new Timer(() => this.#look());

  constructor(app) {
    this.#app = app;
    this.#query.addEventListener("input", () => {
      clearProblems(this.#dialog);
      this.#ask.set(ASKED_AFTER);
    });
    this.#query.addEventListener("keydown", (event) => this.#pressed(event));
    this.#dialog.addEventListener("close", () => this.#ask.clear());
    part(this.#dialog, "form").addEventListener("submit", (event) => this.#submit(event));
    onAction(this.#dialog, {
      choose: (button) => this.#choose(personOf(button)),
      drop: (button) => this.#drop(personOf(button)),
    });
    this.#look();
  }

  // Internal

  async #look() {
    const prefix = this.#query.value.trim();
    const found = await this.#app.live.findPeople(this.#app.place.room, prefix, MOST_FOUND);
    if (!found || prefix !== this.#query.value.trim() || !this.#dialog.open) return;
    const { person } = this.#app.store;
    this.#found = [...found.people, ...found.others].filter(({ id }) => id !== person.id);
    this.#draw();
  }

  /** Enter chooses the first one found; with nothing written it goes on to the talk. */
  #pressed(event) {
    const [first] = this.#left;
    if (event.key !== "Enter" || event.isComposing || this.#query.value.trim() === "" || !first) return;
    event.preventDefault();
    this.#choose(first.id);
  }

  get #left() {
    return this.#found.filter(({ id }) => !this.#chosen.has(id));
  }

  #choose(id) {
    if (this.#chosen.size === MOST_CHOSEN) return;
    this.#chosen.set(id, this.#app.store.people.get(id));
    this.#query.value = "";
    this.#again();
  }

  #drop(id) {
    this.#chosen.delete(id);
    this.#again();
  }

  #again() {
    clearProblems(this.#dialog);
    this.#draw();
    this.#query.focus();
    this.#look();
  }

  async #submit(event) {
    event.preventDefault();
    if (isBusy(this.#dialog)) return;
    let room;
    const done = await attempt(this.#dialog, async () => {
      room = await talkWith(this.#app, [...this.#chosen.keys()]);
    });
    if (!done || !this.#dialog.open) return;
    // First, or it would take the focus from the composer back to the button that opened it.
    this.#dialog.close();
    visit(pathOf(room));
  }

  #draw() {
    const chosen = part(this.#dialog, "chosen");
    chosen.replaceChildren(...[...this.#chosen.values()].map(chip));
    show(chosen, this.#chosen.size > 0);
    arrange(part(this.#dialog, "list"), this.#left.map((person) => this.#row(person)));
    for (const button of this.#dialog.querySelectorAll("[data-action=choose]")) {
      show(button, this.#chosen.size < MOST_CHOSEN);
    }
    show(part(this.#dialog, "nobody"), this.#found.length === 0 && this.#query.value.trim() !== "");
  }

  #row(person) {
    const row = this.#rows.get(person.id) ?? clone("choosable-template");
    this.#rows.set(person.id, row);
    row.dataset.person = person.id;
    fillEgg(part(row, "egg"), person);
    for (const name of parts(row, "name")) write(name, person.name);
    write(part(row, "handle"), `@${person.handle}`);
    return row;
  }
}

function chip(person) {
  const item = clone("chosen-template");
  item.dataset.person = person.id;
  write(part(item, "name"), person.name);
  return item;
}

function personOf(button) {
  return Number(button.closest("li").dataset.person);
}

/**
 * Values by key under one prefix of a storage, one entry each, so that two tabs never overwrite each other's. What the
 * browser does not let us keep (blocked, full) is held in memory until the page goes.
 */
export class Shelf {
  #storage;
  #prefix;
  #memory = new Map();

  constructor(storage, prefix) {
    this.#storage = storage;
    this.#prefix = `${prefix}.`;
  }

  get(key) {
    if (this.#memory.has(key)) return this.#memory.get(key);
    return parsed(this.#storage?.getItem(this.#prefix + key));
  }

  set(key, value) {
    try {
      this.#storage.setItem(this.#prefix + key, JSON.stringify(value));
      this.#memory.delete(key);
    } catch {
      this.#memory.set(key, value);
    }
  }

  remove(key) {
    this.#memory.delete(key);
    this.#storage?.removeItem(this.#prefix + key);
  }

  keys() {
    return [...new Set([...this.#storedKeys(), ...this.#memory.keys()])];
  }

  values() {
    return this.keys().map((key) => this.get(key)).filter((value) => value !== null);
  }

  /** Calls `listener` when another tab changed something here; returns how to stop. */
  watch(listener, target = window) {
    const hear = (event) => {
      if (event.key === null || event.key.startsWith(this.#prefix)) listener();
    };
    target.addEventListener("storage", hear);
    return () => target.removeEventListener("storage", hear);
  }

  *#storedKeys() {
    for (let index = 0; index < (this.#storage?.length ?? 0); index += 1) {
      const key = this.#storage.key(index);
      if (key.startsWith(this.#prefix)) yield key.slice(this.#prefix.length);
    }
  }
}

/** What the browser keeps for this site, or for this tab, or null where it forbids even to look at it. */
export function browserStorage(kind = "localStorage") {
  try {
    return window[kind];
  } catch {
    return null;
  }
}

function parsed(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

const MOST = 16;
const USUAL = ["👍", "👀", "🎉", "❤️", "😂", "🙌", "🙏", "😮"];

/** The emoji that the reader used, the last one first, and their skin tone, kept on this device. */
export class UsedEmoji {
  #shelf;

  constructor(shelf) {
    this.#shelf = shelf;
  }

  get recent() {
    return [...new Set([...(this.#shelf.get("recent") ?? []), ...USUAL])].slice(0, MOST);
  }

  use(emoji) {
    this.#shelf.set("recent", [emoji, ...this.recent.filter((each) => each !== emoji)].slice(0, MOST));
  }

  /** "" for none. */
  get tone() {
    return this.#shelf.get("tone") ?? "";
  }

  set tone(tone) {
    this.#shelf.set("tone", tone);
  }
}

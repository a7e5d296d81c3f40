import { allIn, emojiMeant, inTone } from "roost/core/emoji.js";

const MOST = 8;

/** The emoji that may be meant by what is written; their table is fetched when it is first asked. */
export class EmojiSource {
  #all = null;
  #came;

  /** `came` is called when the table is there. */
  constructor(came) {
    this.#came = came;
  }

  /** Nothing as long as the table is on its way. `id` is what is written for each. */
  meant(prefix, { recent, tone }) {
    if (!this.#all) this.#bring();
    return emojiMeant(prefix, this.#all ?? [], recent, MOST).map((each) => ({ ...each, id: inTone(each, tone) }));
  }

  /** Without a network, the next time. */
  async #bring() {
    const { GROUPS } = await import("roost/core/emoji_table.js").catch(() => ({}));
    if (!GROUPS || this.#all) return;
    this.#all = allIn(GROUPS);
    this.#came();
  }
}

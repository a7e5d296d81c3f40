import { Topics } from "roost/core/topics.js";

/**
 * What the reader has before their eyes, as the timeline measures it. Says "changed".
 *
 * `resting`: the end of the room is in view. `far`: it is more than a screen away. `below`: messages that came since it
 * was in view. `above`: {count, at} of what is new, when its first one lies above the view (`at` may be null).
 */
export class Sight {
  resting = false;
  far = false;
  below = 0;
  above = null;

  #topics = new Topics();

  on(topic, listener) {
    return this.#topics.on(topic, listener);
  }

  /** Whether what comes now is seen: the end is in view, of a page somebody has before them. */
  get reading() {
    return this.resting && document.visibilityState === "visible" && document.hasFocus();
  }

  update(seen) {
    Object.assign(this, seen);
    this.#topics.say("changed", this);
  }
}

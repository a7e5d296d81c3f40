import { Disconnected, isFailure } from "roost/core/failures.js";
import { pause } from "roost/core/timer.js";
import { Topics } from "roost/core/topics.js";

const AT_ONCE = 3;
const TRIES = 5;
const SECONDS_BETWEEN_TRIES = 1;
const UNDER_WAY = ["waiting", "running"];

/**
 * Files on their way to the server, three at once, in the order in which they were added. Each has a nonce of its own that
 * every try repeats, so that the server keeps it once.
 *
 * An upload is {nonce, room, blob, name, size, state, sent, id, reason, lasting}: `state` is "waiting", "running", "done" (the
 * server calls it `id`), "stopped", or "failed", for a `reason`, which another try does not cure if it is `lasting`. Says
 * "changed" (upload) when one came into another state, and "progress" (upload) when more of it has left.
 */
export class Uploads {
  #all = new Map();
  #ending = new Map();
  #send;
  #connected;
  #topics = new Topics();

  /** `send(upload, {progress, signal})` resolves to the server's file; it is tried while `connected()`. */
  constructor({ send, connected }) {
    this.#send = send;
    this.#connected = connected;
  }

  on(topic, listener) {
    return this.#topics.on(topic, listener);
  }

  get(nonce) {
    return this.#all.get(nonce);
  }

  /** Whether a file that is to go to the server is here alone, also one that may be tried again. */
  get busy() {
    return [...this.#all.values()].some(({ state, lasting }) => UNDER_WAY.includes(state) || (state === "failed" && !lasting));
  }

  add(file) {
    this.#take(file, { state: "waiting" });
    this.resume();
  }

  /** It is not sent, whatever the network does. */
  refuse(file, reason) {
    this.#take(file, { state: "failed", reason, lasting: true });
  }

  /** It was given up, and comes again with `retry`. */
  stop(nonce) {
    const upload = this.get(nonce);
    if (!upload || upload.state === "done") return;
    Object.assign(upload, { state: "stopped", sent: 0 });
    this.#ending.get(nonce)?.abort();
  }

  retry(nonce) {
    const upload = this.get(nonce);
    if (!["failed", "stopped"].includes(upload?.state)) return;
    this.#turn(upload, { state: "waiting", sent: 0, tries: 0 });
    this.resume();
  }

  /** There is a connection, or a place among those that run. */
  resume() {
    if (!this.#connected()) return;
    for (const upload of this.#all.values()) {
      if (this.#ending.size >= AT_ONCE) return;
      if (upload.state === "waiting" && !this.#ending.has(upload.nonce)) this.#run(upload);
    }
  }

  #take({ nonce, room, blob, name }, fate) {
    this.#all.set(nonce, { nonce, room, blob, name, size: blob.size, sent: 0, tries: 0, ...fate });
  }

  async #run(upload) {
    const ending = new AbortController();
    this.#ending.set(upload.nonce, ending);
    this.#turn(upload, { state: "running", sent: 0 });
    const progress = (sent) => {
      upload.sent = sent;
      this.#topics.say("progress", upload);
    };
    try {
      const { id } = await this.#send(upload, { progress, signal: ending.signal });
      this.#turn(upload, { state: "done", sent: upload.size, id });
    } catch (problem) {
      if (!isFailure(problem)) throw problem;
      if (!ending.signal.aborted) await this.#judge(upload, problem);
    } finally {
      this.#ending.delete(upload.nonce);
      this.resume();
    }
  }

  /** Without a connection it waits for the next one; a line that broke beside a good connection is tried again. */
  async #judge(upload, problem) {
    upload.tries += this.#connected() ? 1 : 0;
    if (!(problem instanceof Disconnected) || upload.tries >= TRIES) {
      return this.#turn(upload, { state: "failed", reason: problem.message, lasting: problem.temporary === false });
    }
    this.#turn(upload, { state: "waiting", sent: 0 });
    if (this.#connected()) await pause(SECONDS_BETWEEN_TRIES * 1000 * upload.tries);
  }

  #turn(upload, changes) {
    Object.assign(upload, changes);
    this.#topics.say("changed", upload);
  }
}

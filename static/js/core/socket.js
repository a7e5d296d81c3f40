import { afterClose } from "roost/core/close_codes.js";
import { reconnectDelay } from "roost/core/delays.js";
import { Disconnected, NoAnswer, Refused } from "roost/core/failures.js";
import { Timer } from "roost/core/timer.js";
import { Topics } from "roost/core/topics.js";

const CONNECT_LIMIT = 20_000;
const SILENCE_LIMIT = 45_000;
const ANSWER_LIMIT = 15_000;
const PROBE_LIMIT = 5_000;

/**
 * The connection to the server: comes back by itself (DELIVERY D9, D10), pairs answers with requests.
 *
 * Says "event" for everything the server says, answers included and in the order they came, and "status" when `status`
 * changed: connecting | live | waiting | stopped | ended. Live means that session.started has come; ended, that a person
 * has to sign in again, or was `banned`; stopped, that the server does not want us back until somebody asks.
 */
export class Socket {
  status = "idle";
  /** Milliseconds until the next try when `status` is waiting. */
  delay = 0;
  /** Whether there was a connection, or a try, that ended, and none since. */
  lost = false;
  /** Whether this absence was announced by the server. */
  announced = false;
  /** Of the server that answered last. */
  release = null;
  /** Whether it ended because the person was put out of the community. */
  banned = false;

  #open;
  #random;
  #line = null;
  #ref = 0;
  #requests = new Map();
  #failures = 0;
  #topics = new Topics();
  #retry = new Timer(() => this.#connect());
  #return = new Timer(() => this.status === "waiting" && this.#connect());
  #silence = new Timer(() => this.#lose());

  /** `open` makes the WebSocket. */
  constructor(open, random = Math.random) {
    this.#open = open;
    this.#random = random;
  }

  on(topic, listener) {
    return this.#topics.on(topic, listener);
  }

  start() {
    this.#connect();
  }

  get live() {
    return this.status === "live";
  }

  /** Sends a command and resolves to its answer; rejects with Refused, Disconnected or NoAnswer. */
  request(command, limit = ANSWER_LIMIT) {
    if (!this.live) return Promise.reject(new Disconnected());
    const ref = ++this.#ref;
    return new Promise((resolve, reject) => {
      const timer = new Timer(() => this.#settle(ref)?.reject(new NoAnswer()));
      timer.set(limit);
      this.#requests.set(ref, { resolve, reject, timer });
      this.#line.send(JSON.stringify({ ...command, ref }));
    });
  }

  /** The network came back, the page became visible, or somebody pressed Try now. */
  hurry() {
    if (this.live) this.#probe();
    else if (this.status === "stopped" || (this.status === "waiting" && !this.#return.pending)) this.#connect();
  }

  #connect() {
    this.#retry.clear();
    const line = this.#open();
    this.#line = line;
    line.onmessage = (event) => this.#hear(JSON.parse(event.data));
    line.onclose = (event) => this.#closed(event.code);
    this.#silence.set(CONNECT_LIMIT);
    this.#become("connecting");
  }

  #hear(event) {
    this.#silence.set(SILENCE_LIMIT);
    this.#topics.say("event", event);
    if (event.ref !== undefined && !event.more) this.#answer(event);
    if (event.type === "session.started") this.#began(event);
    if (event.type === "server.restarting") this.#leave(event.after);
    if (event.type === "session.ended") this.#finish("ended");
  }

  #began({ release }) {
    this.release = release;
    this.#failures = 0;
    this.#return.clear();
    this.announced = false;
    this.lost = false;
    this.#become("live");
  }

  #leave(seconds) {
    this.announced = true;
    this.#return.set(seconds * 1000);
  }

  #answer(event) {
    const request = this.#settle(event.ref);
    if (event.type === "error") request?.reject(new Refused(event.error));
    else request?.resolve(event);
  }

  #settle(ref) {
    const request = this.#requests.get(ref);
    this.#requests.delete(ref);
    request?.timer.clear();
    return request;
  }

  #closed(code) {
    const next = afterClose(code);
    this.banned = next === "go";
    if (next === "come-back") this.#lose();
    else this.#finish(next === "stay-away" ? "stopped" : "ended");
  }

  #lose() {
    this.#drop();
    if (!this.#return.pending) this.#wait();
    this.#become("waiting");
  }

  #wait() {
    this.delay = reconnectDelay(this.#failures++, this.#random);
    this.#retry.set(this.delay);
  }

  #finish(status) {
    this.#return.clear();
    this.#drop();
    this.#become(status);
  }

  #drop() {
    this.lost = true;
    this.#silence.clear();
    this.#line.onmessage = this.#line.onclose = null;
    this.#line.close();
    for (const ref of [...this.#requests.keys()]) this.#settle(ref).reject(new Disconnected());
  }

  /** A page that slept may hold a dead line without knowing it. */
  async #probe() {
    const line = this.#line;
    try {
      await this.request({ type: "ping" }, PROBE_LIMIT);
    } catch (problem) {
      if (problem instanceof NoAnswer && line === this.#line && this.live) this.#lose();
    }
  }

  #become(status) {
    this.status = status;
    this.#topics.say("status", this);
  }
}

const BROKEN = 1006;
const CODES = { 401: 3501, 403: 1008 };
const ANSWER_LIMIT = 15_000;

/**
 * Looks like a WebSocket and is none: events come as server-sent events, commands go by POST (docs/protocol.md, "Without
 * WebSocket"). A page looks at one room at a time: to open a room is to listen anew, with the room in the address.
 */
export class Stream {
  onmessage = null;
  onclose = null;
  /** Whether anything was ever heard. */
  lived = false;

  #xsrf;
  #source = null;
  #closed = false;
  #ref = null;
  #sent = Promise.resolve();

  /** `xsrf` shows the server that a page of its own asks. */
  constructor(xsrf) {
    this.#xsrf = xsrf;
    this.#listen();
  }

  send(text) {
    const command = JSON.parse(text);
    if (command.type === "room.open") this.#open(command);
    else if (command.type === "room.close") this.#say(JSON.stringify({ type: "done", ref: command.ref }));
    // One after the other, or they could overtake each other on their way.
    else this.#sent = this.#sent.then(() => this.#post(text));
  }

  close() {
    this.#closed = true;
    this.#source.close();
  }

  #open({ ref, room, since, epoch }) {
    this.#ref = ref;
    const query = new URLSearchParams({ room: since === undefined ? room : `${room}.${since}` });
    if (epoch !== undefined) query.set("epoch", epoch);
    this.#listen(`?${query}`);
  }

  #listen(query = "") {
    this.#source?.close();
    const source = new EventSource(`/stream${query}`);
    source.onmessage = ({ data }) => this.#hear(data);
    source.onerror = () => this.#fail(source);
    source.addEventListener("close", ({ data }) => this.#end(Number(data)));
    this.#source = source;
  }

  /** The stream gives the room of its address the ref 0; the Socket knows another. */
  #hear(data) {
    this.lived = true;
    const event = JSON.parse(data);
    this.#say(event.ref === 0 ? JSON.stringify({ ...event, ref: this.#ref }) : data);
  }

  /** In a turn of its own: what breaks there must not break what follows here. */
  #say(data) {
    queueMicrotask(() => this.#closed || this.onmessage?.({ data }));
  }

  /** A browser tells no page why a stream was refused; the answer to a command does. */
  async #fail(source) {
    if (source.readyState === EventSource.CLOSED) await this.#post('{"type":"ping","ref":0}');
    if (source === this.#source) this.#end(BROKEN);
  }

  async #post(body) {
    if (this.#closed) return;
    const { status, data } = await this.#ask(body);
    if (status === 200) this.#say(data);
    else this.#end(CODES[status] ?? BROKEN);
  }

  async #ask(body) {
    const headers = { "Content-Type": "application/json", "X-Xsrftoken": this.#xsrf };
    try {
      const signal = AbortSignal.timeout(ANSWER_LIMIT);
      const answer = await fetch("/command", { method: "POST", body, headers, signal });
      return { status: answer.status, data: await answer.text() };
    } catch {
      return {};
    }
  }

  #end(code) {
    if (this.#closed) return;
    this.close();
    this.onclose?.({ code });
  }
}

const BROKEN = 1006;
const CODES = { 401: 3501, 403: 1008 };
const ANSWER_LIMIT = 15_000;

/**
 * Looks like a WebSocket and is none: events come as server-sent events, commands go by POST (docs/protocol.md, "Without
 * WebSocket"). To open a room is to listen anew, with the rooms in the address: that one, and those that are open.
 */
export class Stream {
  onmessage = null;
  onclose = null;
  /** Whether anything was ever heard. */
  lived = false;

  #xsrf;
  #source = null;
  #closed = false;
  /** Of each open room, in their order in the address: {ref, since, epoch}; `since` is the last change that was heard of. */
  #rooms = new Map();
  #epoch;
  #sent = Promise.resolve();

  /** `xsrf` shows the server that a page of its own asks. */
  constructor(xsrf) {
    this.#xsrf = xsrf;
    this.#listen();
  }

  send(text) {
    const command = JSON.parse(text);
    if (command.type === "room.open") this.#open(command);
    else if (command.type === "room.close") this.#leave(command);
    // One after the other, or they could overtake each other on their way.
    else this.#sent = this.#sent.then(() => this.#post(text));
  }

  close() {
    this.#closed = true;
    this.#source.close();
  }

  #open({ ref, room, since, epoch }) {
    this.#rooms.set(room, { ref, since, epoch });
    const query = new URLSearchParams();
    for (const [id, each] of this.#rooms) query.append("room", each.since === undefined ? id : `${id}.${each.since}`);
    const known = [...this.#rooms.values()].find((each) => each.epoch !== undefined);
    if (known) query.set("epoch", known.epoch);
    this.#listen(`?${query}`);
  }

  /** What is heard of it still, until another one is opened, does no harm. */
  #leave({ ref, room }) {
    this.#rooms.delete(room);
    this.#say(JSON.stringify({ type: "done", ref }));
  }

  #listen(query = "") {
    this.#source?.close();
    const source = new EventSource(`/stream${query}`);
    const asked = [...this.#rooms.keys()];
    source.onmessage = ({ data }) => this.#hear(data, asked);
    source.onerror = () => this.#fail(source);
    source.addEventListener("close", ({ data }) => this.#end(Number(data)));
    this.#source = source;
  }

  /** The stream gives the rooms of its address, in their order, the refs 0, 1, …; the Socket knows others. */
  #hear(data, asked) {
    this.lived = true;
    const event = JSON.parse(data);
    const answered = this.#rooms.get(asked[event.ref]);
    this.#note(event, asked);
    this.#say(event.ref === undefined ? data : JSON.stringify({ ...event, ref: answered?.ref ?? -1 }));
  }

  /** How far each room was heard, so that opening another one does not begin it anew. */
  #note({ type, ref, room, seq, epoch }, asked) {
    if (type === "session.started") this.#epoch = epoch;
    const open = this.#rooms.get(type === "opened" ? asked[ref] : room);
    if (!open) return;
    const heard = type === "opened" ? room.seq : seq;
    if (heard !== undefined) open.since = Math.max(open.since ?? 0, heard);
    if (type === "opened") open.epoch = this.#epoch;
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

import { Socket } from "roost/core/socket.js";
import { WayIn } from "roost/core/way_in.js";

/** The page's connection to its server, not started yet; `xsrf` is that of the boot data. */
export function makeSocket({ xsrf }) {
  let Stream = null;
  const way = new WayIn({
    webSocket: () => new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}/ws`),
    stream: () => new Stream(xsrf),
    // What stands in for WebSockets comes with the first answer that one of them is blocked.
    answers: async () => {
      if (!(await fetch("/readyz").catch(() => null))?.ok) return false;
      ({ Stream } = await import("roost/core/stream.js").catch(() => ({ Stream })));
      return Stream !== null;
    },
  });
  return new Socket(way.open);
}

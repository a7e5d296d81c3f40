import { Socket } from "roost/core/socket.js";
import { Stream } from "roost/core/stream.js";
import { WayIn } from "roost/core/way_in.js";

/** The page's connection to its server, not started yet; `xsrf` is that of the boot data. */
export function makeSocket({ xsrf }) {
  const way = new WayIn({
    webSocket: () => new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}/ws`),
    stream: () => new Stream(xsrf),
    answers: async () => (await fetch("/readyz").catch(() => null))?.ok,
  });
  return new Socket(way.open);
}

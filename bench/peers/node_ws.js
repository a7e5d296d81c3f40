// Node's `ws`, as its README shows a broadcast, with its pings. `node node_ws.js PORT`
const { WebSocketServer } = require("ws");

const server = new WebSocketServer({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });

server.on("connection", (member) => {
  member.isAlive = true;
  member.on("error", () => {});
  member.on("pong", () => { member.isAlive = true; });
  member.on("message", (data, isBinary) => {
    for (const each of server.clients) {
      if (each.readyState === 1) each.send(data, { binary: isBinary });
    }
  });
});

setInterval(() => {
  for (const member of server.clients) {
    if (!member.isAlive) { member.terminate(); continue; }
    member.isAlive = false;
    member.ping();
  }
}, 20_000);

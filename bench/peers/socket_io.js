// Socket.IO over WebSocket, without polling first. `node socket_io.js PORT`
const { createServer } = require("http");
const { Server } = require("socket.io");

const http = createServer();
const io = new Server(http, { transports: ["websocket"] });

io.on("connection", (member) => {
  member.on("message", (text) => io.emit("message", text));
});

http.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });

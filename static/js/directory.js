import { Store } from "roost/core/store.js";
import { makeSocket } from "roost/core/wire.js";
import "roost/elements/roost-directory.js";
import { hurryBack } from "roost/features/network.js";
import { listRooms } from "roost/features/room_list.js";
import { colourBars } from "roost/features/surface.js";

const boot = JSON.parse(document.getElementById("boot").textContent);
const store = new Store();
const socket = makeSocket(boot);

socket.on("event", (event) => store.apply(event));
listRooms(store);
document.querySelector("roost-directory").follow({ socket, store, found: boot.found });
hurryBack({ socket });
colourBars();
socket.start();

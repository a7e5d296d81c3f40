import { makeSocket } from "roost/core/wire.js";
import "roost/elements/roost-settings.js";
import { followBlocked } from "roost/features/blocked_people.js";
import { hurryBack } from "roost/features/network.js";
import { countReports } from "roost/features/reports.js";
import { colourBars } from "roost/features/surface.js";
import { keepTyped } from "roost/features/typed.js";

const boot = JSON.parse(document.getElementById("boot").textContent);
const page = document.querySelector("roost-settings");
const socket = makeSocket(boot);

page.follow(boot.preferences);
keepTyped(page, boot.person);
socket.on("event", ({ preferences }) => preferences && page.follow(preferences));
socket.on("event", ({ type }) => ["waiting.changed", "reports.changed"].includes(type) && page.lookAtQueue(type));
countReports({ socket });
followBlocked(page, socket);
let leaving = false;
page.addEventListener("submit", ({ target }) => (leaving = target.matches("[data-leaves]")));
hurryBack({ socket, leaves: () => leaving });
colourBars();
socket.start();

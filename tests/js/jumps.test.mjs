import assert from "node:assert/strict";
import { test } from "node:test";

import { jumpsFor } from "roost/core/jumps.js";

const named = (...names) => names.map((name) => ({ name }));
const THINGS = {
  rooms: named("general", "notices", "tide-sensors"),
  people: [
    { name: "Ada Lindqvist", also: "@ada_l" },
    { name: "Tomo Hayashi", also: "@tomo_h" },
    { name: "Grace", also: "@titania" },
  ],
  actions: named("Keyboard shortcuts", "Notification settings", "Sign out"),
};
const shape = (groups) => groups.map(({ kind, jumps }) => [kind, ...jumps.map(({ name }) => name)]);

test("what fits is grouped, the best first in each and among all", () => {
  assert.deepEqual(shape(jumpsFor("ti", THINGS)), [
    ["rooms", "tide-sensors", "notices"],
    ["people", "Grace", "Tomo Hayashi"],
    ["actions", "Notification settings"],
  ]);
  assert.deepEqual(shape(jumpsFor("signo", THINGS)), [["actions", "Sign out"]]);
  assert.deepEqual(shape(jumpsFor("ada", THINGS))[0], ["people", "Ada Lindqvist"]);
});

test("somebody is found by name or by handle, and it is told where", () => {
  const [{ jumps: [grace] }] = jumpsFor("titan", THINGS);
  assert.deepEqual([grace.name, grace.places, grace.alsoPlaces], ["Grace", [], [1, 2, 3, 4, 5]]);
  const [{ jumps: [ada] }] = jumpsFor("Lind", THINGS);
  assert.deepEqual([ada.name, ada.places, ada.alsoPlaces], ["Ada Lindqvist", [4, 5, 6, 7], []]);
});

test("a sign narrows to one kind, and alone lists it as it is", () => {
  assert.deepEqual(shape(jumpsFor("#ti", THINGS)), [["rooms", "tide-sensors", "notices"]]);
  assert.deepEqual(shape(jumpsFor("@ti", THINGS)), [["people", "Grace", "Tomo Hayashi"]]);
  assert.deepEqual(shape(jumpsFor("#", THINGS)), [["rooms", "general", "notices", "tide-sensors"]]);
  assert.deepEqual(jumpsFor("#zzz", THINGS), []);
});

test("of one kind among others seven are enough", () => {
  const many = { rooms: named(...Array.from({ length: 50 }, (_, index) => `room-${index}`)), people: [], actions: [] };
  assert.equal(jumpsFor("room", many)[0].jumps.length, 7);
  assert.equal(jumpsFor("#room", many)[0].jumps.length, 30);
});

test("five thousand people are looked through within a blink", () => {
  const people = Array.from({ length: 5_000 }, (_, index) => ({ name: `Person ${index} of the Harbour`, also: `@person_${index}` }));
  const looks = ["@x", "@p", "@pe", "@per", "@pers"].map((query) => {
    const begun = process.cpuUsage().user;
    jumpsFor(query, { ...THINGS, people });
    return (process.cpuUsage().user - begun) / 1_000;
  });
  // Without its neighbours on this machine, a look takes a tenth of that.
  assert.ok(looks.sort((one, other) => one - other)[2] < 200, `${looks} ms`);
});

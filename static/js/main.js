import { nextTask } from "roost/core/frame.js";

// In tasks of their own: on a slow phone all at once would keep a finger waiting for a fifth of a second.
for (const load of [
  () => import("roost/core/store.js"),
  () => import("roost/core/app.js"),
  () => import("roost/elements/around.js"),
  () => import("roost/elements/roost-timeline.js"),
  () => import("roost/features/start.js"),
]) {
  await nextTask();
  await load();
}

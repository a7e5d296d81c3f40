import { app } from "roost/core/app.js";
import { makeNonce } from "roost/core/nonce.js";
import { isFilling } from "roost/core/outbox.js";
import { writtenSize } from "roost/core/sizes.js";
import { upload } from "roost/core/upload.js";
import { Uploads } from "roost/core/uploads.js";
import { t } from "roost/core/words.js";
import { part, show, write } from "roost/elements/parts.js";

/** Of this tab, which alone holds the bytes of what it sends. */
export const TAB = makeNonce();
const LOCK = "roost.tab.";

export const uploads = new Uploads({
  send: (file, how) => upload(file, { xsrf: app.boot.xsrf, ...how }),
  connected: () => app.socket.live && navigator.onLine,
});

/** The tabs whose end is waited for. */
const watched = new Set();
/** What was sent with a message, by its nonce. */
let sent = new Set();

// features/upgrade.js asks whether the page may go.
app.uploads = uploads;
app.socket.on("status", () => uploads.resume());
addEventListener("online", () => uploads.resume());
uploads.on("progress", drawEverywhere);
uploads.on("changed", drawEverywhere);
uploads.on("changed", tellOutbox);
app.outbox.on("changed", followOutbox);
// Held until the tab is gone: then the others know that what it was sending does not come any more.
navigator.locks?.request(LOCK + TAB, () => new Promise(() => {}));
followOutbox(app.outbox.entries);

/** How far an upload is, in an element of it. */
export function drawUpload(element, { name, size, state, sent: gone }) {
  const percent = Math.floor((gone / Math.max(1, size)) * 100);
  const running = state === "running";
  const bar = part(element, "progress");
  const words = { running: t("{share} of {size}", { share: `${percent}%`, size: writtenSize(size) }), waiting: t("Waits its turn") };
  write(part(element, "far"), words[state] ?? writtenSize(size));
  show(bar, running);
  bar.value = percent;
  bar.ariaLabel = name;
}

function drawEverywhere(file) {
  for (const element of document.querySelectorAll(`[data-upload="${file.nonce}"]`)) drawUpload(element, file);
}

function tellOutbox({ nonce, name, state, id, reason }) {
  const entry = app.outbox.entries.find(({ files = [] }) => files.some((file) => file.nonce === nonce));
  if (!entry) return;
  if (state === "done") app.outbox.fileCame(entry.nonce, nonce, id);
  if (state === "failed") app.outbox.fileFailed(entry.nonce, `${name}: ${reason}`);
}

/** What goes with a message goes on; what was taken back with it does not. */
function followOutbox(entries) {
  const before = sent;
  const all = entries.flatMap(({ files = [] }) => files);
  sent = new Set(all.map(({ nonce }) => nonce));
  for (const nonce of before) if (!sent.has(nonce)) uploads.stop(nonce);
  for (const entry of entries) if (isFilling(entry) && !entry.failed) fill(entry);
}

function fill({ nonce, files }) {
  for (const file of files.filter(({ id }) => !id)) {
    const known = uploads.get(file.nonce);
    if (!known) waitFor(file.tab);
    else if (known.state === "done") return app.outbox.fileCame(nonce, file.nonce, known.id);
    else uploads.retry(file.nonce);
  }
}

/** Another tab has it, or had it when its page was left. */
async function waitFor(tab) {
  if (watched.has(tab)) return;
  watched.add(tab);
  await navigator.locks?.request(LOCK + tab, () => {});
  watched.delete(tab);
  const left = app.outbox.entries.filter((entry) => isFilling(entry) && entry.files.some((file) => !file.id && file.tab === tab));
  for (const { nonce } of left) app.outbox.fileFailed(nonce, t("Its page was left before the files had gone. Add them again."));
}

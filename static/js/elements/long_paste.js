import { replaceSelection } from "roost/core/caret.js";
import { appOf } from "roost/core/app.js";
import { n, t } from "roost/core/words.js";
import { clone, onAction, part, show, write } from "roost/elements/parts.js";

/** Says that what was pasted, `text` at `at`, may be a block of code or a file, until that is chosen or it is gone. */
export function offerForms(composer, { text: pasted, at, attach, offers }) {
  const { place, store } = appOf(composer);
  const box = part(composer, "box");
  const field = composer.text;
  const text = pasted.replaceAll("\r\n", "\n");
  const lines = text.trimEnd().split("\n").length;
  const isTooLong = [...text].length > store.textLimit;
  part(box, "long-paste")?.remove();
  if (find(field, text, at) < 0 || (isTooLong && !offers())) return;
  const offer = clone("long-paste-template");
  const said = isTooLong ? t("That is more than a message holds.") : n("{count} line pasted.", "{count} lines pasted.", lines);
  write(part(offer, "pasted"), said);
  show(part(offer, "as-code"), !isTooLong);
  show(part(offer, "as-file"), offers());
  box.prepend(offer);
  const stop = new AbortController();
  const end = () => {
    stop.abort();
    offer.remove();
  };
  const change = (make) => {
    const from = find(field, text, at);
    end();
    composer.focus();
    field.setSelectionRange(from, from + text.length);
    replaceSelection(field, make(field.value.slice(0, from)));
  };
  onAction(offer, {
    "paste-code": () => change((before) => fenced(text, before)),
    "paste-file": () => {
      change(() => "");
      attach([new File([text], t("Pasted text") + ".txt", { type: "text/plain" })]);
    },
    "paste-text": () => {
      end();
      composer.focus();
    },
  });
  field.addEventListener("input", () => find(field, text, at) < 0 && end(), { signal: stop.signal });
  const stopMoving = place.on("moved", end);
  stop.signal.addEventListener("abort", stopMoving);
}

/** Where it stands now: what comes before it may have become longer. */
function find({ value }, text, at) {
  return value.startsWith(text, at) ? at : value.indexOf(text);
}

/** A fence longer than any inside, on lines of its own. */
function fenced(text, before) {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  const start = before === "" || before.endsWith("\n") ? "" : "\n";
  return `${start}${fence}\n${text.replace(/\n+$/, "")}\n${fence}\n`;
}

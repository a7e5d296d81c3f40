import { calledNow, lineOf } from "roost/elements/body.js";
import { fillEgg } from "roost/elements/egg.js";
import { clone, part, show, write } from "roost/elements/parts.js";
import { pathOf } from "roost/core/place.js";
import { t } from "roost/core/words.js";

/** What tells two states of the quote of message `number` apart. `scene` is {room, me, people, blocked}. */
export function signsOfQuote(number, scene) {
  const quoted = number && scene.room.quote(number);
  if (!quoted) return [number];
  const { name, avatar } = scene.people.get(quoted.author) ?? {};
  return [number, quoted.seq, name, avatar, scene.blocked.has(quoted.author), ...calledIn(quoted, scene)];
}

/** Whom a message mentions, as they are called now. */
export function calledIn({ mentions = [] }, { people }) {
  return mentions.map((id) => people.get(id)).map((person) => person && calledNow(person));
}

/** Lets `item` have one line of message `number`, which it answers, above its text; null: it answers none. */
export function fillQuote(item, number, scene) {
  if (number === null) return part(item, "quote")?.remove();
  if (!part(item, "quote")) part(item, "body").before(clone("quote-template"));
  const quote = part(item, "quote");
  const { author, line } = quotedIn(number, scene);
  quote.href = pathOf(scene.room, number);
  quote.dataset.quotes = number;
  show(part(quote, "quote-who"), author !== null);
  if (author) fillEgg(part(quote, "egg"), author);
  write(part(quote, "quote-author"), author?.name ?? "");
  write(part(quote, "quote-line"), line);
}

/** What is shown of message `number`: {author, line}. `author` is null where the reader does not want to see them, or nobody knows. */
export function quotedIn(number, scene) {
  const quoted = scene.room.quote(number);
  const author = scene.people.get(quoted?.author) ?? null;
  if (!author) return { author, line: "…" };
  if (scene.blocked.has(author.id)) return { author: null, line: t("From somebody you blocked.") };
  return { author, line: quoted.removed ? traceOf(quoted) : lineOf(quoted.html ?? "", scene) };
}

/** What stands in the place of a message that was removed. */
export function traceOf({ removed_by: by }) {
  return by ? t("Removed by a moderator.") : t("Message deleted.");
}

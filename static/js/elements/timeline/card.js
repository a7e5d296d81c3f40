import { clone, part, write } from "roost/elements/parts.js";

const WORDS = ["site", "date", "title", "text"];

/** Puts what the first link of a message leads to under it; null: nothing. */
export function setCard(item, card) {
  const before = part(item, "card");
  if (!card) return before?.remove();
  const element = before ?? clone("card-template");
  element.classList.toggle("card--post", card.kind === "post");
  part(element, "card-link").href = card.url;
  for (const name of WORDS) write(part(element, `card-${name}`), card[name] ?? "");
  if (!before) part(item, "body").after(element);
}

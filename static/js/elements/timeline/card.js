import { clone, part, write } from "roost/elements/parts.js";

const WORDS = ["site", "date", "title", "text"];

/** Puts what the first link of a message leads to under it; null: nothing. */
export function setCard(item, card) {
  part(item, "card")?.remove();
  if (!card) return;
  const element = clone("card-template");
  element.classList.toggle("card--post", card.kind === "post");
  part(element, "card-link").href = card.url;
  for (const name of WORDS) write(part(element, `card-${name}`), card[name] ?? "");
  part(item, "body").after(element);
}

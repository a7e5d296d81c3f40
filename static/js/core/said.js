/** What a message is to its readers. */

/** Whether it mentions somebody, by name or, as @all and @here do, together with others. */
export function isFor({ author, mentions, told }, id) {
  if (mentions?.includes(id)) return true;
  return author !== id && (told === "all" || Boolean(told?.includes(id)));
}

/** Whether it is what its author does: their name is the beginning of it. */
export function isAct({ kind }) {
  return kind === "me";
}

/** Its text where it stands among others, with the name of who wrote it. */
export function said(message, name) {
  const words = saidIn(message);
  return isAct(message) ? `${name} ${words}` : `${name}: ${words}`;
}

/** What a message says in a line; where it has no words, what its files are called. */
export function saidIn({ text = "", files = [] }) {
  return text || files.map(({ name }) => name).join(", ");
}

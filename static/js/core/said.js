/** What a message says in a line; where it has no words, what its files are called. */
export function saidIn({ text = "", files = [] }) {
  return text || files.map(({ name }) => name).join(", ");
}

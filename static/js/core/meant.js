import { beginsWith, fold } from "roost/core/folding.js";

const MOST = 8;

/**
 * Whom of those this page knows `prefix` may mean, who spoke last in the room first: people whose handle, or any word of
 * whose name, begins so. `found` are people whom the server named before, who did not speak here. Nobody of the `blocked`
 * ids is meant.
 */
export function peopleMeant(prefix, { speakers, people, found, me, blocked }) {
  const folded = fold(prefix);
  const known = [...speakers.map((id) => people.get(id)), ...found.map(({ id }) => people.get(id))];
  const meant = known.filter(
    (person) => person && person.id !== me && !blocked.has(person.id) && !person.imported && !person.former && beginsWith(folded, [person.handle, person.name]),
  );
  return [...new Set(meant)].slice(0, MOST);
}

/** The rooms that `prefix` may mean: whose name begins so first, then those with such a word in it. */
export function roomsMeant(prefix, rooms) {
  const folded = fold(prefix);
  const meant = rooms.filter((room) => beginsWith(folded, [room.name, room.slug]));
  const first = meant.filter((room) => fold(room.name).startsWith(folded));
  return [...new Set([...first, ...meant])].slice(0, MOST);
}

/** Those that are shown, and behind them whoever else of `more` has a place: nothing moves under the pointer. */
export function withMore(shown, more) {
  const ids = new Set(shown.map(({ id }) => id));
  return [...shown, ...more.filter(({ id }) => !ids.has(id))].slice(0, MOST);
}

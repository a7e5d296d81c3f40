import { isNew } from "roost/core/loudness.js";
import { talksOf } from "roost/core/talks.js";

/** Before "More" is pressed, besides those with something new: as app/handlers/sidebar.py. */
const MOST_TALKS = 12;

/**
 * What the sidebar lists, in its order: {favourites, rooms, talks}. Rooms stand by name, talks as core/talks.js has them.
 * Hidden ones are listed while something new makes them stand out, or while they are `open`.
 */
export function listsOf(store, { open = null, hasDraft } = {}) {
  const isListed = (room) => !room.hidden || room.id === open || isNew(store, room);
  const [rooms, talks] = [store.sorted, talksOf(store, { open, hasDraft })].map((all) => all.filter(isListed));
  const others = ({ favourite }) => !favourite;
  return {
    favourites: [...rooms, ...talks].filter(({ favourite }) => favourite),
    rooms: rooms.filter(others),
    talks: talks.filter(others),
  };
}

/** All that the sidebar lists. */
export function listedIn(store, open = null) {
  return Object.values(listsOf(store, { open })).flat();
}

/** Of the talks that are listed those that are shown before "More" is pressed. */
export function firstOf(store, talks, open = null) {
  return talks.filter((room, place) => place < MOST_TALKS || room.id === open || isNew(store, room));
}

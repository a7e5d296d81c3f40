import { placesOf, scoreOf } from "roost/core/fuzzy.js";

const SIGNS = { "#": ["rooms"], "@": ["talks", "people"] };
const MOST_OF_A_KIND = 7;
const MOST_OF_ONE = 30;

/**
 * What `query` may mean, in groups {kind, jumps}, each and all of them the best first. `things` are lists by kind: rooms,
 * talks, people, actions; a thing is {name, also, …} and is found by either of the two. A jump is a thing with the `places`
 * of the letters that were found in its name, or else those `alsoPlaces`. # and @ before the rest narrow to rooms, or to
 * talks and people.
 */
export function jumpsFor(query, things) {
  const only = SIGNS[query[0]];
  const words = (only ? query.slice(1) : query).trim();
  const most = only ? MOST_OF_ONE : MOST_OF_A_KIND;
  const kinds = Object.keys(things).filter((kind) => !only || only.includes(kind));
  const groups = kinds.map((kind) => ({ kind, jumps: best(things[kind], words, most) }));
  return groups.filter(({ jumps }) => jumps.length > 0).sort((one, other) => other.jumps[0].score - one.jumps[0].score);
}

function best(things, words, most) {
  const found = things.map((thing) => ({ thing, score: scoreFor(thing, words) })).filter(({ score }) => score !== null);
  if (words !== "") found.sort((one, other) => other.score - one.score);
  return found.slice(0, most).map(({ thing, score }) => ({ ...thing, score, ...placesFor(thing, words) }));
}

function scoreFor({ name, also }, words) {
  const scores = [name, also].map((text) => (text ? scoreOf(words, text) : null)).filter((score) => score !== null);
  return scores.length > 0 ? Math.max(...scores) : null;
}

function placesFor({ name, also }, words) {
  const score = scoreOf(words, name);
  const byName = score !== null && !(also && scoreOf(words, also) > score);
  return { places: byName ? placesOf(words, name) : [], alsoPlaces: byName ? [] : placesOf(words, also) };
}

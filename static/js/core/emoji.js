const AS_EMOJI = /^\uFE0F/;

/** An emoji of one person or hand in a skin tone; app/render/emoji.py makes the same. */
export function toned(emoji, tone) {
  if (!tone) return emoji;
  const [first] = emoji;
  return first + tone + emoji.slice(first.length).replace(AS_EMOJI, "");
}

/** One of `allIn` as it is drawn in a skin tone, where it has one. */
export function inTone({ emoji, tones }, tone) {
  return tones ? toned(emoji, tone) : emoji;
}

/** The list as the server made it, by group: {emoji, names, tones}. */
export function listed(group) {
  return group.map(([emoji, names, tones]) => ({ emoji, names: names.split(" "), tones: tones === 1 }));
}

export function allIn(groups) {
  return Object.values(groups).flatMap(listed);
}

/** A name as people say it. */
export function spoken(name) {
  return name.replaceAll("_", " ");
}

/** The name that somebody searches, as emoji have theirs. */
export function written(query) {
  return query.trim().toLowerCase().replace(/^:|:$/g, "").replace(/[\s_]+/g, "_");
}

/**
 * Those of `all`, {emoji, names}, that a beginning of a name may mean: names that begin so before those with such a word in
 * them, and of each kind the `recent` ones first.
 */
export function emojiMeant(query, all, recent, most) {
  const wanted = written(query);
  const ranked = all.map((each) => ({ each, rank: rankOf(wanted, each, recent) })).filter(({ rank }) => rank !== null);
  return ranked.sort((one, other) => one.rank - other.rank).slice(0, most).map(({ each }) => each);
}

/** Smaller is better; null: it is not meant. */
function rankOf(wanted, { emoji, names }, recent) {
  const used = recent.indexOf(emoji);
  const behind = used < 0 ? recent.length : used;
  if (names.some((name) => name.startsWith(wanted))) return behind;
  return names.some((name) => name.includes(`_${wanted}`)) ? recent.length + 1 + behind : null;
}

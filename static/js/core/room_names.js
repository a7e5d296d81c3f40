const LONGEST = 40;

/**
 * The address that a name makes, as app/chat/room_names.py makes it (tests/test_javascript.py holds the two together); empty
 * when there is no letter and no digit in it.
 */
export function slugOf(name) {
  const text = name.normalize("NFKC").toLowerCase().replaceAll("ß", "ss").replaceAll("ς", "σ").normalize("NFKC");
  const slug = text.split(/[^\p{L}\p{M}\p{N}]+/u).filter(Boolean).join("-");
  const kept = Array.from(slug).slice(0, LONGEST).join("").replace(/^-+|-+$/g, "");
  return /[\p{L}\p{N}]/u.test(kept) ? kept : "";
}

// The page's copy of app/protocol/close_codes.py; tests/test_javascript.py holds the two together.
const OVER = new Set([1000, 1002, 1003, 1007, 1008, 1009]);
const SIGNED_OUT = new Set([3500, 3501]);
const BANNED = 3503;

/** What a connection that was closed with `code` should do: "come-back", "stay-away", "sign-in" or "go". */
export function afterClose(code) {
  if (code === BANNED) return "go";
  if (SIGNED_OUT.has(code)) return "sign-in";
  return OVER.has(code) || (code >= 3500 && code <= 3999) ? "stay-away" : "come-back";
}

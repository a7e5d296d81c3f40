const RANDOM_BYTES = 12;

/**
 * A new id for one send: the time in base 36, then 96 random bits; at most 64 of A-Z a-z 0-9 - _. The time comes first
 * because the server keeps every nonce for ever in one index, which grows at its end then and not all over.
 */
export function makeNonce() {
  const bytes = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES));
  const random = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
  return `${Date.now().toString(36)}-${random}`;
}

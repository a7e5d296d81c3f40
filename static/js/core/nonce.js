/** A new id for one send: 24 characters of A-Z a-z 0-9 - _, 144 random bits. */
export function makeNonce() {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

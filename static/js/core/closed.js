const YEAR = 31_536_000;

/** Remembers in this browser that a part of the page was closed, or opened again: the server draws the page so. */
export function rememberClosed(name, closed) {
  const names = new Set(closedParts());
  if (closed) names.add(name);
  else names.delete(name);
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `closed=${[...names].join(".")}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
}

function closedParts() {
  const [, value = ""] = /(?:^|; )closed=([^;]*)/.exec(document.cookie) ?? [];
  return value.split(".").filter(Boolean);
}

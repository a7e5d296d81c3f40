const { navigator } = globalThis;

/** On Apple's keyboards Cmd does what Ctrl does elsewhere, and Alt is called Option. */
const apple = /^(mac|ip)/i.test(navigator?.userAgentData?.platform || navigator?.platform || "");
const NAMES = { Ctrl: "Cmd", Alt: "Option" };
const SIGNS = { Slash: "/", Period: "." };

/**
 * What was pressed, as "Ctrl+Shift+F": with Ctrl a letter or sign is the one on the key of an English keyboard where the
 * layout writes in another alphabet, and Shift is left out where it only makes the sign.
 */
export function chordOf(event, isApple = apple) {
  const { altKey, ctrlKey, metaKey, shiftKey } = event;
  const [command, other] = isApple ? [metaKey, ctrlKey] : [ctrlKey, metaKey];
  const key = command ? englishKey(event) : event.key;
  const shift = shiftKey && (key.length > 1 || /[A-Z]/.test(key));
  return [other && "other", altKey && "Alt", command && "Ctrl", shift && "Shift", key].filter(Boolean).join("+");
}

/** Names the keys in <kbd> as this keyboard does. */
export function nameKeys(root) {
  if (!apple) return;
  for (const key of root.querySelectorAll("kbd")) key.textContent = NAMES[key.textContent] ?? key.textContent;
}

function englishKey({ code, key }) {
  if (key.length > 1) return key;
  return key < "\x80" ? key.toUpperCase() : (SIGNS[code] ?? code.replace(/^Key/, ""));
}

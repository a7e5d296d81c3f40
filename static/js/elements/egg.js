const TINTS = 12;

/** Makes an egg that was cloned this person's. What looks so already stays: a picture that is put there anew flickers. */
export function fillEgg(egg, person) {
  for (const name of [...egg.classList]) if (name.startsWith("tint-")) egg.classList.remove(name);
  egg.classList.add(`tint-${person.id % TINTS}`);
  const { avatar = null } = person;
  const letters = initials(person);
  if (egg.textContent === letters && (egg.querySelector("img")?.getAttribute("src") ?? null) === avatar) return;
  egg.replaceChildren(letters, ...(avatar ? [picture(avatar)] : []));
}

/** Where a picture does not come the letters below it show. */
export function uncoverLetters() {
  const uncover = (image) => image.matches?.(".egg > img") && image.remove();
  addEventListener("error", ({ target }) => uncover(target), { capture: true });
  for (const image of document.images) if (image.complete && image.naturalWidth === 0) uncover(image);
}

function picture(src) {
  return Object.assign(new Image(), { alt: "", loading: "lazy", decoding: "async", src });
}

/** Letters for an egg: of the first and last word of the name, else of the handle (as app/handlers/rendering.py). */
export function initials({ name, handle }) {
  const letters = name.split(/\s+/).map(firstLetter).filter(Boolean);
  if (letters.length === 0) return (firstLetter(handle) ?? "?").toUpperCase();
  return (letters.length === 1 ? letters[0] : letters[0] + letters.at(-1)).toUpperCase();
}

function firstLetter(word) {
  return word.match(/[\p{L}\p{N}]/u)?.[0];
}

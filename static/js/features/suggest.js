const BEGUN = /[@#]\S*$|:[a-z0-9_+-]{2,}$/;

/** Brings the suggestions when the first @name, #room or :emoji is being written. */
export function suggestNames() {
  const composer = document.querySelector("roost-composer");
  const begin = async () => {
    const { value, selectionStart } = composer.text;
    if (!BEGUN.test(value.slice(0, selectionStart))) return;
    composer.removeEventListener("input", begin);
    try {
      const { Suggestions } = await import("roost/elements/suggestions.js");
      new Suggestions(composer).look();
    } catch {
      // The network has gone: the next name may find it again.
      composer.addEventListener("input", begin);
    }
  };
  composer.addEventListener("input", begin);
}

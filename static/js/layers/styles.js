const loading = new Map();

/** Brings the stylesheet of a layer, which a template holds; resolves when it is in force. */
export function withStyles(template) {
  if (!loading.has(template)) loading.set(template, bring(template));
  return loading.get(template);
}

function bring(template) {
  const link = document.getElementById(template).content.firstElementChild.cloneNode(true);
  return new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", () => {
      // Or it would never be asked for again.
      loading.delete(template);
      link.remove();
      reject(new Error("a stylesheet did not load"));
    });
    document.head.append(link);
  });
}

// Does for node what the page's import map does: roost/x.js is static/js/x.js.
const SCRIPTS = new URL("../../static/js/", import.meta.url);

export function resolve(specifier, context, next) {
  if (!specifier.startsWith("roost/")) return next(specifier, context);
  return { url: new URL(specifier.slice("roost/".length), SCRIPTS).href, format: "module", shortCircuit: true };
}

/** Brings what the page of what is new needs, once it is shown. */
export function bringCatchUp({ place }) {
  const bring = () => place.page === "catch-up" && import("roost/elements/roost-catch-up.js");
  place.on("turned", bring);
  bring();
}

const PAGES = {
  "catch-up": () => import("roost/elements/roost-catch-up.js"),
  search: () => import("roost/elements/roost-search.js"),
  mentions: () => import("roost/elements/roost-mentions.js"),
  saved: () => import("roost/elements/roost-saved.js"),
};

/** Brings what a page over the room needs, once it is shown. */
export function bringPages({ place }) {
  const bring = () => PAGES[place.page]?.();
  place.on("turned", bring);
  bring();
}

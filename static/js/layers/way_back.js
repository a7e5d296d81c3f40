import { part, show } from "roost/elements/parts.js";

/** The one that is offered; what it listens to ends with the next. */
let stop = () => {};

/**
 * The reader follows the quote in `item` to what it is of: a button leads back, while `item` is out of their sight and until
 * they go elsewhere. Either way the focus goes where they go, unless they have put it somewhere.
 */
export function offerWayBack({ place, sight, store }, item) {
  stop();
  const [room, number, offset] = [place.room, Number(item.dataset.number), offsetOf(item)];
  const pill = document.querySelector('[data-part="way-back"]');
  const stops = [sight.on("changed", look), place.on("moved", arrive)];
  let wanted = Number(part(item, "quote").dataset.quotes);
  look();

  function look() {
    show(pill, wanted !== number && !isSeen(number));
    if (!isSeen(wanted) || !isLoose(document.activeElement)) return;
    document.getElementById(`m-${wanted}`).focus({ preventScroll: true });
    if (wanted === number) stop();
  }

  pill.onclick = () => {
    place.remember(room, { number, offset });
    wanted = number;
    show(pill, false);
    history.back();
  };

  function arrive({ room: to, target }) {
    if (to !== room || (target !== wanted && wanted !== number)) stop();
  }

  stop = () => {
    for (const end of stops) end();
    show(pill, false);
  };
}

function isSeen(number) {
  const log = document.querySelector("roost-timeline").getBoundingClientRect();
  const { top, bottom } = document.getElementById(`m-${number}`)?.getBoundingClientRect() ?? {};
  return top < log.bottom && bottom > log.top;
}

/** It went where a link that was followed leaves it. */
function isLoose(element) {
  return element === document.body || element.matches("#room-title, .quote, [data-part=way-back]");
}

function offsetOf(item) {
  const log = document.querySelector("roost-timeline");
  return part(item, "body").getBoundingClientRect().top - log.getBoundingClientRect().top;
}

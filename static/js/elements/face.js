import { fillEgg } from "roost/elements/egg.js";
import { part, show } from "roost/elements/parts.js";

/** Who a talk is with, in the copy of partials/_face.html inside `root`; without a `face` there are several. */
export function fillFace(root, face, { here, idle }) {
  show(part(root, "one"), face !== null);
  show(part(root, "many"), face === null);
  if (face === null) return;
  fillEgg(part(root, "egg"), face);
  const { classList } = part(root, "presence");
  classList.toggle("presence--here", here.has(face.id));
  classList.toggle("presence--idle", idle.has(face.id));
}

import { writtenSize } from "roost/core/sizes.js";
import { t } from "roost/core/words.js";
import { clone, part, parts, show, write } from "roost/elements/parts.js";

const [WIDEST, HIGHEST] = [400, 300];
const TEMPLATES = { image: "file-image-template", video: "file-video-template", audio: "file-audio-template", file: "file-file-template" };

/** Draws what a message brings along, or what is on its way with it. The same files stay as they are: one may be playing. */
export function setFiles(item, files = []) {
  const box = part(item, "files");
  if (files.length === 0) return box?.remove();
  if (box && [...box.querySelectorAll("[data-file]")].map(({ dataset }) => dataset.file).join() === namesOf(files)) return;
  const drawn = clone("files-template");
  for (const file of files) part(drawn, file.kind === "image" ? "pictures" : "others").append(file.url ? drawFile(file) : drawUnsent(file));
  box?.remove();
  part(item, "body").after(drawn);
}

/** In the order in which they are drawn. */
function namesOf(files) {
  const isPicture = ({ kind }) => kind === "image";
  const inOrder = [...files.filter(isPicture), ...files.filter((file) => !isPicture(file))];
  return inOrder.map((file) => (file.url ? file.id : file.nonce)).join();
}

/** templates/partials/_file.html says what of it is filled. */
function drawFile(file) {
  const { id, url, name, size, kind = "file", alt = "" } = file;
  const drawn = clone(TEMPLATES[kind]);
  drawn.dataset.file = id;
  if (kind === "image") return fillPicture(drawn, file);
  for (const called of [part(drawn, "name"), part(drawn, "called")]) write(called, name);
  write(part(drawn, "size"), writtenSize(size));
  Object.assign(part(drawn, "download"), { href: url, download: name });
  for (const player of parts(drawn, "player")) {
    player.src = url;
    player.ariaLabel = alt || name;
  }
  return drawn;
}

function fillPicture(link, { url, thumb = url, name, alt = "", thumb_width: width = WIDEST, thumb_height: height = HIGHEST }) {
  const scale = Math.min(1, WIDEST / width, HIGHEST / height);
  const image = part(link, "image");
  image.width = Math.max(1, Math.round(width * scale));
  image.height = Math.max(1, Math.round(height * scale));
  image.alt = alt || t("Picture: {name}", { name });
  image.src = thumb;
  Object.assign(link, { href: url, title: name });
  show(part(link, "alt"), alt !== "");
  part(link, "alt").title = alt;
  return link;
}

/** elements/on_its_way.js tells how far it is. */
function drawUnsent({ nonce, name, size }) {
  const drawn = clone("unsent-file-template");
  drawn.dataset.file = nonce;
  drawn.dataset.upload = nonce;
  write(part(drawn, "name"), name);
  write(part(drawn, "far"), writtenSize(size));
  return drawn;
}

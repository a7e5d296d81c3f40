import { t } from "roost/core/words.js";

const UNIT = 1_000;
const WHOLE_FROM = 10;

/** 1.8 MB, 212 kB: as app/render/sizes.py writes it. */
export function writtenSize(bytes) {
  if (bytes < UNIT) return t("{size} B", { size: bytes });
  if (bytes < UNIT ** 2) return t("{size} kB", { size: short(bytes / UNIT) });
  if (bytes < UNIT ** 3) return t("{size} MB", { size: short(bytes / UNIT ** 2) });
  return t("{size} GB", { size: short(bytes / UNIT ** 3) });
}

/** Two digits at least, and no more of them behind the point. */
function short(size) {
  return size < WHOLE_FROM ? Math.round(size * 10) / 10 : Math.round(size);
}

import { spoken } from "roost/core/emoji.js";
import { t } from "roost/core/words.js";
import { fillEgg } from "roost/elements/egg.js";
import { clone, drawKind, part, show, write } from "roost/elements/parts.js";

/**
 * What the sign before a name says of what is meant by it: `head` is the part above the list, `label` names the list,
 * `inserted` is what is written, `option` draws one; `outside` tells whether a person is not in the room.
 */
export const KINDS = {
  "@": {
    head: "people-head",
    label: (letters) => (letters ? t("People matching {letters}", { letters }) : t("People")),
    inserted: ({ handle }) => `@${handle}`,
    option: personOption,
  },
  "#": {
    head: "rooms-head",
    label: (letters) => (letters ? t("Rooms matching {letters}", { letters }) : t("Rooms")),
    inserted: ({ slug }) => `#${slug}`,
    option: roomOption,
  },
  ":": {
    head: "emoji-head",
    label: (letters) => t("Emoji matching {letters}", { letters }),
    inserted: ({ id }) => id,
    option: emojiOption,
  },
};

function personOption(person, outside) {
  const option = clone("suggested-person-template");
  fillEgg(part(option, "egg"), person);
  write(part(option, "name"), person.name);
  write(part(option, "handle"), `@${person.handle}`);
  show(part(option, "outside"), outside);
  return option;
}

function roomOption(room) {
  const option = clone("suggested-room-template");
  drawKind(option.querySelector("use"), room);
  write(part(option, "name"), room.name);
  write(part(option, "handle"), room.slug === room.name ? "" : `#${room.slug}`);
  return option;
}

function emojiOption({ id, names }) {
  const option = clone("suggested-emoji-template");
  write(part(option, "emoji"), id);
  write(part(option, "name"), spoken(names[0]));
  write(part(option, "handle"), names.map((name) => `:${name}:`).join(" "));
  return option;
}

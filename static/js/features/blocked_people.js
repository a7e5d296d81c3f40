import { post } from "roost/core/post.js";
import { t } from "roost/core/words.js";
import { fillEgg } from "roost/elements/egg.js";
import { clone, part, show, write } from "roost/elements/parts.js";

/** The settings' list of blocked people, if this is its page: as it is on all devices of the reader. */
export function followBlocked(page, socket) {
  const form = part(page, "blocked");
  if (!form) return;
  const list = part(form, "list");
  const rowOf = ({ id }) => list.querySelector(`[data-person="${id}"]`);
  const draw = () => show(part(form, "nobody"), list.children.length === 0);
  socket.on("event", ({ type, person, blocked }) => {
    if (type !== "person.blocked") return;
    if (!blocked) rowOf(person)?.remove();
    else if (!rowOf(person)) list.append(newRow(person));
    draw();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const row = event.submitter.closest("li");
    const { problem } = await post(form, { person: event.submitter.value });
    if (problem) return page.say(problem);
    row.remove();
    draw();
    part(form, "heading").focus();
    page.say(t("Unblocked"));
  });
}

function newRow(person) {
  const row = clone("blocked-template");
  row.dataset.person = person.id;
  fillEgg(part(row, "egg"), person);
  write(part(row, "name"), person.name);
  write(part(row, "handle"), `@${person.handle}`);
  part(row, "unblock").value = person.id;
  write(row.querySelector(".sr"), ` ${person.name}`);
  return row;
}

import { saidIn } from "roost/core/said.js";
import { t } from "roost/core/words.js";
import { write } from "roost/elements/parts.js";
import { openProfile } from "roost/features/layers.js";

/** What somebody wrote. The one place where the page takes HTML from the wire: the server's renderer made it (SECURITY S26). */
export function fillBody(body, html, scene) {
  body.innerHTML = html;
  for (const sentence of body.querySelectorAll(".said")) write(sentence, t(sentence.textContent));
  drawMentions(body, scene);
}

/** The same where nothing but its words is shown of a message; one without any says what its files are called. */
export function fillSaid(body, message, scene) {
  if (message.html) fillBody(body, message.html, scene);
  else write(body, saidIn(message));
}

/** What somebody wrote as one line of plain text; as app/render/line.py. */
export function lineOf(html, scene) {
  const body = document.createElement("div");
  fillBody(body, html.replace(/<\/?(?:br|li|pre|blockquote)\b/g, " $&"), scene);
  return body.textContent.replace(/\s+/g, " ").trim();
}

/** What a message's HTML holds of people: their handles of now, and the reader's own marked; @all is nobody to show. `scene` is {me, people}. */
export function drawMentions(body, { me, people }) {
  for (const mention of body.querySelectorAll(".mention[data-person]")) {
    const person = people.get(Number(mention.dataset.person));
    if (person) write(mention, calledNow(person));
    mention.role = "button";
    mention.dataset.action = "mentioned";
    mention.classList.toggle("mention--me", Number(mention.dataset.person) === me);
  }
}

/** Former members have no handle any more. */
export function calledNow({ handle, name }) {
  return handle ? `@${handle}` : name;
}

/** A mention that is pressed, or has the focus and Enter, shows who that is. */
export function offerMentioned(root, app) {
  root.addEventListener("click", ({ target }) => open(app, target.closest(".mention[data-person]")));
  root.addEventListener("keydown", (event) => {
    if (!event.target.matches(".mention[data-person]") || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    open(app, event.target);
  });
}

function open(app, mention) {
  const person = mention && app.store.people.get(Number(mention.dataset.person));
  if (person) openProfile(app, person, mention);
}

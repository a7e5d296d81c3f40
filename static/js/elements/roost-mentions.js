import { MessageList } from "roost/elements/message_list.js";

/** The messages that mention the reader. */
class RoostMentions extends MessageList {
  page = "mentions";
  command = "mention.list";
  template = "mention-template";
  topics = ["mentioned"];

  fill(row, room, message) {
    row.classList.toggle("is-new", message.number > room.read);
  }
}

customElements.define("roost-mentions", RoostMentions);

import { app } from "roost/core/app.js";
import { MessageList } from "roost/elements/message_list.js";
import { saveMessage } from "roost/layers/saving.js";

/** The messages that the reader has saved. */
class RoostSaved extends MessageList {
  page = "saved";
  command = "saved.list";
  template = "saved-template";
  topics = ["saved"];
  actions = {
    unsave: ({ dataset }) => saveMessage(app, Number(dataset.room), Number(dataset.number), false),
  };

  fill(row, room, { number }) {
    const button = row.querySelector("[data-action=unsave]");
    Object.assign(button.dataset, { room: room.id, number });
  }
}

customElements.define("roost-saved", RoostSaved);

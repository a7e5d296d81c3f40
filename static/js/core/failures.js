import { t } from "roost/core/words.js";

/** The server answered a command with an error; the fields are those of the wire's Problem. */
export class Refused extends Error {
  constructor({ code, message, sentence = message, values, temporary = false, retry_after: retryAfter = null }) {
    super(t(sentence, values));
    this.code = code;
    this.temporary = temporary;
    this.retryAfter = retryAfter;
  }
}

/** The connection was not there, or went before the answer came: the command may have been done or not. */
export class Disconnected extends Error {
  constructor() {
    super(t("The connection was lost."));
  }
}

/** The connection stands, but no answer came in time. */
export class NoAnswer extends Error {
  constructor() {
    super(t("The server did not answer."));
  }
}

/** Whether this is why a command failed, in words for the person; anything else is our own mistake. */
export function isFailure(problem) {
  return [Refused, Disconnected, NoAnswer].some((kind) => problem instanceof kind);
}

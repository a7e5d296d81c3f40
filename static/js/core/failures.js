/** The server answered a command with an error; the fields are those of the wire's Problem. */
export class Refused extends Error {
  constructor({ code, message, temporary = false, retry_after: retryAfter = null }) {
    super(message);
    this.code = code;
    this.temporary = temporary;
    this.retryAfter = retryAfter;
  }
}

/** The connection was not there, or went before the answer came: the command may have been done or not. */
export class Disconnected extends Error {
  constructor() {
    super("The connection was lost.");
  }
}

/** The connection stands, but no answer came in time. */
export class NoAnswer extends Error {
  constructor() {
    super("The server did not answer.");
  }
}

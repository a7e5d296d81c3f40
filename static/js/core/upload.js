import { Disconnected, NoAnswer, Refused } from "roost/core/failures.js";

const OK = 200;

/**
 * Sends one file to POST /files (docs/protocol.md, "Files"), which keeps one for a nonce however often it is sent. Resolves to
 * the file as the server has it; rejects with Refused, Disconnected or NoAnswer. `progress` hears how many bytes have left. By
 * XMLHttpRequest, since fetch tells nothing of what has left.
 */
export function upload({ room, nonce, name, blob }, { xsrf, progress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const lost = () => reject(new Disconnected());
    request.open("POST", `/files?room=${room}`);
    request.setRequestHeader("X-Xsrftoken", xsrf);
    request.setRequestHeader("X-File-Name", encodeURIComponent(name.toWellFormed?.() ?? name));
    request.setRequestHeader("Idempotency-Key", nonce);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = ({ loaded }) => progress(loaded);
    request.onload = () => {
      const answer = parsed(request.responseText);
      if (request.status === OK && answer) resolve(answer);
      // Something on the way to it answered in its place.
      else reject(answer?.error ? new Refused(answer.error) : new NoAnswer());
    };
    request.onerror = request.onabort = lost;
    signal.addEventListener("abort", () => request.abort());
    request.send(blob);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * The browser's notifications, one for each tag. They are the service worker's where there is one: such a one outlives its
 * page, every tab may take it away, and on a phone there is no other.
 */
export class Board {
  #visit;
  #ours = new Map();

  /** `visit(path)` is called when one is pressed, with the path of its data. */
  constructor(visit) {
    this.#visit = visit;
    navigator.serviceWorker?.addEventListener("message", ({ data }) => data?.visit && visit(data.visit));
  }

  async show(title, options) {
    const registration = await worker();
    if (registration) return registration.showNotification(title, options);
    const note = new Notification(title, options);
    this.#ours.set(options.tag, note);
    note.addEventListener("click", () => {
      note.close();
      window.focus();
      this.#visit(options.data.path);
    });
  }

  /** Takes away those of whose data `isOver` says so. */
  async tidy(isOver) {
    const notes = [...((await (await worker())?.getNotifications()) ?? []), ...this.#ours.values()];
    for (const note of notes) if (isOver(note.data)) note.close();
  }
}

async function worker() {
  const registration = await navigator.serviceWorker?.getRegistration();
  return registration?.active ? registration : null;
}

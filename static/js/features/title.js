/** The tab says which room is open; a dot before it, that something is unread somewhere. */
export function fillTitle({ boot, place, store }) {
  const community = document.title.split(" · ").slice(1).join(" · ");
  const draw = () => {
    const room = store.room(place.room ?? boot.room);
    const unread = [...store.rooms.values()].some((each) => each.unread > 0);
    if (room) document.title = `${unread ? "• " : ""}#${room.name} · ${community}`;
  };
  store.on("rooms", draw);
  place.on("moved", draw);
  draw();
}

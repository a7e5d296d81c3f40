"""People's pictures, from our own address."""

from app.chat import avatars
from app.handlers.base import BaseHandler

KEPT_BY_ONE = "private, max-age=31536000, immutable"
"""In the browser of who is signed in, and nowhere on the way."""


class AvatarHandler(BaseHandler):
    """GET /avatars/<person>/<version>: another picture has another version, and so another address."""

    action = "person.see"

    async def get(self, user_id: str, version: str) -> None:
        avatar = await avatars.show(self.services, int(user_id), version)
        self.set_header("Content-Type", avatar.content_type)
        self.set_header("Cache-Control", KEPT_BY_ONE)
        self.write(avatar.body)

    head = get

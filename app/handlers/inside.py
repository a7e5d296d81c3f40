"""Pages for who is signed in. Anybody else is led to the sign-in page, and by way of X back to what they wanted."""

from urllib.parse import quote

from app.handlers.base import BaseHandler


class InsideHandler(BaseHandler):
    """A GET without a session leads to the sign-in page; what is posted without one is refused."""

    @property
    def wanted_page(self) -> str:
        return self.request.path

    def check_right(self) -> None:
        if self.visitor is None and self.request.method == "GET":
            self.lead_to_the_door()
        else:
            super().check_right()

    def lead_to_the_door(self) -> None:
        self.redirect(f"/login?next={quote(self.wanted_page)}")

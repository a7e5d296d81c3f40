"""Which address leads to which handler."""

from tornado.routing import URLSpec

from app.assets import Assets
from app.handlers.assets import AssetHandler
from app.handlers.commands import CommandHandler
from app.handlers.health import HealthHandler, ReadyHandler
from app.handlers.login import LoginHandler, LogoutHandler
from app.handlers.metrics import MetricsHandler
from app.handlers.pages import ChatHandler, MainHandler, TextHandler, WelcomeHandler
from app.handlers.stream import StreamHandler
from app.handlers.websocket import WebSocketHandler
from app.realtime.readiness import Readiness

NUMBER = "[1-9][0-9]{0,14}"
SLUG = "[a-z0-9-]{1,40}"


def routes(assets: Assets) -> list[URLSpec]:
    readiness = Readiness()
    return [
        URLSpec(r"/", MainHandler),
        URLSpec(r"/chat", ChatHandler),
        URLSpec(rf"/chat/({SLUG})", ChatHandler),
        URLSpec(rf"/chat/({SLUG})/({NUMBER})", ChatHandler),
        URLSpec(r"/welcome", WelcomeHandler),
        URLSpec(r"/login", LoginHandler),
        URLSpec(r"/logout", LogoutHandler),
        URLSpec(r"(?:https?://[^/]+)?/ws", WebSocketHandler),  # an absolute address too: RFC 6455 section 4.2.1
        URLSpec(r"/stream", StreamHandler),
        URLSpec(r"/command", CommandHandler),
        URLSpec(r"/rules", TextHandler, {"template": "rules.html"}),
        URLSpec(r"/privacy", TextHandler, {"template": "privacy.html"}),
        URLSpec(r"/offline", TextHandler, {"template": "offline.html"}),
        URLSpec(r"/healthz", HealthHandler),
        URLSpec(r"/readyz", ReadyHandler, {"readiness": readiness}),
        URLSpec(r"/metrics", MetricsHandler, {"readiness": readiness}),
        URLSpec(r"/static/(.*)", AssetHandler, {"assets": assets}),
    ]

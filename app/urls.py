"""Which address leads to which handler."""

from tornado.routing import URLSpec

from app.assets import Assets
from app.handlers.api.routes import api_routes
from app.handlers.assets import AssetHandler
from app.handlers.avatars import AvatarHandler
from app.handlers.blocked import BlockedHandler
from app.handlers.catch_up import CatchUpHandler
from app.handlers.commands import CommandHandler
from app.handlers.crawlers import RobotsHandler, SitemapHandler
from app.handlers.day import DayHandler
from app.handlers.device import DeviceCodeHandler, DeviceHandler, DeviceRevokeHandler, DeviceTokenHandler
from app.handlers.directory import DirectoryHandler
from app.handlers.files import FileHandler
from app.handlers.first_owner import FirstOwnerHandler
from app.handlers.health import HealthHandler, ReadyHandler
from app.handlers.hooks import HookHandler
from app.handlers.invite import InviteHandler
from app.handlers.login import LoginHandler, LogoutHandler
from app.handlers.mentions import MentionsHandler
from app.handlers.metrics import MetricsHandler
from app.handlers.moderation import ActsHandler, ReportsHandler, RestrainedHandler
from app.handlers.pages import ChatHandler, MainHandler, RoomHandler, TextHandler, WelcomeHandler
from app.handlers.personal_data import DataHandler, DeleteHandler, ExportHandler
from app.handlers.preferences import DevicesHandler, SettingsHandler
from app.handlers.pwa import ManifestHandler, WorkerHandler
from app.handlers.readers import ReadersHandler
from app.handlers.saved import SavedHandler
from app.handlers.search import SearchHandler
from app.handlers.stream import StreamHandler
from app.handlers.team import DoorSettingsHandler, InvitesHandler, QueueHandler
from app.handlers.threads import ThreadHandler, ThreadsHandler
from app.handlers.uploads import UploadHandler
from app.handlers.waiting import WaitingHandler
from app.handlers.webhooks import WebhooksHandler
from app.handlers.websocket import WebSocketHandler
from app.realtime.readiness import Readiness

NUMBER = "[1-9][0-9]{0,14}"
SLUG = "(?:[a-z0-9-]|%(?!00)[0-9A-Fa-f]{2}){1,160}"
"""Of 40 characters, as a browser writes them; a NUL is none that PostgreSQL takes."""
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
VERSION = "[0-9a-f]{16}"
FILE = "[0-9a-f]{32}"


def routes(assets: Assets) -> list[URLSpec]:
    readiness = Readiness()
    return [
        URLSpec(r"/", MainHandler),
        URLSpec(r"/chat", ChatHandler),
        URLSpec(rf"/chat/({SLUG})", RoomHandler),
        URLSpec(rf"/chat/({SLUG})/({NUMBER})", RoomHandler),
        URLSpec(rf"/chat/({SLUG})/({NUMBER})/thread", ThreadHandler),
        URLSpec(rf"/chat/({SLUG})/({DAY})", DayHandler),
        URLSpec(rf"/chat/({SLUG})/live", ReadersHandler),
        URLSpec(rf"/chat/({SLUG})/webhooks", WebhooksHandler),
        URLSpec(r"/catch-up", CatchUpHandler),
        URLSpec(r"/mentions", MentionsHandler),
        URLSpec(r"/search", SearchHandler),
        URLSpec(r"/saved", SavedHandler),
        URLSpec(r"/threads", ThreadsHandler),
        URLSpec(r"/rooms", DirectoryHandler),
        URLSpec(r"/welcome", WelcomeHandler),
        URLSpec(r"/first-owner", FirstOwnerHandler),
        URLSpec(r"/device", DeviceHandler),
        URLSpec(r"/device/code", DeviceCodeHandler),
        URLSpec(r"/device/token", DeviceTokenHandler),
        URLSpec(r"/device/revoke", DeviceRevokeHandler),
        URLSpec(r"/settings", SettingsHandler, {"template": "settings_appearance.html"}),
        URLSpec(r"/settings/notifications", SettingsHandler, {"template": "settings_notifications.html"}),
        URLSpec(r"/settings/devices", DevicesHandler),
        URLSpec(r"/settings/door", DoorSettingsHandler),
        URLSpec(r"/settings/invites", InvitesHandler),
        URLSpec(r"/settings/waiting", QueueHandler),
        URLSpec(r"/moderation", ReportsHandler),
        URLSpec(r"/moderation/log", ActsHandler),
        URLSpec(r"/moderation/people", RestrainedHandler),
        URLSpec(r"/settings/blocked", BlockedHandler),
        URLSpec(r"/settings/data", DataHandler),
        URLSpec(r"/settings/data/export", ExportHandler),
        URLSpec(r"/settings/data/delete", DeleteHandler),
        URLSpec(rf"/avatars/({NUMBER})/({VERSION})", AvatarHandler),
        URLSpec(r"/files", UploadHandler),
        URLSpec(rf"/files/({FILE})", FileHandler),
        URLSpec(rf"/files/({FILE})/thumb", FileHandler, {"thumb": True}),
        URLSpec(r"/login", LoginHandler),
        URLSpec(r"/invite/(.*)", InviteHandler),
        URLSpec(r"/hooks/(.*)", HookHandler),
        URLSpec(r"/waiting", WaitingHandler),
        URLSpec(r"/logout", LogoutHandler),
        URLSpec(r"(?:https?://[^/]+)?/ws", WebSocketHandler),  # an absolute address too: RFC 6455 section 4.2.1
        URLSpec(r"/stream", StreamHandler),
        URLSpec(r"/command", CommandHandler),
        *api_routes(),
        URLSpec(r"/rules", TextHandler, {"template": "rules.html"}),
        URLSpec(r"/privacy", TextHandler, {"template": "privacy.html"}),
        URLSpec(r"/offline", TextHandler, {"template": "offline.html"}),
        URLSpec(r"/manifest.webmanifest", ManifestHandler),
        URLSpec(r"/sw.js", WorkerHandler),
        URLSpec(r"/robots.txt", RobotsHandler),
        URLSpec(r"/sitemap.xml", SitemapHandler),
        URLSpec(r"/healthz", HealthHandler),
        URLSpec(r"/readyz", ReadyHandler, {"readiness": readiness}),
        URLSpec(r"/metrics", MetricsHandler, {"readiness": readiness}),
        URLSpec(r"/static/(.*)", AssetHandler, {"assets": assets}),
    ]

"""What somebody chose in the settings, the same on all their devices."""

from collections.abc import Mapping
from typing import Any

import msgspec

from app.chat.events import publish_to_peers
from app.errors import BadPreference
from app.models import Preferences, Visitor
from app.protocol.peers import PreferencesSaved
from app.services import Services
from app.storage import preferences as preference_rows

KINDS = {field.name: field.type for field in msgspec.structs.fields(Preferences)}


async def change(services: Services, visitor: Visitor, given: Mapping[str, str]) -> Preferences:
    """Set those that are given, as a form gives them: values by name, in text. Raises BadPreference."""
    chosen = understood(given)
    preferences = await services.store.write(preference_rows.change, visitor.user.id, chosen)
    publish_to_peers(services, 0, PreferencesSaved(user=visitor.user.id, preferences=preferences))
    return preferences


def understood(given: Mapping[str, str]) -> dict[str, Any]:
    try:
        return {name: msgspec.convert(text, KINDS[name], strict=False) for name, text in given.items()}
    except (KeyError, msgspec.ValidationError):
        raise BadPreference from None

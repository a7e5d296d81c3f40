from app.models import Preferences, Token, User
from app.storage import tokens
from app.storage.store import Store


async def test_a_token_is_found_by_its_hash_with_its_person(store: Store, ada: User) -> None:
    token = await store.write(tokens.create, ada.id, "weather bot", "hash a", 10)
    assert token == Token(token.id, ada.id, "weather bot", 10)
    assert await store.read(tokens.find, "hash a") == (token, ada, Preferences())
    assert await store.read(tokens.find, "hash b") is None

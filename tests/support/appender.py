"""A process that appends as fast as it can and prints each message once it is acknowledged, for tests that kill it.

python -m tests.support.appender URL
"""

import asyncio
import sys

from app.models import User
from app.storage.store import Store
from tests.support.storage import new_message, open_fresh, person

SENDERS = 16


async def append_for_ever(url: str) -> None:
    store = await open_fresh(url)
    ada = await person(store, "ada")
    await asyncio.gather(*[send_for_ever(store, ada) for _ in range(SENDERS)])


async def send_for_ever(store: Store, author: User) -> None:
    while True:
        message = (await store.log.append(new_message(author))).message
        sys.stdout.write(f"{message.nonce} {message.number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(append_for_ever(sys.argv[1]))

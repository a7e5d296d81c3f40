"""What people are called."""

from app.protocol.events import Message, Person


def name_of(person: Person) -> str:
    """As they wrote it, and of a bot that it is one: `safe_text` is for whoever shows it."""
    name = person.name or person.handle
    return f"{name} (bot)" if person.bot else name


def files_of(message: Message) -> str:
    return ", ".join(file.name for file in message.files)

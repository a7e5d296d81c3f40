"""What people are called."""

from app.protocol.events import Message, Person


def name_of(person: Person) -> str:
    """As they wrote it: `safe_text` is for whoever shows it."""
    return person.name or person.handle


def files_of(message: Message) -> str:
    return ", ".join(file.name for file in message.files)

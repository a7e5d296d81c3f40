"""Programs that talk to a Roost server: a library for asyncio, and the command `roost` (docs/clients.md)."""

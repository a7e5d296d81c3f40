"""Why something was not fetched."""


class NotFetched(Exception):
    """Base of the others. What it says is for the log of whoever runs the server."""


class Refused(NotFetched):
    """The guard leads nobody there: not over the web, to another port, or to an address that is not public."""


class Nothing(NotFetched):
    """It was asked for, and there is nothing there that could be shown."""


class Unreachable(NotFetched):
    """Nobody answered in time, or the answer was that of a server in trouble: it may be otherwise later."""


class Crowded(Unreachable):
    """Others kept it from being begun, so it says nothing of who was to be asked."""

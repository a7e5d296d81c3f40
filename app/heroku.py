"""What a new app on Heroku lacks, and the command that sets each. Nothing of it can be told by the code alone."""

from collections.abc import Mapping

from app.secret_key import HOW_TO_MAKE

YOUR_APP = "https://your-app.herokuapp.com"
"""Stands for the app's address, which has something random in it."""

NEEDED = {
    "PUBLIC_URL": f"heroku config:set PUBLIC_URL={YOUR_APP}",
    "SECRET_KEY": f"heroku config:set SECRET_KEY=$({HOW_TO_MAKE})",
    "DATABASE_URL": "heroku addons:create heroku-postgresql:essential-0",
}
"""Without these nothing works. A database file is no way out: a dyno loses its files every day."""

FOR_SIGN_IN = {
    "TWITTER_CONSUMER_KEY": "heroku config:set TWITTER_CONSUMER_KEY=key-of-your-app",
    "TWITTER_CONSUMER_SECRET": "heroku config:set TWITTER_CONSUMER_SECRET=secret-of-your-app",
}
"""Without these nobody can sign in."""


def lacking(commands: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """The commands of those variables that are not set. An empty value counts as not set."""
    return {name: command for name, command in commands.items() if not environ.get(name, "").strip()}

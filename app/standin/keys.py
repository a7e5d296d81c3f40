"""What a client must be given to talk to the stand-in instead of X."""

from urllib.parse import urlsplit

import msgspec

from app.settings import Settings

CONSUMER_KEY = "stand-in-for-X"
# Not a secret: it is the same on every computer. Its characters are those that a careless percent-encoding gets wrong.
CONSUMER_SECRET = "the+same/on=every~computer&100%25"


def pointed_at_standin(settings: Settings, base_url: str) -> Settings:
    """The settings with X's addresses replaced by those of a stand-in whose routes start at `base_url`.

    For example `http://127.0.0.1:5000/standin`. Keys that are set stay; the stand-in's own fill in for missing ones.
    """
    base, parts = base_url.rstrip("/"), urlsplit(base_url)
    return msgspec.structs.replace(
        settings,
        twitter_consumer_key=settings.twitter_consumer_key or CONSUMER_KEY,
        twitter_consumer_secret=settings.twitter_consumer_secret or CONSUMER_SECRET,
        twitter_request_token_url=f"{base}/oauth/request_token",
        twitter_authenticate_url=f"{base}/oauth/authenticate",
        twitter_access_token_url=f"{base}/oauth/access_token",
        twitter_profile_v2_url=f"{base}/2/users/me",
        twitter_profile_v1_url=f"{base}/1.1/account/verify_credentials.json",
        twitter_picture_origin=f"{parts.scheme}://{parts.netloc}",
    )

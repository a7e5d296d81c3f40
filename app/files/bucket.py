"""Files in a bucket of whatever speaks S3."""

import shutil
import tempfile
import weakref
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from app.errors import FilesAway, NotFound
from app.files.blobs import Blob, Blobs, note_failure
from app.files.disk import aside
from app.values import is_loopback_host

PART = 1024 * 1024
"""Bytes of one request for a part of a file: a reader on a slow line holds none open for long."""
PARTS_AT_ONCE = 2
"""Of one file on its way in, 5 MB each."""
CONNECT_SECONDS, REQUEST_SECONDS, PATIENCE = 5, 30, 20
"""To reach the bucket, for one request, and how long it is tried again."""
USUAL_REGION = "us-east-1"
"""What others than Amazon call theirs."""


class BucketBlobs(Blobs):
    """Each is an object. On this machine there is only what is on its way in."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        bucket, _, folder = parts.path.strip("/").partition("/")
        scheme = "http" if is_loopback_host(parts.hostname or "") else "https"
        self._store = S3Store(
            bucket,
            prefix=folder or None,
            endpoint=f"{scheme}://{parts.netloc.rpartition('@')[2]}",
            access_key_id=unquote(parts.username or ""),
            secret_access_key=unquote(parts.password or ""),
            region=parse_qs(parts.query).get("region", [USUAL_REGION])[0],
            virtual_hosted_style_request=False,
            client_options={
                "allow_http": scheme == "http",
                "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
                "timeout": timedelta(seconds=REQUEST_SECONDS),
            },
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=PATIENCE)},
        )
        # By a name that nobody else on this machine can have made before.
        self.staging = Path(tempfile.mkdtemp(prefix="roost-incoming-"))
        weakref.finalize(self, shutil.rmtree, self.staging, ignore_errors=True)

    async def put(self, key: str, path: Path) -> None:
        with explained():
            await obstore.put_async(self._store, key, path, max_concurrency=PARTS_AT_ONCE)
        await aside(path.unlink)

    async def open(self, key: str) -> Blob:
        with explained():
            return BucketBlob(self._store, key, (await obstore.head_async(self._store, key))["size"])

    async def drop(self, key: str) -> None:
        with explained():
            try:
                await obstore.delete_async(self._store, key)
            except FileNotFoundError:
                return


class BucketBlob(Blob):
    def __init__(self, store: S3Store, key: str, size: int) -> None:
        self._store = store
        self._key = key
        self.size = size

    async def pieces(self, start: int, end: int) -> AsyncIterator[bytes]:
        for begin in range(start, end, PART):
            with explained():
                part = await obstore.get_range_async(self._store, self._key, start=begin, end=min(begin + PART, end))
            yield part.to_bytes()


@contextmanager
def explained() -> Iterator[None]:
    """What the library raises as an error of ours. Its own sentences name the bucket, so they go no further."""
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound from error
    except (BaseError, OSError) as error:
        note_failure(type(error).__name__)
        raise FilesAway from error

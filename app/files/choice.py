"""Files: where bytes are kept, and who makes pictures of them, in one bundle."""

from dataclasses import dataclass, field

from app.errors import SettingsError
from app.files.blobs import Blobs
from app.files.disk import DiskBlobs
from app.files.pictures import Pictures
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Files:
    blobs: Blobs
    pictures: Pictures = field(default_factory=Pictures)


def open_files(settings: Settings) -> Files:
    """What FILES_URL names. Nothing is reached yet. Raises SettingsError when a bucket lacks its library."""
    folder = settings.files_folder
    return Files(in_bucket(settings.files_url) if folder is None else DiskBlobs(folder))


def in_bucket(url: str) -> Blobs:
    try:
        from app.files.bucket import BucketBlobs  # noqa: PLC0415  a library that who has no bucket need not have
    except ImportError:
        problem = "A bucket takes one library more. Run: pip install -r requirements-s3.txt"
        raise SettingsError({"FILES_URL": problem}) from None
    return BucketBlobs(url)

"""Files: where bytes are kept, and who makes pictures of them, in one bundle."""

from dataclasses import dataclass, field

from app.files.blobs import Blobs
from app.files.disk import DiskBlobs
from app.files.pictures import Pictures
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class Files:
    blobs: Blobs
    pictures: Pictures = field(default_factory=Pictures)


def open_files(settings: Settings) -> Files:
    """What FILES_URL names. Nothing is reached yet."""
    folder = settings.files_folder
    assert folder is not None
    return Files(DiskBlobs(folder))

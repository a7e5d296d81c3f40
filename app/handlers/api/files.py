"""Files on their way in: /files, as the page sends them, too."""

from tornado.web import stream_request_body

from app.handlers.api.base import ApiHandler
from app.handlers.uploads import UploadHandler


@stream_request_body
class FilesHandler(ApiHandler, UploadHandler):
    """As at /files, for programs alone."""

    data_received = UploadHandler.data_received

"""Types shared by commands and events, each with its bounds: nothing unbounded crosses the wire (SECURITY S48, S57)."""

from typing import Annotated

import msgspec

BIGGEST = 2**53 - 1
"""The largest integer a browser keeps exactly."""

TEXT_LIMIT = 4_000
"""Characters of one message (DELIVERY D8)."""

DRAFT_LIMIT, DRAFTS_LIMIT = 10_000, 100_000
"""Characters of one draft, which fits a frame however it has to be escaped, and of all drafts of a person."""

FRAME_LIMIT = 65_536
"""Bytes of one command."""

PAGE_LIMIT = 100
"""Messages of one page of history, or people of one page of members."""

PEOPLE_LIMIT = 20
"""People of one search."""

ROOMS_LIMIT = 50
"""Rooms of one page of the directory."""

SLOWEST = 21_600
"""Seconds between two messages of one member in a slow room, at most: six hours."""

LONGEST_MUTE = 10_080
"""Minutes: seven days."""

SEARCH_LIMIT = 500
"""Characters of what somebody searches for."""

HITS_LIMIT = 50
"""Messages of one page of what was found."""

LINE_LIMIT = 200
"""Characters that are told of a message beside one that was found."""

NAME_LIMIT = 50
"""Characters of a name."""

FILES_LIMIT = 10
"""Files of one message."""

ALT_LIMIT = 500
"""Characters of what a picture shows, in words."""

Id = Annotated[int, msgspec.Meta(ge=1, le=BIGGEST)]
FileId = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{32}\Z")]
# More than a message holds, so that the answer has a sentence and is no parser's complaint.
FileIds = Annotated[list[FileId], msgspec.Meta(max_length=PAGE_LIMIT)]
Alts = Annotated[list[Annotated[str, msgspec.Meta(max_length=ALT_LIMIT)]], msgspec.Meta(max_length=FILES_LIMIT)]
# More than fit into a direct room, so that the answer has a sentence and is no parser's complaint.
Ids = Annotated[list[Id], msgspec.Meta(max_length=PAGE_LIMIT)]
Number = Annotated[int, msgspec.Meta(ge=0, le=BIGGEST)]
Seq = Annotated[int, msgspec.Meta(ge=0, le=BIGGEST)]
Ref = Annotated[int, msgspec.Meta(ge=0, le=BIGGEST)]
Time = Annotated[int, msgspec.Meta(ge=0, le=BIGGEST)]
Age = Annotated[int, msgspec.Meta(ge=0, le=BIGGEST)]
Nonce = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9_-]{16,64}\Z")]
# Longer than any, so that the answer has a sentence.
Emoji = Annotated[str, msgspec.Meta(max_length=64)]
Epoch = Annotated[str, msgspec.Meta(max_length=64)]
# A text over the limit must decode, so that the answer is text_too_long with its sentence and not a parser's complaint;
# the frame's 64 KiB bound it.
Text = Annotated[str, msgspec.Meta(max_length=FRAME_LIMIT)]
PageSize = Annotated[int, msgspec.Meta(ge=1, le=PAGE_LIMIT)]
Minutes = Annotated[int, msgspec.Meta(ge=1, le=LONGEST_MUTE)]
Prefix = Annotated[str, msgspec.Meta(max_length=NAME_LIMIT)]
People = Annotated[int, msgspec.Meta(ge=1, le=PEOPLE_LIMIT)]
# Over the limits of a room's texts, so that the answer has a sentence and is no parser's complaint.
RoomText = Annotated[str, msgspec.Meta(max_length=4_000)]
SlowSeconds = Annotated[int, msgspec.Meta(ge=0, le=SLOWEST)]
RoomsSize = Annotated[int, msgspec.Meta(ge=1, le=ROOMS_LIMIT)]
Asked = Annotated[str, msgspec.Meta(max_length=SEARCH_LIMIT)]
HitsSize = Annotated[int, msgspec.Meta(ge=1, le=HITS_LIMIT)]
# East of UTC: from -12 to +14 hours.
Zone = Annotated[int, msgspec.Meta(ge=-720, le=840)]

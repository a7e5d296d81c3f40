"""Everything that can go wrong and be said to somebody.

    RoostError
     +-- BadRequest            bad_request            400
     |    +-- BadCommand       bad_command            400
     |    +-- TextTooLong      text_too_long          400
     |    +-- TextEmpty        text_empty             400
     |    +-- DraftTooLong     draft_too_long         400
     |    +-- BadPreference    bad_preference         400
     |    +-- WrongCode        wrong_code             400
     |    +-- WrongUserCode    wrong_user_code        400
     |    +-- InvalidScope     invalid_scope          400
     |    +-- AuthorizationPending  authorization_pending  400
     |    +-- SlowDown         slow_down              400
     |    +-- AccessDenied     access_denied          400
     |    +-- ExpiredToken     expired_token          400
     |    +-- BadRoomName      bad_room_name          400
     |    +-- RoomTaken        room_taken             400
     |    +-- FileTooLarge     file_too_large         413
     |    +-- FileEmpty        file_empty             400
     |    +-- FileGone         file_gone              400
     |    +-- TooManyFiles     too_many_files         400
     |    +-- PictureTooLarge  picture_too_large      400
     |    +-- PictureBroken    picture_broken         400
     |    +-- BadDate          bad_date               400
     |    +-- MethodUnknown    method_unknown         405
     |    +-- BodyTooLarge     body_too_large         413
     |    +-- NotJson          not_json               415
     |    +-- BodyUnknown      body_unknown           415
     |    +-- UnknownEmoji     unknown_emoji          400
     +-- NotSignedIn           not_signed_in          401
     |    +-- TokenNeeded      token_needed           401
     +-- Forbidden             forbidden              403
     |    +-- InsufficientScope insufficient_scope    403
     |    +-- RoomArchived     room_archived          403
     |    +-- ModeratorsPost   moderators_post        403
     |    +-- MessageRemoved   message_removed        403
     |    +-- EditTooLate      edit_too_late          403
     |    +-- TooManyReactions too_many_reactions     403
     |    +-- DirectRoom       direct_room            403
     |    +-- NobodyLeft       nobody_left            403
     |    +-- NotYet           not_yet                403
     |    |    +-- Muted       muted                  403
     |    |    +-- LinksLater  links_later            403
     |    |    +-- DirectLater direct_later           403
     |    |    +-- FilesLater  files_later            403
     |    +-- Repeated         repeated               403
     |    +-- FilesOff         files_off              403
     |    +-- FilesUsedUp      files_used_up          403
     |    +-- FilesFull        files_full             403
     |    +-- OutboundOff      outbound_off           403
     +-- SignInAgain           sign_in_again          403
     +-- LastOwner             last_owner             409
     +-- TooManyPins           too_many_pins          409
     +-- TooManyRooms          too_many_rooms         409
     |    +-- TooManyTalks     too_many_talks         409
     +-- NotFound              not_found              404
     |    +-- InviteOver       invite_over            404
     +-- TooFast               too_fast               429  temporary
     +-- ReadersFull           readers_full           503  temporary
     +-- Unavailable           unavailable            503  temporary
     +-- StorageFull           storage                503  temporary
     +-- FilesAway             files_away             503  temporary
     +-- SettingsError         settings               500
     |    +-- SettingsMissing  settings_missing       500
     +-- SignInFailed          sign_in                400
          +-- NotInvited       not_invited            403
          +-- MustWait         must_wait              403
          +-- Banned           banned                 403

An error keeps data: `sentence` with a place for each of `values`, so that it can be said in the reader's language;
`message` is what that makes in English. Sentences are safe to show: they never hold a secret, a path or somebody else's
text.
"""

import math
from typing import ClassVar

MOST_SECONDS, MOST_MINUTES, MOST_HOURS = 90, 90, 36
"""Of a wait; a longer one is said in the next unit."""


def said(sentence: str) -> str:
    """Marks a sentence for the catalogues (CONTRIBUTING.md, "Languages"); who knows the reader translates it."""
    return sentence


class RoostError(Exception):
    """Base of all errors with a stable `code`; `temporary` tells a client that the same request may work later."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    temporary: ClassVar[bool] = False
    sentence: str = said("Something broke on our side. It has been written down.")

    @property
    def values(self) -> dict[str, str | int]:
        """What stands in the sentence's {places}. A number is written as the reader's language writes it."""
        return {}

    @property
    def message(self) -> str:
        values = {name: f"{value:,}" if isinstance(value, int) else value for name, value in self.values.items()}
        return self.sentence.format(**values) if values else self.sentence

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait before trying again, or None when waiting does not help or is up to the client."""
        return None

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class BadRequest(RoostError):
    """The request makes no sense as it stands; the sentence says what to change."""

    code = "bad_request"
    status = 400

    def __init__(self, sentence: str, **values: str | int) -> None:
        super().__init__(sentence, values)
        self.sentence = sentence
        self._values = values

    @property
    def values(self) -> dict[str, str | int]:
        return self._values


class BadCommand(BadRequest):
    """A command that does not decode: unknown type, missing or extra field, value out of bounds."""

    code = "bad_command"


class TextTooLong(BadRequest):
    code = "text_too_long"

    def __init__(self, limit: int) -> None:
        sentence = said("A message holds at most {limit} characters. Shorten it, or send it as two.")
        super().__init__(sentence, limit=limit)


class TextEmpty(BadRequest):
    code = "text_empty"

    def __init__(self) -> None:
        super().__init__(said("There is nothing to send yet. Write something first."))


class DraftTooLong(BadRequest):
    """Alone, or with all other drafts of the person."""

    code = "draft_too_long"

    def __init__(self) -> None:
        super().__init__(said("This is more than the server keeps of what is not sent yet. It stays on this device."))


class BadPreference(BadRequest):
    """A setting that does not exist, or not with this value."""

    code = "bad_preference"

    def __init__(self) -> None:
        super().__init__(said("This setting has no such value. Load the page again, then choose from what it offers."))


class WrongCode(BadRequest):
    """Not a code for the first owner, or of a time before there was one."""

    code = "wrong_code"

    def __init__(self) -> None:
        super().__init__(said("This code does not work, or not any more. The newest one is in the server's log."))


class WrongUserCode(BadRequest):
    """No program shows this code: mistyped, answered or run out. The three look alike."""

    code = "wrong_user_code"

    def __init__(self) -> None:
        super().__init__(said("This code does not work, or not any more. Compare it with what the program shows."))


class InvalidScope(BadRequest):
    """Of a program that asks to be let in for what there is not."""

    code = "invalid_scope"

    def __init__(self, known: str) -> None:
        super().__init__(said("A program asks for one of these scopes: {known}."), known=known)


class AuthorizationPending(BadRequest):
    """RFC 8628 section 3.5, as the next three."""

    code = "authorization_pending"

    def __init__(self) -> None:
        super().__init__(said("Nobody has answered yet. Ask again in a few seconds."))


class SlowDown(BadRequest):
    code = "slow_down"

    def __init__(self) -> None:
        super().__init__(said("This was asked too soon. Leave five more seconds between two questions from here on."))


class AccessDenied(BadRequest):
    code = "access_denied"

    def __init__(self) -> None:
        super().__init__(said("Whoever was asked did not let this program in."))


class ExpiredToken(BadRequest):
    """Also for a code that was used, or that nobody was given."""

    code = "expired_token"

    def __init__(self) -> None:
        super().__init__(said("This code is over. Ask for a new one."))


class BadRoomName(BadRequest):
    """A room's name or address that cannot be told from another, or not be read (SECURITY S30)."""

    code = "bad_room_name"


class RoomTaken(BadRequest):
    code = "room_taken"

    def __init__(self, room: str) -> None:
        super().__init__(said("There is a room {room} already. Choose another name."), room=room)


class FileTooLarge(BadRequest):
    code = "file_too_large"
    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(said("A file holds at most {limit} MB here. Send a smaller one."), limit=limit)


class FileEmpty(BadRequest):
    code = "file_empty"

    def __init__(self) -> None:
        super().__init__(said("This file is empty."))


class FileGone(BadRequest):
    """Not there, somebody else's, of another room, or of another message already: the four look alike."""

    code = "file_gone"

    def __init__(self) -> None:
        super().__init__(said("A file of this message is not here any more. Add it again."))


class TooManyFiles(BadRequest):
    code = "too_many_files"

    def __init__(self, limit: int) -> None:
        super().__init__(said("A message holds at most {limit} files."), limit=limit)


class PictureTooLarge(BadRequest):
    """More pixels than are decoded (SECURITY S33)."""

    code = "picture_too_large"

    def __init__(self) -> None:
        super().__init__(said("This picture has more than 40 million pixels. Make it smaller."))


class PictureBroken(BadRequest):
    """It begins like a picture, and is none."""

    code = "picture_broken"

    def __init__(self) -> None:
        super().__init__(said("This picture can’t be read. Save it anew, then add it again."))


class BadDate(BadRequest):
    code = "bad_date"

    def __init__(self, date: str) -> None:
        super().__init__(said("“{date}” is not a date. Write it as year, month and day: 2026-01-31."), date=date)


class MethodUnknown(BadRequest):
    """Of an address of the HTTP API, whose header `Allow` has the others."""

    code = "method_unknown"
    status = 405

    def __init__(self) -> None:
        super().__init__(said("This address does not take this method. The header Allow says which it takes."))


class BodyTooLarge(BadRequest):
    code = "body_too_large"
    status = 413

    def __init__(self, limit: int) -> None:
        super().__init__(said("A body holds at most {limit} bytes here."), limit=limit)


class NotJson(BadRequest):
    """By its Content-Type: what its bytes are is looked at afterwards."""

    code = "not_json"
    status = 415

    def __init__(self) -> None:
        super().__init__(said("Send the body as JSON, with the header Content-Type: application/json."))


class BodyUnknown(BadRequest):
    """Of an incoming webhook, by its Content-Type."""

    code = "body_unknown"
    status = 415

    def __init__(self) -> None:
        super().__init__(said("Send the text as text/plain, as JSON, or as a form with a payload."))


class UnknownEmoji(BadRequest):
    code = "unknown_emoji"

    def __init__(self) -> None:
        super().__init__(said("This is no emoji that can be used here. Choose one from the list."))


class NotSignedIn(RoostError):
    code = "not_signed_in"
    status = 401
    sentence = said("You are signed out. Sign in and try again.")


class TokenNeeded(NotSignedIn):
    """Of the HTTP API, which knows nobody by a cookie."""

    code = "token_needed"
    sentence = said("Send the token of your program in the header Authorization: Bearer TOKEN.")


class Forbidden(RoostError):
    code = "forbidden"
    status = 403
    sentence = said("You may not do this.")


class InsufficientScope(Forbidden):
    """The person may, and the token of their program is not for it."""

    code = "insufficient_scope"
    sentence = said("This program was not let in for this. It takes a token with the scope “{scope}”.")

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope

    @property
    def values(self) -> dict[str, str | int]:
        return {"scope": self.scope}


class RoomArchived(Forbidden):
    code = "room_archived"
    sentence = said("This room is archived: it can be read, and nothing new is posted in it.")


class ModeratorsPost(Forbidden):
    """In a room of announcements."""

    code = "moderators_post"
    sentence = said("Only moderators post in this room.")


class MessageRemoved(Forbidden):
    """What is gone changes no more, and nobody saves it."""

    code = "message_removed"
    sentence = said("This message was removed meanwhile, so nothing can be done with it.")


class OutboundOff(Forbidden):
    """By LINK_CARDS."""

    code = "outbound_off"
    sentence = said("This server asks no site that people name, so there are no outgoing webhooks here.")


class TooManyPins(RoostError):
    code = "too_many_pins"
    status = 409
    sentence = said("There are {most} messages pinned here, and more would not be read. Take one off first.")

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most

    @property
    def values(self) -> dict[str, str | int]:
        return {"most": self.most}


class TooManyRooms(RoostError):
    """Of somebody whom others would bring into one more."""

    code = "too_many_rooms"
    status = 409
    sentence = said("They are in {most} rooms already, so nobody brings them into more. Public ones they can join.")

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most

    @property
    def values(self) -> dict[str, str | int]:
        return {"most": self.most}


class TooManyTalks(TooManyRooms):
    """Of several people, which nobody leaves."""

    code = "too_many_talks"
    sentence = said("One of these people is in {most} talks of several. Write in one of those, or to each alone.")


class EditTooLate(Forbidden):
    code = "edit_too_late"
    sentence = said("A message can be edited for {minutes} min here. This one is older.")

    def __init__(self, minutes: int) -> None:
        super().__init__(minutes)
        self.minutes = minutes

    @property
    def values(self) -> dict[str, str | int]:
        return {"minutes": self.minutes}


class TooManyReactions(Forbidden):
    """Different ones; of each there may be as many as there are people."""

    code = "too_many_reactions"
    sentence = said("A message holds at most {limit} different reactions. Use one that is there.")

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit

    @property
    def values(self) -> dict[str, str | int]:
        return {"limit": self.limit}


class Wait(Exception):
    """Of an error that time cures, in so many `seconds`. `sentences` say so in minutes, hours and days."""

    sentences: ClassVar[tuple[str, str, str]]

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds
        self.sentence, self._values = in_words(seconds, self.sentences)

    @property
    def values(self) -> dict[str, str | int]:
        return self._values

    @property
    def retry_after(self) -> float:
        return round(self.seconds, 3)


class NotYet(Wait, Forbidden):
    """Base of what may be done again, or for the first time, later."""

    code = "not_yet"
    sentences = (
        said("You may do this in {minutes} min."),
        said("You may do this in {hours} h."),
        said("You may do this in {days} d."),
    )


class Muted(NotYet):
    """Reads, and posts nothing."""

    code = "muted"
    sentences = (
        said("You are muted: you can read, and write again in {minutes} min."),
        said("You are muted: you can read, and write again in {hours} h."),
        said("You are muted: you can read, and write again in {days} d."),
    )


class LinksLater(NotYet):
    """New here."""

    code = "links_later"
    sentences = (
        said("You are new here: links open for you in {minutes} min. Send it without a link, or later."),
        said("You are new here: links open for you in {hours} h. Send it without a link, or later."),
        said("You are new here: links open for you in {days} d. Send it without a link, or later."),
    )


class DirectLater(NotYet):
    """New here."""

    code = "direct_later"
    sentences = (
        said(
            "You are new here: you can write to somebody first in {minutes} min. Until then answer, or talk in rooms."
        ),
        said("You are new here: you can write to somebody first in {hours} h. Until then answer, or talk in rooms."),
        said("You are new here: you can write to somebody first in {days} d. Until then answer, or talk in rooms."),
    )


class FilesLater(NotYet):
    """New here."""

    code = "files_later"
    sentences = (
        said("You are new here: you can send files in {minutes} min."),
        said("You are new here: you can send files in {hours} h."),
        said("You are new here: you can send files in {days} d."),
    )


class FilesOff(Forbidden):
    """By MAX_FILE_MB, or because they would be lost (HOSTING H9)."""

    code = "files_off"
    sentence = said("This server takes no files.")


class FilesUsedUp(Forbidden):
    """Of one person (SECURITY S34)."""

    code = "files_used_up"
    sentence = said(
        "Your files take up the {limit} MB that you have here. Remove messages with files: 30 days later there is room "
        "again."
    )

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit

    @property
    def values(self) -> dict[str, str | int]:
        return {"limit": self.limit}


class FilesFull(Forbidden):
    """Of all together."""

    code = "files_full"
    sentence = said("There is no room for more files here. Tell those who run the server.")


class Repeated(Forbidden):
    """The same text again and again."""

    code = "repeated"
    sentence = said("You have posted this several times already. Say it in other words, or let it stand.")


def in_words(seconds: float, sentences: tuple[str, str, str]) -> tuple[str, dict[str, str | int]]:
    """That of three sentences in whose unit a wait is said best: {minutes}, {hours}, {days}; rounded up."""
    minutes = math.ceil(seconds / 60)
    if minutes <= MOST_MINUTES:
        return sentences[0], {"minutes": max(1, minutes)}
    hours = math.ceil(minutes / 60)
    if hours <= MOST_HOURS:
        return sentences[1], {"hours": hours}
    return sentences[2], {"days": math.ceil(hours / 24)}


class DirectRoom(Forbidden):
    """What is done with rooms, but not with these."""

    code = "direct_room"
    sentence = said("This talk is of these people alone: nobody else comes in, nobody leaves, and it has no settings.")


class NobodyLeft(Forbidden):
    """In a direct room."""

    code = "nobody_left"
    sentence = said("Nobody else is here any more: this can be read, and nothing new is written.")


class SignInAgain(RoostError):
    """Allowed, but only soon after signing in: /login?again leads to X and back."""

    code = "sign_in_again"
    status = 403
    sentence = said("This takes a fresh sign-in. Sign in with X once more, then do it within a quarter of an hour.")


class LastOwner(RoostError):
    code = "last_owner"
    status = 409
    sentence = said("Nobody else is owner. Make somebody else an owner first.")


class NotFound(RoostError):
    """Absent, or not for the person who asks: the two look alike on purpose."""

    code = "not_found"
    status = 404
    sentence = said("There is nothing here, or it is not for you.")


class InviteOver(NotFound):
    """Unknown, used up, revoked or over: the four look alike."""

    code = "invite_over"
    sentence = said("This invite link doesn’t work, or not any more. Ask whoever sent it for a new one.")


class TooFast(Wait, RoostError):
    """A rate limit."""

    code = "too_fast"
    status = 429
    temporary = True
    sentences = (
        said("That was too much for now. Try again in {minutes} min."),
        said("That was too much for now. Try again in {hours} h."),
        said("That was too much for now. Try again in {days} d."),
    )

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        if seconds <= MOST_SECONDS:
            self.sentence = said("That was too fast. Try again in {seconds} s.")
            self._values = {"seconds": max(1, math.ceil(seconds))}


class ReadersFull(RoostError):
    """As many public pages are told of what is new as this process takes on."""

    code = "readers_full"
    status = 503
    temporary = True
    sentence = said("Too many people read along just now. Load the page again for what is new.")

    @property
    def retry_after(self) -> float:
        return 60.0


class Unavailable(RoostError):
    """The database cannot be reached; nothing was stored."""

    code = "unavailable"
    status = 503
    temporary = True
    sentence = said("The server cannot reach its database just now. Try again in a moment.")

    @property
    def retry_after(self) -> float:
        return 2.0


class StorageFull(RoostError):
    """The disk is full or failing; nothing was stored, reading goes on."""

    code = "storage"
    status = 503
    temporary = True
    sentence = said("The server's disk is full or failing, so nothing new can be kept. Its operator has been told.")

    @property
    def retry_after(self) -> float:
        return 5.0


class FilesAway(RoostError):
    """What keeps the bytes of files cannot be reached, or fails."""

    code = "files_away"
    status = 503
    temporary = True
    sentence = said("The server cannot reach its files just now. Try again in a moment.")

    @property
    def retry_after(self) -> float:
        return 5.0


class SettingsError(RoostError):
    """Wrong or missing settings, all of them: `problems` maps a variable's name to what is wrong and the cure."""

    code = "settings"

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(problems)
        self.problems = problems

    @property
    def message(self) -> str:
        return "\n".join(f"{name}: {problem}" for name, problem in self.problems.items())


class SettingsMissing(SettingsError):
    """What a new app on a host still lacks, while nothing is wrong. `commands` maps each variable that is needed to the
    command that sets it, `for_sign_in` those without which nobody can sign in; a page can say so on `port`."""

    code = "settings_missing"

    def __init__(self, commands: dict[str, str], for_sign_in: dict[str, str], port: int) -> None:
        super().__init__({name: f"It is missing. Set it with: {command}" for name, command in commands.items()})
        self.commands = commands
        self.for_sign_in = for_sign_in
        self.port = port


class SignInFailed(RoostError):
    """Signing in with X did not work. `kind` says why: cancelled, expired, refused, not_configured, callback, clock or
    unavailable; the sign-in page has a sentence for each."""

    code = "sign_in"
    status = 400
    sentence = said("Signing in with X did not work. Try again.")

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class NotInvited(SignInFailed):
    """The community is by invitation, and nothing lets this person in. Nothing of them is kept."""

    code = "not_invited"
    status = 403
    sentence = said("This community is by invitation. Ask somebody who is in it for an invite link.")

    def __init__(self) -> None:
        super().__init__("not_invited")


class MustWait(SignInFailed):
    """The team lets people in, and was told. `token` is for the cookie by which the browser is known meanwhile."""

    code = "must_wait"
    status = 403
    sentence = said("The people who look after this community let newcomers in. They have been told that you are here.")

    def __init__(self, token: str) -> None:
        super().__init__("must_wait")
        self.token = token


class Banned(SignInFailed):
    """Whoever X named was put out of the community, and comes in by no door."""

    code = "banned"
    status = 403
    sentence = said("You were banned from this community. Nothing that you may do here lets you in again.")

    def __init__(self) -> None:
        super().__init__("banned")

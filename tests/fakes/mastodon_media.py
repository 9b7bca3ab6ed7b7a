"""The fake Mastodon's attachments; taken from its media documentation and the words of its English locale."""

from typing import Any

from tests.fakes import pictures
from tests.fakes.http_fake import Answer, Call, Refused
from tests.fakes.mastodon_access import MastodonAccess
from tests.fakes.mastodon_entities import Grant, Media

MAX_MEDIA = 4
MIME_TYPES = ["image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4"]


class MastodonMedia(MastodonAccess):
    """Takes files, has them polled for, and says which may be attached."""

    media: dict[str, Media]
    description_limit = 1500
    image_size_limit = 16 * 1024 * 1024
    processing_polls = 1
    sync_media = False

    def upload(self, call: Call) -> Answer:
        """Take a file; by default it has to be polled for."""
        grant = self.may(call, "write:media")
        file = call.files.get("file")
        if file is None:
            raise _invalid("File can't be blank")
        kind = pictures.kind_of(file.data)
        if kind not in MIME_TYPES:
            raise _invalid("File content type is invalid, File is invalid")
        if len(file.data) > self.image_size_limit:
            raise _invalid(f"File file size must be less than {self.image_size_limit // 1024 // 1024} MB")
        description = call.form.get("description", [None])[0]
        self._check_description(description)
        sync = self.sync_media and kind.startswith("image")
        polls = 0 if sync else self.processing_polls + 1
        media = Media(self.new_id(), grant.account, kind, file.data, description, polls)
        self.media[media.id] = media
        return Answer(200 if sync else 202, media.entity(self.base_url, ready=sync))

    def media_of(self, call: Call, name: str) -> Answer:
        """Say whether an attachment is processed."""
        media = self._own_media(call, name)
        media.polls -= 1
        return Answer(200 if media.polls <= 0 else 206, media.entity(self.base_url))

    def describe(self, call: Call, name: str) -> Answer:
        """Change the description of an attachment that isn't posted yet."""
        media = self._own_media(call, name)
        given = call.json.get("description") if isinstance(call.json, dict) else call.field("description")
        self._check_description(given)
        media.description = given
        return Answer(200 if media.polls <= 0 else 206, media.entity(self.base_url))

    def attachable(self, grant: Grant, names: Any) -> list[Media]:
        """Return the attachments of these ids, or refuse the post."""
        if not isinstance(names, list) or not names:
            return []
        if len(names) > MAX_MEDIA:
            raise Refused(422, {"error": f"Cannot attach more than {MAX_MEDIA} files"})
        own = {name: each for name, each in self.media.items() if each.account == grant.account and not each.status}
        if lost := [str(name) for name in names if str(name) not in own]:
            raise Refused(422, {"error": f"Media {', '.join(lost)} not found or already attached to another post"})
        found = [own[str(name)] for name in names]
        if len(found) > 1 and any(media.kind.startswith("video") for media in found):
            raise Refused(422, {"error": "Cannot attach a video to a post that already contains images"})
        if any(media.polls > 0 for media in found):
            words = "Cannot attach files that have not finished processing. Try again in a moment!"
            raise Refused(422, {"error": words})
        return found

    def new_id(self) -> str:
        """Return the next id."""
        raise NotImplementedError

    def _own_media(self, call: Call, name: str) -> Media:
        grant, media = self.may(call, "write:media"), self.media.get(name)
        if media is None or media.account != grant.account or media.status:
            raise Refused(404, {"error": "Record not found"})
        return media

    def _check_description(self, description: str | None) -> None:
        if description and len(description) > self.description_limit:
            raise _invalid(f"Description is too long (maximum is {self.description_limit} characters)")


def _invalid(words: str) -> Refused:
    return Refused(422, {"error": f"Validation failed: {words}"})

"""The fake LinkedIn's image uploads; taken from its Images API page: initialize, PUT the bytes, ask until AVAILABLE."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.fakes import pictures
from tests.fakes.http_fake import NO_BODY, Answer, Call
from tests.fakes.linkedin_access import LinkedInAccess, problem

UPLOAD_FOR = timedelta(days=1)


@dataclass
class Image:
    """An image: `polls` is how often asking for it still says PROCESSING once its bytes are there."""

    urn: str
    owner: str
    secret: str
    until: datetime
    polls: int
    status: str = "WAITING_UPLOAD"
    data: bytes = b""


class LinkedInImages(LinkedInAccess):
    """Takes images and says when they may be posted."""

    images: dict[str, Image]
    processing_polls = 1

    def initialize(self, call: Call) -> Answer:
        """Give an address to upload to and the image's URN."""
        grant = self.may(call, "w_member_social", "partnerApiImages.ACTION-initializeUpload")
        if call.parameter("action") != "initializeUpload":
            raise problem(400, "BAD_REQUEST", "the only action is initializeUpload")
        asked = call.json.get("initializeUploadRequest") if isinstance(call.json, dict) else NO_BODY
        if not isinstance(asked, dict) or "owner" not in asked:
            raise problem(400, "MISSING_FIELD", "/initializeUploadRequest/owner :: field is required but not found")
        if asked["owner"] != f"urn:li:person:{grant.person}":
            raise problem(403, "ACCESS_DENIED", "the owner is not the token's member", 100)
        name = secrets.token_hex(8)
        urn, until = f"urn:li:image:D4E10AQ{name}", self.now() + UPLOAD_FOR
        self.images[urn] = Image(urn, asked["owner"], name, until, self.processing_polls)
        value = {"uploadUrlExpiresAt": int(until.timestamp() * 1000), "image": urn}
        return Answer(200, {"value": {**value, "uploadUrl": f"{self.base_url}/dms-uploads/{name}?ca=vector_feedshare"}})

    def receive(self, call: Call, secret: str) -> Answer:
        """Take an image's bytes."""
        self.owner(call)
        image = next((each for each in self.images.values() if each.secret == secret), None)
        if image is None or image.until <= self.now():
            raise problem(400, "EXPIRED_UPLOAD_URL", "the upload address is unknown or has expired")
        if not call.body:
            raise problem(400, "BAD_REQUEST", "no bytes")
        image.data = call.body
        good = pictures.kind_of(call.body) in ("image/png", "image/jpeg", "image/gif")
        image.status = ("PROCESSING" if image.polls else "AVAILABLE") if good else "PROCESSING_FAILED"
        return Answer(201)

    def image(self, call: Call, encoded: str) -> Answer:
        """Say how far an image is."""
        self.may(call, "w_member_social", "partnerApiImages.GET")
        image = self.images.get(encoded.replace("%3A", ":").replace("%3a", ":"))
        if image is None or ":" in encoded:
            raise problem(404, "NOT_FOUND", "no such image; its URN in the path is percent-encoded")
        if image.status == "PROCESSING":
            image.polls -= 1
            image.status = "PROCESSING" if image.polls >= 0 else "AVAILABLE"
        ready = {"downloadUrl": f"{self.base_url}/dms/{image.secret}"} if image.status == "AVAILABLE" else {}
        return Answer(200, {"id": image.urn, "owner": image.owner, "status": image.status, **ready})

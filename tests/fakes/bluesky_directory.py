"""A fake of the one public question that is asked before an approval: whose handle is this? A test's own directory.

As in the lexicon `com.atproto.identity.resolveHandle`: 200 with a DID, or 400 where there is no such account.
"""

from collections.abc import Mapping

from tests.fakes.http_fake import Answer, Call, FakeServer


class Directory(FakeServer):
    """Answers for the handles it was given."""

    routes = (("GET", r"/xrpc/com\.atproto\.identity\.resolveHandle", "resolve"),)

    def __init__(self, dids: Mapping[str, str]) -> None:
        super().__init__()
        self._dids = dids

    @property
    def asked(self) -> list[str]:
        """The handles that it was asked for, in order."""
        return [call.parameter("handle") for call in self.calls()]

    def resolve(self, call: Call) -> Answer:
        did = self._dids.get(call.parameter("handle"))
        if did is None:
            return Answer(400, {"error": "InvalidRequest", "message": "Unable to resolve handle"})
        return Answer(200, {"did": did})

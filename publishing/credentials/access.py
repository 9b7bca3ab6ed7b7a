"""Access tokens: used while they last, renewed before they end, and once more after a platform has refused one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from core.errors import Busy, NotConnected, TryLater, Unknown
from publishing.credentials.port import Credentials, Secret
from publishing.credentials.store import VaultClosed
from publishing.http import SOON

T = TypeVar("T")
Who = tuple[str, str, str]
Renew = Callable[[Who, Secret], Secret]

MARGIN = timedelta(minutes=5)
"""A token that ends sooner is renewed before it is used: an upload and a post may follow."""


class Ended(NotConnected):
    """The access token was refused; nothing was done."""


class Access:
    """The access tokens of one platform's accounts, by (workspace, channel, account)."""

    def __init__(self, credentials: Credentials, clock: Callable[[], datetime], renew: Renew) -> None:
        self._credentials = credentials
        self._clock = clock
        self._renew = renew

    def token(self, who: Who) -> str:
        """Return a token that is good as far as we know. Raises NotConnected, or TryLater where it can't be renewed."""
        return _token(self._lasting(who), who)

    def use(self, who: Who, act: Callable[[str], T]) -> T:
        """Do something with a token; where the platform says that it has ended, with a renewed one, once."""
        secret = self._lasting(who)
        try:
            return act(_token(secret, who))
        except Ended:
            renewed = self._renewed(who, secret)
        return act(_token(renewed, who))

    def _lasting(self, who: Who) -> Secret:
        kept = self._credentials.get(*who)
        if kept.expires_at is None or kept.expires_at - self._clock() > MARGIN:
            return kept  # where its end is not known, the platform will say
        return self._renewed(who, kept)

    def _renewed(self, who: Who, stale: Secret) -> Secret:
        """Renewing comes before the post: where that stays unclear, nothing has left."""
        try:
            return self._credentials.fresh(*who, lambda now: self._renew(who, now), stale=stale)
        except (Unknown, Busy, VaultClosed) as unclear:
            raise TryLater(f"{unclear.message} Nothing was sent.", self._clock() + SOON) from unclear


def _token(secret: Secret, who: Who) -> str:
    if not (token := secret.values.get("access_token")):
        raise NotConnected(f"There is no access token of {who[2]}.", f"Connect it: greenroom channels add {who[1]}")
    return token

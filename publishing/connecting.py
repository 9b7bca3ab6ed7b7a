"""What each channel needs before it can be sent to, as data: the terminal asks for it, docs/channels.md lists it.

A field that is secret goes into the vault, as `Secret.values[name]`; every other one beside the connection, as
`settings[name]`. The account itself is no field: it is the name that proposals and publications carry.
"""

from typing import Literal

from core.base import Noun
from core.errors import BadInput

Kind = Literal["text", "url", "number", "choice"]
"""`url`: https, or http on this machine, since credentials or approved posts go there."""


class Field(Noun):
    """One thing that a channel needs."""

    name: str
    label: str
    secret: bool = False
    required: bool = True
    default: str | None = None
    help: str = ""
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    from_file: bool = False  # too long to be typed
    generated: bool = False  # a signing secret of our own: made at random where none is given, and shown once


class Wanted(Noun):
    """Everything that a channel needs. `account`: what its account is called there, None where there is none to name.

    `says_who`: the platform names the account that credentials belong to, so that other ones can be refused.
    """

    label: str
    account: str | None
    fields: tuple[Field, ...] = ()
    says_who: bool = False

    @property
    def built_in(self) -> bool:
        """Whether there is nothing to connect."""
        return self.account is None

    @property
    def secrets(self) -> tuple[Field, ...]:
        """The fields that go into the vault."""
        return tuple(field for field in self.fields if field.secret)

    @property
    def plain(self) -> tuple[Field, ...]:
        """The fields that are not secret."""
        return tuple(field for field in self.fields if not field.secret)


BLUESKY = Wanted(
    label="Bluesky",
    account="your handle, such as @ines.bsky.social",
    says_who=True,
    fields=(
        Field(name="service", label="Server", kind="url", default="https://bsky.social", help="your PDS"),
        Field(
            name="app_password", label="App password", secret=True, help="Settings, Privacy and security, App passwords"
        ),
    ),
)

MASTODON = Wanted(
    label="Mastodon",
    account="your full address, such as @ines@mastodon.social",
    says_who=True,
    fields=(
        Field(name="server", label="Server", kind="url", help="such as https://mastodon.social"),
        Field(
            name="access_token",
            label="Access token",
            secret=True,
            help="Preferences, Development, New application, with read, write:statuses and write:media",
        ),
    ),
)

WORDPRESS = Wanted(
    label="WordPress",
    account="the site's name, as your audience knows it",
    fields=(
        Field(name="site_url", label="Site", kind="url", help="where WordPress answers: https://blog.example.org"),
        Field(name="user", label="User name", help="a user who may publish"),
        Field(
            name="application_password",
            label="Application password",
            secret=True,
            help="Users, Profile, Application Passwords",
        ),
    ),
)

NEWSLETTER = Wanted(
    label="Newsletter",
    account="the newsletter's name",
    fields=(
        Field(name="host", label="SMTP server"),
        Field(name="port", label="Port", kind="number", default="587"),
        Field(
            name="security",
            label="Encryption",
            kind="choice",
            choices=("starttls", "tls", "none"),
            default="starttls",
            help="`none` only for a server on this machine",
        ),
        Field(name="user", label="User name", required=False),
        Field(name="password", label="Password", secret=True, required=False),
        Field(name="from_address", label="From address"),
        Field(name="from_name", label="From name", required=False, help="without one, the workspace's name"),
        Field(name="reply_to", label="Reply-To address", required=False),
        Field(name="dkim_selector", label="DKIM selector", required=False),
        Field(name="dkim_domain", label="DKIM domain", required=False),
        Field(
            name="dkim_key",
            label="DKIM private key",
            secret=True,
            required=False,
            from_file=True,
            help="in PEM: --secret-file dkim_key=FILE",
        ),
        Field(
            name="list_url",
            label="Public address of this Greenroom",
            kind="url",
            required=False,
            help="where readers confirm and unsubscribe; without one, they leave by mail",
        ),
    ),
)

WEBHOOK = Wanted(
    label="Webhook",
    account="a name of your own for it, such as zapier",
    fields=(
        Field(name="url", label="Address", kind="url", help="what is posted to"),
        Field(
            name="folds_repeats",
            label="Does it fold repeats?",
            kind="choice",
            choices=("no", "yes"),
            default="no",
            help="yes, if it takes each `webhook-id` once: then an unclear answer needs no person",
        ),
        Field(
            name="signing_secret",
            label="Signing secret",
            secret=True,
            generated=True,
            help="whsec_…; the receiver checks signatures with it. One is made if you give none",
        ),
    ),
)

LINKEDIN = Wanted(
    label="LinkedIn",
    account="the name that your audience sees",
    fields=(
        Field(name="author", label="Author URN", help="urn:li:person:… or urn:li:organization:…"),
        Field(
            name="version",
            label="API version",
            required=False,
            help="year and month, such as 202611, once LinkedIn retires the one that this version uses",
        ),
        Field(name="access_token", label="Access token", secret=True),
        Field(
            name="refresh_token",
            label="Refresh token",
            secret=True,
            required=False,
            help="without one you connect anew when the access token ends",
        ),
        Field(name="client_id", label="Client ID", required=False),
        Field(name="client_secret", label="Client secret", secret=True, required=False),
    ),
)

X = Wanted(
    label="X",
    account="your handle, such as @ines",
    says_who=True,
    fields=(
        Field(name="client_id", label="Client ID", help="of your app, with OAuth 2.0"),
        Field(name="client_secret", label="Client secret", secret=True, required=False, help="confidential apps only"),
        Field(
            name="access_token",
            label="Access token",
            secret=True,
            help="with tweet.read, tweet.write, users.read, media.write and offline.access",
        ),
        Field(name="refresh_token", label="Refresh token", secret=True),
    ),
)

SITE = Wanted(label="Own site", account=None)

NEEDS: dict[str, Wanted] = {
    "bluesky": BLUESKY,
    "linkedin": LINKEDIN,
    "mastodon": MASTODON,
    "newsletter": NEWSLETTER,
    "site": SITE,
    "webhook": WEBHOOK,
    "wordpress": WORDPRESS,
    "x": X,
}
"""Channel name -> what it needs."""


def wanted(channel: str) -> Wanted:
    """Return what a channel needs. Raises BadInput for one that can't be connected, with those that can."""
    try:
        return NEEDS[channel.strip().lower()]
    except KeyError:
        raise BadInput(
            f"{channel!r} is no channel that can be connected.", f"These can: {', '.join(sorted(NEEDS))}."
        ) from None

"""Wire payloads: the same draft gives the same bytes, and what a person reads is in them as it is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.canonical import canonical
from core.drafts import Content
from core.errors import BadInput
from core.linkedin import unescape
from publishing import compose
from publishing.site.names import POST_PATH
from publishing.wire.compose import COMPOSERS
from tests.publishing.making import INES, context

DRAFT = Content(
    text="Café ☕ at https://tide.example/a (really) #harbours\n\nTwo *rules* & <b>more</b>.",
    title="The slow harbour",
    subject="What the tide left",
    preheader="Forty minutes",
    summary="A woman and her biscuit tin.",
    tags=("harbours", "#oral history", "harbours"),
)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


@pytest.mark.parametrize("channel", COMPOSERS)
def test_composing_twice_gives_the_same_bytes(channel: str) -> None:
    payload = compose(channel, DRAFT, context())
    assert canonical(payload) == canonical(compose(channel, DRAFT, context()))
    assert json.loads(canonical(payload)) == payload
    assert (payload["channel"], payload["text"]) == (channel, DRAFT.text)
    assert "disclosure" not in payload


def test_the_fields_of_each_channel() -> None:
    fields = {channel: set(compose(channel, DRAFT, context())) - {"channel", "text"} for channel in COMPOSERS}
    assert fields == {
        "bluesky": {"facets", "langs"},
        "mastodon": {"status", "visibility", "language"},
        "linkedin": {"commentary"},
        "x": set(),
        "threads": set(),
        "instagram": set(),
        "newsletter": {"subject", "preheader", "html", "plain"},
        "site": {"path", "guid", "title", "summary", "language", "date", "tags", "html", "page", "provenance"},
        "wordpress": {"title", "content", "excerpt", "slug", "status", "tags", "language"},
        "webhook": {"title", "body"},
        "youtube": {"title", "tags"},
        "shownotes": {"title", "summary", "tags"},
        "carousel": {"summary"},
    }


def test_bluesky_facets_count_bytes() -> None:
    payload = compose("bluesky", DRAFT, context(locale="en-GB"))
    data = payload["text"].encode()
    parts = [data[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode() for facet in payload["facets"]]
    assert (parts, payload["langs"]) == (["https://tide.example/a", "#harbours"], ["en-GB"])


def test_mastodon_says_the_language_without_a_region() -> None:
    payload = compose("mastodon", DRAFT, context(locale="pt-BR"))
    assert (payload["status"], payload["language"], payload["visibility"]) == (DRAFT.text, "pt", "public")


def test_linkedin_escapes_what_would_cut_it() -> None:
    commentary = compose("linkedin", DRAFT, context())["commentary"]
    assert "\\(really\\) \\#harbours" in commentary
    assert unescape(commentary) == DRAFT.text


def test_an_unknown_channel_is_named() -> None:
    with pytest.raises(BadInput, match="gopher"):
        compose("gopher", DRAFT, context())


@pytest.mark.parametrize("channel", COMPOSERS)
def test_a_disclosure_that_the_policy_asks_for_is_in_the_text_before_anyone_approves(channel: str) -> None:
    workspace = INES.model_copy(update={"policy": {"disclosure": "Drafted with software, checked by me."}})
    drafted = compose(channel, DRAFT, context(workspace, provenance={"model": "gpt-x"}))
    own = compose(channel, DRAFT, context(workspace, provenance={"model": "rehearsal"}))
    assert drafted["text"] == DRAFT.text + "\n\nDrafted with software, checked by me."
    assert drafted["disclosure"] == {"ai": True, "line": "Drafted with software, checked by me."}
    assert (own["text"], own["disclosure"]) == (DRAFT.text, {"ai": False, "line": None})
    body = drafted.get("body", {}).get("data", {}).get("html")
    kept = drafted.get("content") or body
    shown = drafted.get("page") or drafted.get("html") or drafted.get("commentary") or kept or drafted["text"]
    assert "Drafted with software, checked by me." in shown


def test_a_disclosure_for_everything_and_one_that_cannot_be_read() -> None:
    always = INES.model_copy(update={"policy": {"disclosure": {"line": "Hi.", "when": "always"}}})
    assert compose("x", DRAFT, context(always))["disclosure"] == {"ai": False, "line": "Hi."}
    with pytest.raises(BadInput, match="disclosure"):
        compose("x", DRAFT, context(INES.model_copy(update={"policy": {"disclosure": {"when": "never"}}})))


def test_newsletter_headers_are_one_line_each() -> None:
    payload = compose(
        "newsletter", DRAFT.model_copy(update={"subject": "Hi\r\nBcc: all@x.example", "preheader": "a\nb"}), context()
    )
    assert (payload["subject"], payload["preheader"]) == ("Hi Bcc: all@x.example", "a b")


def test_newsletter_fills_what_the_draft_leaves_out() -> None:
    payload = compose("newsletter", Content(text="# What the tide left\n\nNobody owns it."), context())
    assert (payload["subject"], payload["preheader"]) == ("What the tide left", "Nobody owns it.")
    assert payload["html"].count("What the tide left") == 1  # the subject alone: the mail repeats no heading


def test_newsletter_html_carries_its_styles_and_no_script() -> None:
    html = compose("newsletter", DRAFT.model_copy(update={"text": "<script>x</script>\n\n> said"}), context())["html"]
    assert "<script" not in html
    assert '<blockquote style="' in html
    assert "http" not in html.replace("https://tide.example/a", "")


def test_a_piece_keeps_its_address_through_revisions_of_its_text() -> None:
    first, second = (compose("site", DRAFT.model_copy(update={"text": text}), context()) for text in ("one", "two"))
    other = compose("site", DRAFT, context(proposal_key="b_2/site/en/1"))
    assert (first["path"], first["guid"]) == (second["path"], second["guid"])
    assert other["path"] != first["path"]
    assert other["guid"] != first["guid"]
    assert first["guid"].startswith("urn:uuid:")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("..", "piece"),
        ("a/b\\c\x00d", "a-b-c-d"),
        ("El puerto no cerró", "el-puerto-no-cerro"),
        ("Тихая гавань", "тихая-гавань"),
        ("المرفأ البطيء", "المرفأ-البطيء"),
        ("静かな港", "静かな港"),
        ("🚢🚢", "piece"),
        ("%2e%2e%2f", "2e-2e-2f"),
        ("CON", "con"),
        ("word " * 40, "word-" * 11 + "word"),
    ],
)
def test_titles_become_safe_names(title: str, slug: str) -> None:
    path = compose("site", DRAFT.model_copy(update={"title": title}), context())["path"]
    assert path.rpartition("-")[0] == f"posts/{slug}"


@given(title=ANY_TEXT, text=ANY_TEXT)
def test_whatever_the_draft_says_the_payload_is_whole(title: str, text: str) -> None:
    payload = compose("site", Content(title=title, text=text, tags=(title,)), context())
    assert POST_PATH.fullmatch(payload["path"])
    assert len(payload["path"].encode()) < 255 + len("posts//index.html")
    assert payload["page"].count("<script") == 1
    assert payload["page"].endswith("</html>\n")
    canonical(payload)


def test_the_title_falls_back_to_the_text() -> None:
    titles = [
        compose("site", Content(text=text), context())["title"]
        for text in ("# A heading #\n\nBody", "Just a **first** line\n\nand more", "word " * 40, "")
    ]
    assert titles == ["A heading", "Just a first line", "word " * 15 + "word…", ""]

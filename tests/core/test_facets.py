import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.facets import facets, mentions, unresolved_mentions

PIECES = [
    "ภาษาไทยที่ดี",
    "हिन्दी में क्षेत्र",
    "👩‍👩‍👧‍👦",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "🇳🇴",
    unicodedata.normalize("NFD", "Åse så é"),
    "שלום",
    "日本語。",
    "plain words",
    "\n",
    "👍🏽",
]
MARKED = {
    "https://example.org/a_(b)?q=1#x": ("link", "uri", "https://example.org/a_(b)?q=1#x"),
    "example.org/path": ("link", "uri", "https://example.org/path"),
    "#PlainLanguage": ("tag", "tag", "PlainLanguage"),
    "#ภาษา": ("tag", "tag", "ภาษา"),
    "#क्षेत्र": ("tag", "tag", "क्षेत्र"),
    "#" + unicodedata.normalize("NFD", "språk"): ("tag", "tag", unicodedata.normalize("NFD", "språk")),
    "@ines.example.org": ("mention", "did", "did:plc:ines"),
}
DIDS = {"ines.example.org": "did:plc:ines"}


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(sorted(MARKED))), max_size=8))
def test_each_facet_cuts_its_own_bytes_out_of_any_script(pairs: list[tuple[str, str]]) -> None:
    text = "".join(f"{piece} {marked} " for piece, marked in pairs)
    found = facets(text, DIDS)
    data = text.encode()
    cut = [data[each["index"]["byteStart"] : each["index"]["byteEnd"]].decode() for each in found]
    assert cut == [marked for _, marked in pairs]
    for each, marked in zip(found, cut, strict=True):
        kind, key, value = MARKED[marked]
        assert each["features"] == [{"$type": f"app.bsky.richtext.facet#{kind}", key: value}]


@given(st.text(st.characters(blacklist_categories=["Cs"])))
def test_facets_of_any_text_are_in_order_apart_and_on_character_borders(text: str) -> None:
    data = text.encode()
    end = 0
    for each in facets(text):
        index = each["index"]
        assert end <= index["byteStart"] < index["byteEnd"] <= len(data)
        data[index["byteStart"] : index["byteEnd"]].decode()
        end = index["byteEnd"]


def test_a_mention_without_a_known_account_stays_plain_text() -> None:
    text = "Thanks @Ines.example.org and @bo.example.net, mail me@example.org or @x@mastodon.example"
    assert [each.handle for each in mentions(text)] == ["Ines.example.org", "bo.example.net"]
    assert [each.handle for each in unresolved_mentions(text, DIDS)] == ["bo.example.net"]
    assert [each["features"][0].get("did") for each in facets(text, DIDS)] == ["did:plc:ines"]


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("See https://example.org.", ["https://example.org"]),
        ("(https://example.org/a)", ["https://example.org/a"]),
        ("[a](https://example.org/a).Next", ["https://example.org/a"]),
        ("read README.md or node.js", []),
        ("write to ines@example.org", []),
        ("https://example.org/#/route #tag", ["https://example.org/#/route", "#tag"]),
        ("#1 in the list, &#39; and a#b", []),
        ("www.example.org and cloud.gov", ["www.example.org", "cloud.gov"]),
        ("http://", []),
        ("見て：https://example.org/日本。次", ["https://example.org/日本"]),
    ],
)
def test_finds_what_a_reader_would_click(text: str, linked: list[str]) -> None:
    data = text.encode()
    assert [data[e["index"]["byteStart"] : e["index"]["byteEnd"]].decode() for e in facets(text)] == linked

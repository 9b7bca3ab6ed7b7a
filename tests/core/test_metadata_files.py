import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from core.metadata_files import Fields, dublin_core, front_matter, json_ld, open_graph, with_given
from core.metadata_files.fields import WrittenName, WrittenTopic

TOPIC = WrittenTopic("medtop:20001253", "cooking and baking", "http://cv.iptc.org/newscodes/mediatopic/20001253")
FIELDS = Fields(
    title="Bread: “slow” & salty",
    seo_title="Slow bread",
    description="Why a loaf wants: a night, #salt and 'time'.",
    slug="slow-bread",
    language="en",
    tags=("sourdough", "yes", "12", "a: b", "naïve, crumb"),
    topics=(TOPIC,),
    audience=("bakers",),
    warnings=("Alcohol",),
    names=(WrittenName("Tartine", "https://tartine.example/?a=1&b=2"),),
    words=400,
    reading_minutes=2,
)
POST = """---
# mine, by hand
title:   'The loaf'   # keep
tags: [bread,   "old ways"]
layout: post
date: 2024-02-03
weird: &a {x: 1}
again: *a
---

Body --- with marks.
"""

_lines = st.text("ab :#'\"-?[]{},&*!|>%@`\\é日\u2028~=", max_size=12)
_fields = st.builds(
    Fields,
    title=_lines,
    seo_title=_lines,
    description=_lines,
    slug=st.from_regex(r"[a-z0-9-]{0,20}", fullmatch=True),
    language=st.sampled_from(["", "en", "ja"]),
    tags=st.lists(_lines.filter(str.strip), max_size=4).map(tuple),
    topics=st.sampled_from([(), (TOPIC,)]),
    audience=st.lists(_lines.filter(str.strip), max_size=2).map(tuple),
    words=st.integers(0, 9),
    reading_minutes=st.integers(0, 9),
)


def test_front_matter_says_back_what_was_written() -> None:
    assert front_matter.read(front_matter.write("Hello.\n", FIELDS)) == front_matter.values(FIELDS)


def test_what_stands_in_front_matter_stays_to_the_byte() -> None:
    made = front_matter.write(POST, FIELDS)
    before, _, after = POST.partition("again: *a\n")
    assert made.startswith(f"{before}again: *a\n") and made.endswith(after)
    said = front_matter.read(made)
    assert said["title"] == "The loaf" and said["tags"] == ["bread", "old ways"]
    assert said["slug"] == "slow-bread" and said["content_warnings"] == ["Alcohol"]
    assert said["topics"] == [{"id": TOPIC.id, "name": TOPIC.name}]
    assert front_matter.write(made, FIELDS) == made


def test_a_key_that_says_the_same_counts() -> None:
    text = "---\nexcerpt: Mine.\npermalink: /loaf/\nkeywords: bread\n---\nHi\n"
    said = front_matter.read(front_matter.write(text, FIELDS))
    assert not {"description", "slug", "tags"} & set(said)
    assert front_matter.said_in(text)["description"] == "Mine."


def test_tags_are_added_to_or_replaced_only_when_asked() -> None:
    added = front_matter.write(POST, FIELDS, existing="add")
    assert front_matter.read(added)["tags"] == ["bread", "old ways", *FIELDS.tags]
    assert front_matter.read(added)["title"] == "The loaf"
    assert "# mine, by hand" in added and "layout: post\n" in added
    assert front_matter.write(added, FIELDS, existing="add") == added
    replaced = front_matter.write(POST, FIELDS, existing="replace")
    assert front_matter.read(replaced)["tags"] == list(FIELDS.tags)
    assert front_matter.read(replaced)["title"] == FIELDS.title
    assert front_matter.write(replaced, FIELDS, existing="replace") == replaced


def test_a_list_in_lines_and_one_by_commas_take_more_tags() -> None:
    block = "---\ntags:\n  - bread\n  # why not\n  - rye\nlayout: post\n---\n"
    assert front_matter.read(front_matter.write(block, Fields(tags=("oats",)), existing="add")) == {
        "tags": ["bread", "rye", "oats"],
        "layout": "post",
    }
    commas = "---\ntags: bread, rye\n---\n"
    assert front_matter.read(front_matter.write(commas, Fields(tags=("Rye", "oats")), existing="add"))["tags"] == [
        "bread",
        "rye",
        "oats",
    ]


def test_line_ends_and_a_mark_at_the_start_stay() -> None:
    made = front_matter.write("\ufeff---\r\ntitle: A\r\n---\r\nHi\r\n", FIELDS)
    assert made.startswith("\ufeff---\r\ntitle: A\r\n") and made.endswith("---\r\nHi\r\n")
    assert "\n" not in made.replace("\r\n", "")
    assert front_matter.body_of(made) == "Hi\r\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("+++\ntitle = 'A'\n+++\n", "TOML"),
        ("---\ntitle: A\n", "never closed"),
        ("---\ntitle: A\n\tb: c\n---\n", "line 3"),
        ("---\n- a\n- b\n---\n", "no list"),
    ],
)
def test_front_matter_that_can_not_be_read_is_left_alone(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        front_matter.write(text, FIELDS, name="a.md")


@settings(max_examples=40, deadline=None)
@given(_fields, st.sampled_from(["", "Hi\n", POST, "---\ntitle: x\n---\n", "a\r\nb"]))
def test_writing_twice_changes_nothing_more_and_loses_nothing(fields: Fields, text: str) -> None:
    made = front_matter.write(text, fields)
    assert front_matter.write(made, fields) == made
    there, now = front_matter.read(text), front_matter.read(made)
    assert {key: now[key] for key in there} == there
    assert front_matter.body_of(made).lstrip() == front_matter.body_of(text).lstrip()


def test_json_ld_says_what_is_known_in_the_words_of_schema_org() -> None:
    made = json_ld.write("", FIELDS)
    said = json_ld.read(made)
    assert said["@type"] == "Article" and said["keywords"] == list(FIELDS.tags)
    assert said["about"][0]["termCode"] == TOPIC.id and said["about"][0]["url"] == TOPIC.url
    assert said["mentions"] == [{"@type": "Thing", "name": "Tartine", "url": "https://tartine.example/?a=1&b=2"}]
    assert said["timeRequired"] == "PT2M"
    assert json_ld.write(made, FIELDS) == made


def test_json_that_stands_beside_stays() -> None:
    old = json.dumps({"headline": "Mine", "author": {"name": "Ines"}, "keywords": ["bread"]})
    kept = json_ld.read(json_ld.write(old, FIELDS))
    assert kept["headline"] == "Mine" and kept["keywords"] == ["bread"] and kept["author"] == {"name": "Ines"}
    assert json_ld.read(json_ld.write(old, FIELDS, existing="add"))["keywords"] == ["bread", *FIELDS.tags]
    assert json_ld.read(json_ld.write(old, FIELDS, existing="replace"))["headline"] == FIELDS.title
    with pytest.raises(BadInput, match="no JSON"):
        json_ld.write("{", FIELDS)


def test_what_the_front_matter_says_of_author_day_and_place_is_written_too() -> None:
    text = "---\nauthor: [Ines, {name: Tomas}]\ndate: 2024-02-03\nurl: https://a.example/b\nlicense: CC0\n---\nHi"
    fields = with_given(FIELDS, front_matter.read(text))
    said = json_ld.read(json_ld.write("", fields))
    assert [each["name"] for each in said["author"]] == ["Ines", "Tomas"]
    assert (said["datePublished"], said["url"], said["license"]) == ("2024-02-03", "https://a.example/b", "CC0")
    assert {("dc:creator", "Ines"), ("dc:date", "2024-02-03")} <= set(dublin_core.read(dublin_core.write("", fields)))
    assert ("og:url", "https://a.example/b") in open_graph.metas(fields)
    odd = with_given(FIELDS, {"date": "next Tuesday", "url": "/b", "author": None})
    assert (odd.published, odd.url, odd.authors) == ("", "", ())


@settings(max_examples=40, deadline=None)
@given(_fields)
def test_dublin_core_says_back_what_was_written(fields: Fields) -> None:
    made = dublin_core.write("", fields)
    assert dublin_core.read(made) == list(dict.fromkeys(dublin_core.elements(fields)))
    assert dublin_core.write(made, fields) == made


def test_dublin_core_that_stands_beside_stays() -> None:
    old = dublin_core.write("", Fields(title="Mine", tags=("bread",)))
    kept = dublin_core.read(dublin_core.write(old, FIELDS))
    assert ("dc:title", "Mine") in kept and ("dc:subject", "sourdough") not in kept
    more = dublin_core.read(dublin_core.write(old, FIELDS, existing="add"))
    assert ("dc:title", "Mine") in more and ("dc:subject", "sourdough") in more and ("dc:subject", "bread") in more
    with pytest.raises(BadInput, match="no XML"):
        dublin_core.write("<a", FIELDS)


@settings(max_examples=40, deadline=None)
@given(_fields)
def test_the_tags_of_a_head_say_back_what_was_written(fields: Fields) -> None:
    made = open_graph.write("", fields)
    assert open_graph.read(made) == open_graph.metas(fields)
    assert open_graph.write(made, fields) == made


PAGE = """<!doctype html>\n<html><HEAD>\n<title>Bread &amp; salt</title>
<meta property="og:title" content="Mine">\n</HEAD><body><p>Hi</p></body></html>\n"""


def test_a_page_gets_what_its_head_lacks_once() -> None:
    made = open_graph.into_page(PAGE, FIELDS)
    assert open_graph.into_page(made, FIELDS) == made
    metas: list[Any] = open_graph.read(made)
    assert [content for name, content in metas if name == "og:title"] == ["Mine"]
    assert ("article:tag", "naïve, crumb") in metas and ("description", FIELDS.description) in metas
    begin, end = made.index(open_graph.BEGIN), made.index(open_graph.END) + len(open_graph.END) + 1
    assert made[:begin] + made[end:] == PAGE
    script = made[made.index('ld+json">') + len('ld+json">') : made.index("</script>")]
    assert json.loads(script)["keywords"] == list(FIELDS.tags)
    assert open_graph.said_in(made) == {"title": "Mine", "description": ""}
    changed = open_graph.into_page(made, FIELDS._replace(tags=("rye",)))
    assert [content for name, content in open_graph.read(changed) if name == "article:tag"] == ["rye"]


def test_no_text_closes_the_script_of_a_page() -> None:
    made = open_graph.into_page(PAGE, Fields(title="</script><script>alert(1)</script>"))
    assert made.count("<script") == 1


def test_a_page_without_a_head_is_left_alone() -> None:
    with pytest.raises(BadInput, match="no head"):
        open_graph.into_page("<p>Hi</p>", FIELDS)


def test_written_yaml_reads_with_any_reader() -> None:
    parts = front_matter.split(front_matter.write("Hi", FIELDS))
    assert yaml.safe_load(parts.yaml)["tags"] == ["sourdough", "yes", "12", "a: b", "naïve, crumb"]

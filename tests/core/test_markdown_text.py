import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.markdown_text import plain


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# A *heading* #\n\nText.", "A heading\n\nText."),
        ("Heading\n=======\nText", "Heading\n\nText"),
        ("**Bold**, __also__, *soft*, _soft too_, ***both***, ~~gone~~", "Bold, also, soft, soft too, both, gone"),
        ("snake_case_name and 2 * 3 * 4 and a*b*c", "snake_case_name and 2 * 3 * 4 and a*b*c"),
        ('a [link](https://example.org/a_(b) "t") here', "a link here"),
        ('a [link][1] and [another][] .\n\n[1]: https://example.org "t"\n', "a link and another ."),
        ("[![A ferry](f.png)](https://example.org)", "A ferry"),
        ("![](f.png)\nText", "Text"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("{% include nav.html %}Hi {{ site.title }}there\n{: .lead #x}\n", "Hi there"),
        ("{::nomarkdown}x{:/}", "x"),
        ("## Head {#anchor}", "Head"),
        ("{% comment %}secret{% endcomment %}seen", "seen"),
        ("<p>One</p><p>Two<br/>three &amp; <b>four</b></p>", "One\n\nTwo\nthree & four"),
        ("<script>alert(1)</script><!-- note -->ok<img src='a' alt='A dog'>", "okA dog"),
        ("git clone <url> <span class='x'>now</span>", "git clone <url> now"),
        ("3 < 4 and <3 and a <- b", "3 < 4 and <3 and a <- b"),
        ("- one\n* two\n+ three\n1. four", "- one\n- two\n- three\n1. four"),
        ("> quoted\n> > twice", "quoted\ntwice"),
        ("a\n\n---\n\n***\n\nb", "a\n\nb"),
        ("```python\nx = a_b_c * 2\n```\nAfter", "x = a_b_c * 2\nAfter"),
        ("Use `**kwargs` and ``{{ x }}``.", "Use **kwargs and {{ x }}."),
        ("| a | b |\n|---|:-:|\n| c | d |", "a, b\nc, d"),
        (r"\*not soft\* and \# no heading", "*not soft* and # no heading"),
        ("A claim.[^1]\n\n[^1]: The source.", "A claim.\n\nThe source."),
        ("one  \r\ntwo\n\n\n\nthree", "one\ntwo\n\nthree"),
        ("[ ] open [x] done [sic]", "[ ] open [x] done [sic]"),
    ],
)
def test_marks_go_and_words_stay(markdown: str, text: str) -> None:
    assert plain(markdown) == text


@given(st.text(st.sampled_from("ab `*_[](){}%<>#!|-\\\n\"'&;:1.\ue000"), max_size=200))
def test_no_text_is_too_broken_to_read(markdown: str) -> None:
    assert plain(markdown) == plain(markdown).strip()


@given(st.lists(st.text(st.sampled_from("abc,éโ "), min_size=1, max_size=20), max_size=5).map("\n\n".join))
def test_plain_words_stay_as_they_are(text: str) -> None:
    paragraphs = [line.rstrip() for line in text.split("\n\n")]
    assert plain(text).split() == " ".join(paragraphs).split()

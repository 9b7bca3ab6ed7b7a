"""Values of a file that name each other: counted as often as they are named."""

from itertools import pairwise

import pytest

from core.bounds import holds_too_much
from core.documents import from_document
from core.errors import BadInput
from core.metadata_files import front_matter

LEVELS = "abcdefghi"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{here}: &{here} [{', '.join([f'*{before}'] * 9)}]\n" for before, here in pairwise(LEVELS)
)


@pytest.mark.parametrize(
    "head",
    [f"{BOMB}title: *i\n", "title: &a [*a]\n", f"title: {chr(91) * 1200}{chr(93) * 1200}\n"],
    ids=["a bomb", "a circle", "a well"],
)
def test_front_matter_that_grows_without_end_is_no_title(head: str) -> None:
    text = f"---\n{head}---\nThe harbour is calm.\n"
    with pytest.raises(BadInput, match="front matter"):
        front_matter.read(text, "x.md")
    with pytest.raises(BadInput, match="front matter"):
        from_document("site", text)


def test_what_is_named_twice_counts_twice_and_no_more() -> None:
    ten = list(range(10))
    assert not holds_too_much({"a": ten, "b": ten}, most=25) and holds_too_much({"a": ten, "b": ten}, most=24)
    assert front_matter.read("---\na: &a [x, y]\ntags: *a\n---\n")["tags"] == ["x", "y"]

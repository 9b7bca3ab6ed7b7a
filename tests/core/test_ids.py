"""Ids: what is made is found again in what people type."""

import pytest

from core.ids import PROPOSAL, WORK, ids_in, new_id


@pytest.mark.parametrize("prefix", [PROPOSAL, WORK])
def test_what_was_made_is_found_in_a_text_in_its_order(prefix: str) -> None:
    one, two = new_id(prefix), new_id(prefix)
    assert ids_in(prefix, f"Put it with {two}, ({one}) or x{one}, {one}0, {prefix}_short.") == [two, one]

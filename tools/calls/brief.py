"""Start a brief."""

from typing import TYPE_CHECKING

from tools.calls.hand import Hand, as_json, card

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


def tool(hand: Hand) -> "BaseTool":
    """Return the tool, bound to one workspace."""
    from langchain_core.tools import tool as make

    @make
    def brief(
        ask: str,
        source: str | None = None,
        channels: list[str] | None = None,
        locales: list[str] | None = None,
        variants: int = 1,
    ) -> str:
        """Draft for the creator's channels from what they want to announce or tell. The drafts wait for a person.

        `ask`: what to announce or tell, in the person's own words. `source`: the id of a past work, or the material
        itself (a transcript, an article). `channels`, `locales`: only if the person named them. `variants`: 1 to 5.
        """
        proposals, notices = hand.start(ask, source=source, channels=channels, locales=locales, variants=variants)
        return as_json({"proposals": [card(proposal) for proposal in proposals], "notices": notices})

    return brief

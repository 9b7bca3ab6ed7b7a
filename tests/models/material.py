"""A small creator for the rehearsal tests: past works, a transcript, and text full of what no post may carry."""

from models.tasks import DraftRequest, PastWork, Source

WORKS = (
    PastWork(
        id="w_tide00000000",
        title="Who owns the tide tables",
        published_at="2024-03-01",
        url="https://harbour.example/tide-tables",
        passages=(
            "The harbour office printed the tide tables until 1987. After that nobody was sure whose job it was. "
            "Marit kept the tide tables in a biscuit tin on the shelf above the stove.\n\n"
            "A boat that trusts last year's table goes aground in this year's mud. "
            "Nobody owns the tide, which is why everyone on the quay writes it down.",
            "The county sent a new table every spring, and every spring Marit found two mistakes in it.",
        ),
    ),
    PastWork(
        id="w_fog000000000",
        title="The fog signal at Ferder",
        published_at="2024-06-14",
        passages=(
            "The fog signal at Ferder sounded twice a minute for eighty years. You could set a clock by it.\n\n"
            "When the signal was switched off in 2005 the dogs on the island barked for two days. "
            "A sound that stops is louder than a sound that starts.",
        ),
    ),
    PastWork(
        id="w_ferry0000000",
        title="A timetable nobody printed",
        published_at="2025-02-02",
        passages=(
            "The small ferry left when Olav had finished his coffee. However, there was a timetable. "
            "The timetable for the ferry hung inside the kiosk, and the kiosk was closed in winter.\n\n"
            "People on the quay learned to watch the window of the kiosk instead of the timetable.",
        ),
    ),
)

DIRTY = """---
title: Notes
---
# A heading that is no sentence at all

{% include figure.html %} The tide gauge at Ferder has kept the height of the sea every hour since 1928.[^1]

```python
print("The gauge must never be read from code like this.")
```

- **The pump** on the [fuel berth](https://harbour.example/pump) gives one litre of diesel for every two strokes.
- However, this one leans on the line before it and should not stand alone.

| height | time |
|---|---|
| The table says nothing | that is a sentence here. |

<figure>The photograph shows a man who must not be quoted from a caption.</figure>

The keeper of the gauge wrote `4.1 litres` of lamp oil into the book on a cold night in April.

[^1]: The footnote must not be quoted as if it were the text itself.
"""

TRANSCRIPT = """**Ines Host:** So what is a fog signal, and why should anybody care about it today?

**Marit Dahl:** \\[01:20\\] A fog signal is a promise that somebody is awake on the island. The keeper at Ferder
slept in his boots for eleven years because of that promise.

**Ines Host:** Right.

**Marit Dahl:** You know, the old signal ran on compressed air from two diesel engines in the cellar. \\[laughter\\]
The engines in the cellar took seven minutes to build enough pressure for the first blast.
"""

ASK = "Announce our walk along the harbour with the tide tables"


def request(channel: str, **changes: object) -> DraftRequest:
    """Return a draft request on the small creator's works."""
    values: dict[str, object] = {
        "ask": ASK,
        "works": WORKS,
        "hashtags": ("harbours", "tide tables", "sea-level"),
        "channel": channel,
        **changes,
    }
    return DraftRequest.model_validate(values)


def sourced(text: str, title: str = "The gauge", **changes: object) -> dict[str, object]:
    """Return the changes for a request with material of its own."""
    return {"source": Source(title=title, text=text), **changes}

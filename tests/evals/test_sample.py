from collections import Counter
from datetime import UTC, datetime

from core.channels import channels
from evals import sample
from memory.importers import collect, read


def test_the_sample_is_a_whole_back_catalogue() -> None:
    harvest = collect([sample.folder()])
    assert harvest.failed == []
    assert Counter(piece.format for piece in harvest.pieces) == {
        "markdown": 9, "jsonl": 8, "feed": 3, "html": 2, "text": 2, "transcript": 2,
    }  # fmt: skip
    first, last = datetime(2024, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    for piece in harvest.pieces:
        assert piece.published_at is not None, piece.source
        assert first <= piece.published_at < last, piece.source
        assert piece.title, piece.source
        assert "notes" not in piece.extra, piece.source


def test_the_sample_keeps_its_voice() -> None:
    """Ines uses neither exclamation marks nor em dashes: what a new user sees should not read machine-made."""
    for piece in collect([sample.folder()]).pieces:
        assert not {"!", "—"} & set(piece.title + piece.body), piece.source
    letters = [piece for piece in collect([sample.folder()]).pieces if piece.format == "markdown"]
    assert all(350 <= len(letter.body.split()) <= 700 and letter.excerpt for letter in letters)
    assert {letter.license for letter in letters} == {"CC BY 4.0"}


def test_the_brief_source_stands_outside_the_works_and_has_one_link() -> None:
    assert sample.folder() not in sample.brief_source().parents
    (piece,) = read(sample.brief_source(), root=sample.brief_source().parent)
    assert piece.title == "Episode 41: The slow harbour"
    assert piece.body.count("https://") == piece.body.count("https://tidewater.example/41") == 1
    assert 900 <= len(piece.body.split()) <= 1200


def test_the_workspace_facts_fit_the_channels() -> None:
    assert (sample.workspace().timezone, sample.workspace().locale) == ("Europe/Oslo", "en")
    assert set(sample.workspace().accounts) <= {channel.name for channel in channels()}

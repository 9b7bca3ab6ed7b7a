from memory.voice.background import load
from memory.voice.portrait import portray
from tests.memory.voices import work, works, write


def test_describes_a_voice_in_sentences_with_their_rates() -> None:
    summary = portray(works("brisk", 20), load()).profile.summary
    assert summary[0].startswith("Sentences average 5 words; ")
    assert "A piece is usually about 200 words long." in summary
    assert any(line.startswith("Often uses exclamation marks (") for line in summary)
    assert "Never uses emoji." in summary
    assert any(line.startswith("Uses contractions (") for line in summary)
    assert any(line.startswith("Speaks as “I” (") for line in summary)


def test_describes_a_quiet_voice_too() -> None:
    summary = portray(works("stately", 20), load()).profile.summary
    assert "Never uses exclamation marks." in summary
    assert any(line.startswith("Avoids contractions (0 per 100 words") for line in summary)
    assert "Hardly ever speaks as “I” or “we”." in summary
    assert any(line.startswith("More abstract nouns (-tion, -ment, -ness …) than others: 1") for line in summary)
    assert any(line.startswith("Fewer “can”, “could” than others: 0 per 100 words (others 0.") for line in summary)


def test_habits_hold_the_counts_behind_their_rates() -> None:
    pieces = works("stately", 12)
    found = {habit.feature: habit for habit in portray(pieces, load()).profile.habits}
    commas = found["commas"]
    assert commas.count == sum(piece.body.count(",") for piece in pieces)
    assert commas.yours == 100 * commas.count / commas.opportunities
    assert commas.text.startswith(f"commas {commas.yours:.1f} per 100 words, others ")


def test_exemplars_are_passages_of_the_works_of_at_most_80_words() -> None:
    pieces = works("plain", 15, words=300)
    exemplars = portray(pieces, load()).profile.exemplars
    bodies = {piece.id: piece.body for piece in pieces}
    assert 3 <= len(exemplars) <= 5
    assert len({exemplar.work_id for exemplar in exemplars}) == len(exemplars)
    for exemplar in exemplars:
        assert exemplar.text in bodies[exemplar.work_id]
        assert 20 < len(exemplar.text.split()) <= 80


def test_short_posts_are_exemplars_as_they_are() -> None:
    pieces = works("brisk", 12, words=25)
    exemplars = portray(pieces, load()).profile.exemplars
    assert exemplars[0].text == pieces[0].body


def test_openings_begin_as_most_works_do() -> None:
    pieces = [work(n, f"Today I opened harbour {n} again. " + write("plain", 60, seed=n)) for n in range(8)]
    pieces += [work(90, "Nobody else was there at dawn. " + write("plain", 60, seed=90))]
    openings = portray(pieces, load()).profile.openings
    assert openings[0] == "Today I opened harbour 0 again."
    assert "Nobody else was there at dawn." in openings


def test_the_profile_is_about_the_language_most_works_are_in() -> None:
    english = works("brisk", 12)
    spanish = [work(50 + n, f"La tetera {n} está junto a la ventana del puerto. " * 5, language="es") for n in range(3)]
    voiceprint = portray([*english, *spanish], load())
    assert (voiceprint.profile.language, voiceprint.profile.works) == ("en", 12)
    assert {name: register.works for name, register in voiceprint.registers.items()} == {"en": 12, "es": 3}


def test_boilerplate_is_not_measured() -> None:
    ending = "\n\nSubscribe! Subscribe now! Never miss a thing! Really!"
    plain = works("plain", 12)
    padded = [work(n, piece.body + ending) for n, piece in enumerate(plain)]
    assert portray(padded, load()).registers == portray(plain, load()).registers


def test_no_works_is_no_voice() -> None:
    profile = portray([work(1, "Too short.")], load()).profile
    assert (profile.works, profile.enough, profile.summary) == (0, False, ())

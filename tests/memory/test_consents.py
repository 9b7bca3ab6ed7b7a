"""Consent: the latest word counts, and what it was revoked for is found wherever it stands."""

from typing import Any

import pytest

from core.drafts import Receipt
from core.errors import BadInput, NotAllowed, Stale
from core.works import Piece
from memory import Memory
from memory.naming import names
from tests.memory.making import brief, waiting

DIGEST = "ab" * 32


def revoke(memory: Memory, subject: str, **more: Any) -> None:
    memory.consents.say("ines", subject, granted=False, by="Ines", **more)


def test_the_latest_word_counts_also_within_one_second(memory: Memory) -> None:
    for granted in (False, True, False):
        memory.consents.say("ines", "person:Marit Vik", granted=granted, by="Ines", note="her mail")
    memory.consents.say("ines", "work:w_1", granted=True, by="Ines")
    latest = memory.consents.list("ines")
    assert [(said.subject, said.granted) for said in latest] == [("person:Marit Vik", False), ("work:w_1", True)]
    assert [said.granted for said in memory.consents.history("ines", "person:Marit Vik")] == [False, True, False]
    assert [entry.kind for entry in memory.ledger.entries()] == ["consent"] * 4
    assert memory.ledger.verify().ok


@pytest.mark.parametrize("subject", ["", "marit", "person:", "person: ", "file:abc", "file:" + "G" * 64, "work:"])
def test_what_consent_is_not_given_for_is_refused(memory: Memory, subject: str) -> None:
    with pytest.raises(BadInput, match="nothing that consent is given for"):
        revoke(memory, subject)


def test_owners_and_editors_change_it_and_nobody_else(memory: Memory) -> None:
    for role in ("editor", "contributor"):
        memory.members.add("ines", role.title(), role, by="Ines", new_secret="a tin without a lid")  # type: ignore[arg-type]
    say = memory.consents.say
    say("ines", "work:w_1", granted=False, by="Editor", secret="a tin without a lid")
    for by, secret in (("Contributor", "a tin without a lid"), ("Editor", None), ("agent", None), ("Tom", None)):
        with pytest.raises(NotAllowed):
            say("ines", "work:w_1", granted=True, by=by, secret=secret)
    assert [said.granted for said in memory.consents.list("ines")] == [False]


def test_a_work_is_found_in_receipts_and_as_the_briefs_source(memory: Memory) -> None:
    memory.briefs.add(brief("b_2").model_copy(update={"source_work_id": "w_1"}))
    cited = waiting(memory, receipts=(Receipt(work_id="w_1", title="Tin", quote="a tin"),))
    made_from = waiting(memory, brief_id="b_2")
    free = waiting(memory, "Free.", receipts=(Receipt(work_id="w_2", title="Fog", quote="fog"),))
    assert [memory.consents.lost(p) for p in (cited, made_from, free)] == [None] * 3
    revoke(memory, "work:w_1")
    said = "Consent to use the past work w_1 was revoked by Ines."
    assert [memory.consents.lost(p) for p in (cited, made_from, free)] == [said, said, None]
    memory.consents.say("ines", "work:w_1", granted=True, by="Ines")
    assert memory.consents.lost(cited) is None


def test_a_picture_is_found_in_every_part_and_by_its_original(memory: Memory) -> None:
    original = memory.files.add("ines", b"the original", mime="image/png")
    small = memory.files.add("ines", b"smaller", mime="image/png", made_from=original.sha256)
    media = [{"sha256": small.sha256, "mime": "image/png", "name": "harbour.jpg"}]
    single = waiting(memory, payload={"channel": "site", "text": "One.", "media": media}, text="One.")
    parts = [{"text": "One."}, {"text": "Two.", "media": media}]
    thread = waiting(memory, payload={"channel": "site", "text": "One.", "parts": parts}, text="One.")
    revoke(memory, f"file:{original.sha256}")
    assert all("a picture in it" in str(memory.consents.lost(p)) for p in (single, thread))
    memory.consents.say("ines", f"file:{original.sha256}", granted=True, by="Ines")
    revoke(memory, f"file:{small.sha256}")
    assert all("a picture in it" in str(memory.consents.lost(p)) for p in (single, thread))


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Marit", "Marit kept them in a tin.", True),
        ("Marit", "It was MARIT's tin.", True),
        ("Marit", "Marits Dose war aus Blech.", True),
        ("Marit", "A maritime museum.", False),
        ("Ann", "The annual fair, Anna, Joann.", False),
        ("Ann", "(ann)", True),
        ("Marit Vik", "Marit\n  Vik said so.", True),
        ("Marit Vik", "Marit said that Vik is a town.", False),
        ("José Núñez", "Jose\u0301 Nu\u0301n\u0303ez came.", True),
        ("Marit", "Ma\u200brit", True),
        ("山田太郎", "私は山田太郎さんに会った。", True),
        ("สมชาย", "คุณสมชายมาแล้ว", True),
        ("@marit.example", "Thanks to @marit.example!", True),
        ("C.", "abc.", False),
    ],
)
def test_a_name_is_found_as_people_read_it(name: str, text: str, found: bool) -> None:
    assert names(name, {"text": "", "parts": [{"media": [{"alt": text}]}]}) is found


def test_people_are_the_same_by_their_name_as_it_is_read(memory: Memory) -> None:
    revoke(memory, "person:Marit Vik")
    memory.consents.say("ines", "person:marit  VIK", granted=True, by="Ines")
    assert memory.consents.lost(waiting(memory, "Marit Vik said so.")) is None


def test_no_door_approves_what_is_revoked_and_nothing_is_written(memory: Memory) -> None:
    shown = waiting(memory, "Marit kept them in a tin.")
    revoke(memory, "person:Marit", note="her mail of 3 March")
    with pytest.raises(Stale, match="Marit's consent to be named was revoked by Ines"):
        memory.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines")
    assert memory.decisions.for_proposal(shown.id) == []
    memory.decisions.claim("ines", shown.id, "reject", shown.sha, "Ines")  # everything but an approval goes


def test_another_workspaces_word_counts_for_nothing(memory: Memory) -> None:
    space = memory.workspaces.get("ines")
    memory.workspaces.add(space.model_copy(update={"id": "tom", "name": "Tom"}))
    memory.consents.say("tom", "person:Marit", granted=False, by="Tom")
    assert memory.consents.lost(waiting(memory, "Marit kept them in a tin.")) is None


def test_recall_leaves_a_revoked_work_out_until_it_is_granted_again(memory: Memory, clock: Any) -> None:
    pieces = [
        Piece(source="tin.md", title="The tin", body="Marit kept the tide tables in a biscuit tin. " * 6),
        Piece(source="fog.md", title="The fog", body="The fog signal sounded twice a minute. " * 6),
    ]
    memory.works.remember("ines", pieces)
    tin = memory.works.by_source("ines", "tin.md")
    assert tin is not None
    assert memory.recall("ines", "biscuit tin tide tables")[0].work_id == tin.id
    revoke(memory, f"work:{tin.id}")
    assert tin.id not in [found.work_id for found in memory.recall("ines", "biscuit tin tide tables")]
    clock.pass_by(minutes=1)
    memory.consents.say("ines", f"work:{tin.id}", granted=True, by="Ines")
    assert memory.recall("ines", "biscuit tin tide tables")[0].work_id == tin.id

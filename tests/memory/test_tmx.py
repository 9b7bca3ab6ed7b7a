"""TMX in and out: nothing is lost on the way round, and no file does harm."""

from contextlib import closing
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from memory import Memory
from memory.translations.rows import Translation
from memory.translations.tmx import LONGEST, TmxReading, Unit, write
from tests.memory.conftest import NOON

OTHERS = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header creationtool="OmegaT" segtype="sentence" adminlang="EN" srclang="EN-US" datatype="x"/><body>
<tu tuid="1" creationid="Ana" creationdate="20250301T083000Z">
  <note>said twice</note><prop type="client">harbour</prop>
  <tuv xml:lang="EN-US"><seg>The <bpt i="1">&lt;b&gt;</bpt>lid<ept i="1">&lt;/b&gt;</ept> &amp; the tin.</seg></tuv>
  <tuv xml:lang="es_mx" changeid="Luz" changedate="20250401T000000Z"><seg>La tapa y la lata.</seg></tuv>
  <tuv xml:lang="fr"><seg>  </seg></tuv>
</tu>
<tu tuid="2"><tuv xml:lang="en-us"><seg>Alone.</seg></tuv></tu>
<tu><tuv xml:lang="de"><seg>Nur deutsch.</seg></tuv><tuv xml:lang="fr"><seg>Et français.</seg></tuv></tu>
<tu srclang="*all*"><tuv lang="pt-BR"><seg>A lata.</seg></tuv><tuv xml:lang="en"><seg>The tin.</seg></tuv></tu>
<tu><tuv><seg>Of no language.</seg></tuv></tu>
</body></tmx>
"""


def read(tmp_path: Path, text: str | bytes) -> tuple[list[Unit], list[tuple[int, str]]]:
    path = tmp_path / "m.tmx"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    reading = TmxReading(path, "en")
    return list(reading), [(bad.line, bad.reason) for bad in reading.bad]


def test_what_other_tools_write_is_read_and_what_cant_be_used_is_named_by_its_line(tmp_path: Path) -> None:
    units, bad = read(tmp_path, OTHERS)
    first, second = units
    assert (first.source_locale, first.target_locale) == ("en-US", "es-MX")
    assert (first.source, first.target) == ("The <b>lid</b> & the tin.", "La tapa y la lata.")
    assert (first.by, first.at) == ("Luz", datetime(2025, 4, 1, tzinfo=UTC))
    assert (second.source, second.target, second.by) == ("The tin.", "A lata.", "")
    assert [line for line, _ in bad] == [4, 10, 11, 13]
    assert [reason for _, reason in bad] == [
        "unit 1: its text in fr is empty",
        "unit 2: it has no translation beside en-US",
        "it has no text in EN-US, its source language",
        "a translation of it names no language",
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_the_encodings_that_tools_write(tmp_path: Path, encoding: str) -> None:
    name = {"utf-8-sig": "UTF-8"}.get(encoding, encoding.upper())
    text = (
        f'<?xml version="1.0" encoding="{name}"?><tmx><header srclang="en"/><body><tu><tuv xml:lang="en">'
        '<seg>It rusted.</seg></tuv><tuv xml:lang="es"><seg>Se oxidó.</seg></tuv></tu></body></tmx>'
    )
    [unit], bad = read(tmp_path, text.encode(encoding))
    assert (unit.target, bad) == ("Se oxidó.", [])


HOSTILE = {
    "billion laughs": '<!DOCTYPE tmx [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>{tmx:&b;}',
    "a file of this machine": '<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/passwd">]>{tmx:&x;}',
    "a parameter entity": '<!DOCTYPE tmx [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]>{tmx:x}',
    "something else": "<html><body/></html>",
    "nothing": "",
    "no XML": "The tin.",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_change_nothing(tmp_path: Path, memory: Memory, kind: str) -> None:
    head, _, seg = HOSTILE[kind].partition("{tmx:")
    unit = '<tu><tuv xml:lang="en"><seg>{}</seg></tuv><tuv xml:lang="es"><seg>x</seg></tuv></tu>'
    path = tmp_path / "m.tmx"
    path.write_text(head + (f"<tmx><body>{unit.format(seg[:-1])}</body></tmx>" if seg else ""))
    with pytest.raises(BadInput) as caught:
        memory.translations.take("ines", TmxReading(path, "en"), file="m.tmx", by="Ines")
    assert str(path) in caught.value.message
    assert memory.translations.all("ines") == []


def test_an_entity_that_nobody_defined_is_broken_xml(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        read(tmp_path, "<tmx><body><tu>&nobody;</tu></body></tmx>")


def test_a_huge_segment_is_named_and_a_cut_file_leaves_what_was_whole(tmp_path: Path) -> None:
    unit = '<tu><tuv xml:lang="en"><seg>{}</seg></tuv>\n<tuv xml:lang="es"><seg>uno</seg></tuv></tu>\n'
    text = "<tmx><body>\n" + unit.format("one") + unit.format("y" * (LONGEST + 1)) + '<tu><tuv xml:lang="en"><seg>cut'
    units, bad = read(tmp_path, text)
    assert [each.source for each in units] == ["one"]
    assert [line for line, _ in bad] == [4, 6]
    assert f"at most {LONGEST}" in bad[0][1]
    assert "broken XML" in bad[1][1]


def test_ten_thousand_levels_deep_is_no_crash(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        read(tmp_path, "<tmx>" + "<body>" * 10_000)


SAID = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=60).filter(str.strip)


@settings(max_examples=60, deadline=None)
@given(source=SAID, target=SAID, by=SAID)
def test_whatever_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, source: str, target: str, by: str
) -> None:
    row = Translation(
        id="tm_1", workspace="ines", source_locale="en", target_locale="pt-BR", source=source, target=target, length=1,
        origin="segment", by=by, at=NOON, recorded_by="Ines", recorded_at=NOON,
    )  # fmt: skip
    out = StringIO()
    assert write([row], out, "en") == 1
    path = tmp_path_factory.getbasetemp() / "round.tmx"
    path.write_bytes(out.getvalue().encode())
    reading = TmxReading(path, "en")
    found = [(each.source, each.target, each.by, each.at, each.target_locale) for each in reading]
    if sayable(source) and sayable(target):
        assert found == [(clean(source), clean(target), clean(by)[:200], NOON, "pt-BR")]
    else:
        assert [bad.reason.split(":")[0] for bad in reading.bad] == ["unit tm_1"]


def clean(text: str) -> str:
    """Return what XML can say of a text."""
    return "".join(" " if (ord(c) < 32 and c not in "\t\n\r") or c in "\ufffe\uffff" else c for c in text)


def sayable(text: str) -> bool:
    return bool(clean(text).strip())


def test_a_memory_goes_out_and_comes_into_another_with_its_names_and_dates(tmp_path: Path, memory: Memory) -> None:
    path = tmp_path / "m.tmx"
    path.write_text(OTHERS)
    memory.translations.take("ines", TmxReading(path, "en"), file="m.tmx", by="Ines")
    with path.open("w", encoding="utf-8") as out:
        assert write(memory.translations.all("ines"), out, "en") == 2
    with closing(Memory.open(tmp_path / "other")) as other:
        other.workspaces.add(memory.workspaces.get("ines"))
        reading = TmxReading(path, "en")
        assert other.translations.take("ines", reading, file="m.tmx", by="Olav").added == 2
        assert reading.bad == []
        told = [
            {
                (row.source, row.target, row.source_locale, row.target_locale, row.by, row.at)
                for row in mine.translations.all("ines")
            }
            for mine in (memory, other)
        ]
    assert told[0] == told[1]

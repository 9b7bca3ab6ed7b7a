"""Files by the hash of their bytes: the same name with other bytes is another file, and is refused."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.canonical import sha256
from core.errors import NotFound, Refused
from memory import Memory


def test_the_same_bytes_are_one_file(memory: Memory) -> None:
    first = memory.files.add("ines", b"fog", mime="image/png", name="fog.png", alt="Fog", size=(4, 3))
    assert memory.files.add("ines", b"fog", mime="image/png", name="other.png") == first
    assert (first.sha256, first.bytes, memory.files.list("ines")) == (sha256(b"fog"), 3, [first])
    assert memory.files.read("ines", first.sha256) == b"fog"


def test_swapped_bytes_are_refused_and_put_right_by_adding_again(memory: Memory) -> None:
    kept = memory.files.add("ines", b"fog", mime="image/png")
    memory.files.path("ines", kept.sha256).write_bytes(b"FOG")
    with pytest.raises(Refused, match="bytes were changed"):
        memory.files.read("ines", kept.sha256)
    memory.files.path("ines", kept.sha256).unlink()
    with pytest.raises(Refused, match="can't be read any more"):
        memory.files.read("ines", kept.sha256)
    memory.files.add("ines", b"fog", mime="image/png")
    assert memory.files.read("ines", kept.sha256) == b"fog"


@pytest.mark.parametrize(("workspace", "name"), [("ines", "../../etc/passwd"), ("..", "0" * 64), ("ines", "0" * 63)])
def test_nothing_but_a_hash_names_a_file(memory: Memory, workspace: str, name: str) -> None:
    with pytest.raises(NotFound):
        memory.files.read(workspace, name)


def test_threads_that_keep_the_same_bytes_at_once_keep_one_file(memory: Memory) -> None:
    data = os.urandom(2_000_000)
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda _: memory.files.add("ines", data, mime="image/png"), range(40)))
    assert {each.sha256 for each in kept} == {sha256(data)}
    assert memory.files.read("ines", kept[0].sha256) == data

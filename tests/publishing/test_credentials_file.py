"""The encrypted file: what it hides, what it refuses, and that nothing is ever lost in it."""

import base64
import json
import os
import signal
import stat
from pathlib import Path
from typing import Any

import pytest

from publishing.credentials.file_store import FileStore
from publishing.credentials.store import VaultClosed

KEY = base64.b64encode(bytes(range(32))).decode()
SECRET = "hunter2-in-the-harbour"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "vault"


def content(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "secrets").read_text())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_kept_comes_back_and_is_readable_to_nobody_else(folder: Path) -> None:
    FileStore(folder).write("ines/x/@ines", SECRET)
    FileStore(folder).write("ines/site/ünï", "zwei ✓")
    assert FileStore(folder).read("ines/x/@ines") == SECRET
    assert FileStore(folder).read("ines/site/ünï") == "zwei ✓"
    assert FileStore(folder).read("ines/x/@else") is None
    assert (mode(folder), mode(folder / "secrets"), mode(folder / "secrets.before"), mode(folder / "key")) == (
        0o700,
        0o600,
        0o600,
        0o600,
    )
    assert all(SECRET.encode() not in path.read_bytes() for path in folder.iterdir())


def test_nothing_is_made_before_something_is_kept(folder: Path) -> None:
    store = FileStore(folder)
    assert (store.read("a"), store.is_empty(), store.faults()) == (None, True, [])
    store.remove("a")
    assert not folder.exists()


def test_the_same_secret_is_never_sealed_alike(folder: Path) -> None:
    store = FileStore(folder)
    store.write("a", SECRET)
    store.write("b", SECRET)
    first = content(folder)["entries"]
    store.write("c", "x")
    assert len({*first.values(), *content(folder)["entries"].values()}) == 5


def test_entries_cant_be_swapped_or_taken_out(folder: Path) -> None:
    store = FileStore(folder)
    store.write("a", "one")
    store.write("b", "two")
    good = content(folder)
    swapped = good | {"entries": {"a": good["entries"]["b"], "b": good["entries"]["a"]}}
    renamed = good | {"entries": {"c": good["entries"]["a"], "b": good["entries"]["b"]}}
    fewer = good | {"entries": {"a": good["entries"]["a"]}}
    for bad in (swapped, renamed, fewer):
        (folder / "secrets").write_text(json.dumps(bad))
        with pytest.raises(VaultClosed, match="damaged"):
            FileStore(folder).read("a")
        with pytest.raises(VaultClosed, match="damaged"):
            FileStore(folder).write("d", "three")
        assert content(folder) == bad


@pytest.mark.parametrize("left", [0, 1, 50, -1, -20, -200])
def test_a_truncated_file_is_refused_and_left_alone_beside_the_one_before(folder: Path, left: int) -> None:
    store = FileStore(folder)
    store.write("a", "one")
    store.write("a", "two")
    data = (folder / "secrets").read_bytes()
    cut = data.rstrip()[:left]
    (folder / "secrets").write_bytes(cut)
    for act in (lambda: store.read("a"), lambda: store.write("b", "x"), lambda: store.remove("a"), store.is_empty):
        with pytest.raises(VaultClosed, match="damaged") as caught:
            act()
        assert "secrets.before" in caught.value.hint
    assert (folder / "secrets").read_bytes() == cut
    assert "damaged" in " ".join(store.faults())
    (folder / "secrets").write_bytes((folder / "secrets.before").read_bytes())
    assert store.read("a") == "one"


def test_a_file_that_is_gone_is_not_begun_anew_over_the_one_before(folder: Path) -> None:
    store = FileStore(folder)
    store.write("a", "one")
    store.write("a", "two")
    (folder / "secrets").unlink()
    with pytest.raises(VaultClosed, match="is gone") as caught:
        store.write("b", "x")
    assert "cp " in caught.value.hint
    assert not (folder / "secrets").exists()


def test_removing_leaves_it_nowhere(folder: Path) -> None:
    store = FileStore(folder)
    store.write("a", "one")
    store.write("b", "two")
    store.remove("a")
    (folder / "secrets").write_bytes((folder / "secrets.before").read_bytes())
    assert (store.read("a"), store.read("b")) == (None, "two")


@pytest.mark.parametrize("given", [KEY, "a passphrase of four words"])
def test_a_key_of_ones_own_is_never_on_the_disk(folder: Path, given: str) -> None:
    FileStore(folder, given).write("a", SECRET)
    assert FileStore(folder, given).read("a") == SECRET
    assert not (folder / "key").exists()
    assert all(given.encode() not in path.read_bytes() for path in folder.iterdir())


@pytest.mark.parametrize(
    ("made", "tried"),
    [
        (KEY, base64.b64encode(bytes(32)).decode()),
        (KEY, "a passphrase"),
        (KEY, None),
        ("a passphrase", "another passphrase"),
        ("a passphrase", KEY),
        ("a passphrase", None),
        (None, KEY),
        (None, "a passphrase"),
    ],
)
def test_a_wrong_key_is_a_clear_error_and_loses_nothing(folder: Path, made: str | None, tried: str | None) -> None:
    FileStore(folder, made).write("a", SECRET)
    before = (folder / "secrets").read_bytes()
    wrong = FileStore(folder, tried)
    for act in (lambda: wrong.read("a"), lambda: wrong.write("b", "x"), lambda: wrong.remove("a")):
        with pytest.raises(VaultClosed) as caught:
            act()
        assert "GREENROOM_VAULT_KEY" in caught.value.hint
        assert "Nothing was changed" in caught.value.message
        assert (tried or "-") not in caught.value.message + caught.value.hint
    assert wrong.faults()
    assert (folder / "secrets").read_bytes() == before
    assert FileStore(folder, made).read("a") == SECRET


@pytest.mark.parametrize("damage", [None, b"", b"short", b"\xff\xfe"])
def test_a_lost_key_file_is_not_replaced(folder: Path, damage: bytes | None) -> None:
    FileStore(folder).write("a", SECRET)
    key = (folder / "key").read_bytes()
    (folder / "key").unlink() if damage is None else (folder / "key").write_bytes(damage)
    with pytest.raises(VaultClosed, match="key file"):
        FileStore(folder).write("b", "x")
    (folder / "key").write_bytes(key)
    assert FileStore(folder).read("a") == SECRET


def test_a_newer_form_and_an_impossible_cost_are_refused(folder: Path) -> None:
    FileStore(folder, "a passphrase").write("a", SECRET)
    good = content(folder)
    (folder / "secrets").write_text(json.dumps(good | {"greenroom_vault": 2}))
    with pytest.raises(VaultClosed, match="newer"):
        FileStore(folder, "a passphrase").read("a")
    (folder / "secrets").write_text(json.dumps(good | {"lock": good["lock"] | {"cost": 1 << 40}}))
    with pytest.raises(VaultClosed, match="impossible"):
        FileStore(folder, "a passphrase").read("a")


def test_doors_left_open_are_named_with_what_closes_them(folder: Path) -> None:
    store = FileStore(folder)
    store.write("a", "one")
    folder.chmod(0o755)
    (folder / "key").chmod(0o644)
    assert store.faults() == [
        f"others may read {folder}: chmod 700 {folder}",
        f"others may read {folder / 'key'}: chmod 600 {folder / 'key'}",
    ]
    store.write("b", "two")
    assert mode(folder) == 0o700


def killed_at(folder: Path, point: int) -> bool:
    """Write in a forked child that is killed at its `point`-th step on the disk; say whether it was."""
    child = os.fork()
    if child == 0:
        passed = 0

        def fused(act: Any) -> Any:
            def run(*given: Any, **named: Any) -> Any:
                nonlocal passed
                passed += 1
                if passed == point:
                    os.kill(os.getpid(), signal.SIGKILL)
                return act(*given, **named)

            return run

        for name in ("open", "fsync", "replace", "rename", "unlink", "close"):
            setattr(os, name, fused(getattr(os, name)))
        FileStore(folder).write("a", "new")
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def test_a_process_killed_at_any_step_leaves_the_old_secret_or_the_new_one(folder: Path) -> None:
    seen, point = [], 1
    while True:
        FileStore(folder).write("a", "old")
        killed = killed_at(folder, point)
        seen.append(FileStore(folder).read("a"))
        if not killed:
            break
        point += 1
    assert seen[0] == "old" and seen[-1] == "new" and set(seen) == {"old", "new"}
    assert point > 8


def test_a_crash_while_writing_leaves_the_old_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileStore(folder)
    store.write("a", "one")

    def crash(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(OSError, match="No space"):
        store.write("a", "two")
    monkeypatch.undo()
    assert store.read("a") == "one"
    assert sorted(path.name for path in folder.iterdir()) == ["key", "secrets", "secrets.lock"]

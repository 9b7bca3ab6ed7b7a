"""The system's keyring, by way of a picky one in memory, and which of the two keeps what."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backends.chainer
import keyring.backends.fail
import keyring.backends.null
import pytest
from keyring.backend import KeyringBackend

from publishing.credentials.choosing import EitherStore, NoKeyring, open_store
from publishing.credentials.file_store import FileStore
from publishing.credentials.keyring_store import KeyringStore, real_keyring
from publishing.credentials.store import VaultClosed
from tests.fakes.keyring_fake import MemoryKeyring

LONG = "é…" + "long secret " * 500


@pytest.fixture
def ring() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    ring = MemoryKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


@pytest.fixture
def store(ring: MemoryKeyring) -> KeyringStore:
    return KeyringStore(ring, lambda: "home1")


def plaintext() -> KeyringBackend:
    """As keyrings.alt has one, which writes in clear."""
    made = type("PlaintextKeyring", (MemoryKeyring,), {"__module__": "keyrings.alt.file"})()
    assert isinstance(made, KeyringBackend)
    return made


@pytest.mark.parametrize("text", ["", "short", "ünï ✓", "x" * 960, "x" * 980, "x" * 1000, "x" * 2000, LONG])
def test_what_is_kept_comes_back_whatever_its_length(store: KeyringStore, ring: MemoryKeyring, text: str) -> None:
    store.write("ines/x/@ines", text)
    assert store.read("ines/x/@ines") == text
    assert store.read("ines/x/@else") is None
    assert all(service == "greenroom" and name.startswith("home1/ines/x/@ines") for service, name in ring.entries)


def test_a_new_secret_leaves_no_pieces_of_the_old_one(store: KeyringStore, ring: MemoryKeyring) -> None:
    for text in (LONG, LONG[::-1], "short", LONG, "short"):
        store.write("a", text)
        assert store.read("a") == text
    assert len(ring.entries) == 1
    store.write("a", LONG)
    store.remove("a")
    store.remove("a")
    assert ring.entries == {}


def test_a_crash_in_between_leaves_the_old_secret(store: KeyringStore, ring: MemoryKeyring) -> None:
    store.write("a", LONG)
    for writes in range(7):
        ring.die_after = writes
        with pytest.raises(VaultClosed):
            store.write("a", LONG[::-1])
        ring.die_after = None
        assert store.read("a") == LONG


def test_two_homes_of_one_person_do_not_meet(store: KeyringStore, ring: MemoryKeyring) -> None:
    other = KeyringStore(ring, lambda: "home2")
    store.write("a", "mine")
    assert other.read("a") is None
    other.write("a", "theirs")
    other.remove("a")
    assert store.read("a") == "mine"


def test_a_locked_keyring_says_so_without_its_own_words(store: KeyringStore, ring: MemoryKeyring) -> None:
    store.write("a", "one")
    ring.locked = True
    for act in (lambda: store.read("a"), lambda: store.write("a", "s3cret"), lambda: store.remove("a")):
        with pytest.raises(VaultClosed, match="KeyringLocked") as caught:
            act()
        assert "s3cret" not in caught.value.message
    ring.locked = False
    assert store.read("a") == "one"


def test_a_keyring_that_quotes_the_secret_is_not_passed_on(store: KeyringStore, ring: MemoryKeyring) -> None:
    with pytest.raises(OSError, match="xxxx"):
        ring.set_password("greenroom", "a", "x" * 3000)

    def picky(service: str, name: str, text: str) -> None:
        raise OSError(f"can't take {text}")

    ring.set_password = picky  # type: ignore[method-assign]
    with pytest.raises(VaultClosed) as caught:
        store.write("a", "s3cret")
    assert "s3cret" not in caught.value.message
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_a_lost_piece_is_no_secret(store: KeyringStore, ring: MemoryKeyring) -> None:
    store.write("a", LONG)
    del ring.entries[next(key for key in ring.entries if key[1].endswith(".2"))]
    with pytest.raises(VaultClosed, match="not whole"):
        store.read("a")
    ring.entries["greenroom", "home1/b"] = "somebody else's words"
    with pytest.raises(VaultClosed, match="not whole") as caught:
        store.read("b")
    assert "somebody" not in str(caught.value)


def test_what_fails_forgets_or_writes_in_clear_is_no_keyring(ring: MemoryKeyring) -> None:
    assert real_keyring() is ring
    for made in (keyring.backends.fail.Keyring(), keyring.backends.null.Keyring(), plaintext()):
        keyring.set_keyring(made)
        assert real_keyring() is None


def test_a_real_one_is_found_in_a_chain(ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    chain = keyring.backends.chainer.ChainerBackend
    monkeypatch.setattr(chain, "backends", [plaintext(), ring])
    keyring.set_keyring(chain())
    assert real_keyring() is ring


def test_the_choice_is_the_settings_then_what_there_is(tmp_path: Path, ring: MemoryKeyring) -> None:
    assert isinstance(open_store(tmp_path / "v", "file", None), FileStore)
    assert isinstance(open_store(tmp_path / "v", "keyring", None), KeyringStore)
    assert isinstance(open_store(tmp_path / "v", "auto", None), EitherStore)
    keyring.set_keyring(keyring.backends.fail.Keyring())
    assert isinstance(open_store(tmp_path / "v", "auto", None), FileStore)
    none = open_store(tmp_path / "v", "keyring", None)
    assert isinstance(none, NoKeyring)
    for act in (lambda: none.read("a"), lambda: none.write("a", "x"), lambda: none.remove("a")):
        with pytest.raises(VaultClosed, match="no system keyring") as caught:
            act()
        assert "GREENROOM_CREDENTIALS=file" in caught.value.hint
    assert none.faults()
    assert not (tmp_path / "v").exists()


def test_auto_uses_the_keyring_until_the_file_has_something(tmp_path: Path, ring: MemoryKeyring) -> None:
    store = open_store(tmp_path / "v", "auto", None)
    store.write("a", "one")
    assert not (tmp_path / "v" / "secrets").exists()
    assert "keyring" in store.where
    assert open_store(tmp_path / "v", "auto", None).read("a") == "one"
    FileStore(tmp_path / "v").write("b", "two")
    store.write("c", "three")
    assert FileStore(tmp_path / "v").read("c") == "three"
    assert (store.read("a"), store.read("b"), store.read("c")) == ("one", "two", "three")
    assert "encrypted file" in store.where
    for name in "abc":
        store.remove(name)
    assert [store.read(name) for name in "abc"] == [None, None, None]


def test_a_new_token_goes_to_the_file_where_the_keyring_refuses_it(tmp_path: Path, ring: MemoryKeyring) -> None:
    store = open_store(tmp_path / "v", "auto", None)
    store.write("a", "old")
    ring.locked = True
    store.write("a", "new")
    ring.locked = False
    assert store.read("a") == "new"
    store.write("a", "newest")
    assert open_store(tmp_path / "v", "auto", None).read("a") == "newest"


def test_a_key_of_ones_own_means_the_file(tmp_path: Path, ring: MemoryKeyring) -> None:
    store = open_store(tmp_path / "v", "auto", "a passphrase")
    store.write("a", "one")
    assert ring.entries == {}
    assert FileStore(tmp_path / "v", "a passphrase").read("a") == "one"

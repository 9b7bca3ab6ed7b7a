"""The key, and the encrypted stream: every way to change, cut or mix an archive is noticed."""

import io
import itertools
import random

import pytest

from core.errors import BadInput
from memory.backup import BackupKey, Damaged
from memory.backup.key import home_key, keep_key, key_path
from memory.backup.sealed import HEADER, SealedReader, SealedWriter, key_id

KEY = BackupKey.make()
SEALED = 64 + 16  # a chunk of these tests, with its tag


def seal(plain: bytes, key: BackupKey = KEY, chunk: int = 64) -> bytes:
    target = io.BytesIO()
    writer = SealedWriter(target, key, chunk=chunk)
    for start in range(0, len(plain), 50):
        writer.write(plain[start : start + 50])
    writer.finish()
    return target.getvalue()


def unseal(sealed: bytes, key: BackupKey = KEY) -> bytes:
    return SealedReader(io.BytesIO(sealed), key).read() or b""


def chunks(sealed: bytes) -> list[bytes]:
    body = sealed[HEADER.size :]
    return [body[start : start + SEALED] for start in range(0, len(body), SEALED)]


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 128, 129, 1000])
def test_what_is_sealed_is_read(size: int) -> None:
    plain = random.Random(size).randbytes(size)
    assert unseal(seal(plain)) == plain
    assert key_id(seal(plain)) == KEY.id


def test_a_network_that_gives_little_at_a_time_changes_nothing() -> None:
    class Trickle(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 7, 7))

    plain = bytes(1000)
    assert SealedReader(Trickle(seal(plain)), KEY).read() == plain


def test_every_truncation_is_noticed() -> None:
    sealed = seal(bytes(range(250)) * 2)
    for end in range(len(sealed)):
        with pytest.raises(Damaged):
            unseal(sealed[:end])


def test_every_flipped_bit_is_noticed() -> None:
    sealed = seal(b"Nobody owns the tide. " * 12)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1 << (place % 8)
        with pytest.raises((Damaged, BadInput)):  # BadInput: in the header, it reads as a newer form or another key
            unseal(bytes(changed))


def test_chunks_keep_their_order_and_their_number() -> None:
    sealed = seal(bytes(64) * 4)
    header, parts = sealed[: HEADER.size], chunks(sealed)
    assert len(parts) == 4
    for order in itertools.chain(*(itertools.permutations(range(4), n) for n in range(5)), [(0, 1, 2, 3, 3)]):
        if order != (0, 1, 2, 3):
            with pytest.raises(Damaged):
                unseal(header + b"".join(parts[each] for each in order))


def test_chunks_of_two_archives_do_not_mix() -> None:
    one, other = seal(bytes(256)), seal(bytes(256))
    for n in range(4):
        parts = chunks(one)
        parts[n] = chunks(other)[n]
        with pytest.raises(Damaged):
            unseal(one[: HEADER.size] + b"".join(parts))


def test_what_comes_after_the_end_is_noticed() -> None:
    with pytest.raises(Damaged):
        unseal(seal(b"whole") + b"\x00")


def test_another_key_is_named_and_opens_nothing() -> None:
    other = BackupKey.make()
    with pytest.raises(BadInput, match=f"another key .{KEY.id}; yours is {other.id}"):
        unseal(seal(b"private"), other)


def test_a_strangers_header_takes_no_memory() -> None:
    header = bytearray(seal(b""))
    header[18:22] = b"\xff\xff\xff\xff"
    with pytest.raises(Damaged):
        unseal(bytes(header))


def test_nothing_of_the_plain_text_shows() -> None:
    assert b"biscuit" not in seal(b"the biscuit tin " * 100)


def test_a_recovery_code_is_the_key() -> None:
    for _ in range(50):
        key = BackupKey.make()
        code = key.code()
        assert BackupKey.from_code(code).code() == code
        assert BackupKey.from_code(code.upper().replace("-", " ")).id == key.id
        assert BackupKey.from_code(code.replace("0", "O").replace("1", "l")).id == key.id
        assert code not in repr(key) and [len(group) for group in code.split("-")] == [7] * 8


def test_a_slip_in_the_code_is_found() -> None:
    code = KEY.code()
    for place, character in itertools.product(range(len(code)), "0k7z"):
        wrong = code[:place] + character + code[place + 1 :]
        if character != code[place]:
            with pytest.raises(BadInput, match=r"slip|no recovery code"):
                BackupKey.from_code(wrong)
    for place in range(len(code) - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        if swapped.replace("-", "") != code.replace("-", ""):
            with pytest.raises(BadInput, match="slip"):
                BackupKey.from_code(swapped)
    with pytest.raises(BadInput, match="no recovery code"):
        BackupKey.from_code(code[:-1])


def test_the_key_is_kept_for_its_owner_only(tmp_path) -> None:
    assert home_key(tmp_path) is None
    keep_key(tmp_path, KEY)
    assert home_key(tmp_path).id == KEY.id
    assert key_path(tmp_path).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in key_path(tmp_path).parent.iterdir()] == ["backup.key"]

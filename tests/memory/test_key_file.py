"""Keys of a home: put in place once and whole, for their owner only, whoever comes first."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from memory.key_file import put_key


def test_of_many_at_once_one_key_stays_whole_and_private(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "some.key"
    keys = [bytes([n]) * 32 for n in range(16)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: put_key(file, key), keys))
    kept = file.read_bytes()
    assert kept in keys
    put_key(file, b"late")
    assert file.read_bytes() == kept
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]

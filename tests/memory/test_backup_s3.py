"""Backups to a bucket, over the real protocol: moto's server, which keeps objects and takes any keys."""

import importlib
import random
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.errors import GreenroomError, NotFound, WrongUse
from memory import Memory
from memory.backup import Damaged, back_up, home_key, open_place, restore
from memory.backup.place import archives
from tests.counterparts.server import Server, free_port
from tests.memory.conftest import Clock
from tests.memory.test_backup import check, everything, fill
from tests.memory.test_backup_failures import bulky

boto3 = pytest.importorskip("boto3")
HOLD = "s3://backups/greenroom"


class BucketServer(Server):
    """A server that speaks S3."""

    def begin(self) -> None:
        port = free_port()
        self.serve(sys.executable, "-c", "from moto.server import main; main()", "-H", "127.0.0.1", "-p", str(port))
        self.url = f"http://127.0.0.1:{port}"
        self.wait(self._answers)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/moto-api/", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with BucketServer.start() as server:
        yield server.url


@pytest.fixture
def bucket(server: str, monkeypatch: Any, tmp_path: Path) -> Any:
    """An empty bucket `backups`, and a client of the test's own."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret-of-this-test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    urllib.request.urlopen(urllib.request.Request(f"{server}/moto-api/reset", method="POST")).close()
    client = boto3.client("s3", endpoint_url=server)
    client.create_bucket(Bucket="backups")
    return client


def kept(server: str, target: str = HOLD) -> list[str]:
    return [each.name for each in archives(open_place(target, server))]


def test_a_home_comes_back_from_a_bucket(
    memory: Memory, tmp_path: Path, server: str, bucket: Any, clock: Clock
) -> None:
    fill(memory)
    for n in range(14):  # more than one part of an upload
        (memory.home / "files" / "ines" / str(n)).write_bytes(random.Random(n).randbytes(1 << 20))
    before = everything(memory.home)
    report = back_up(memory.home, [HOLD, str(tmp_path / "a")], s3_endpoint=server, clock=clock)
    assert [(place.place, place.ok, place.verified) for place in report.places] == [
        (HOLD, True, True),
        (str(tmp_path / "a"), True, True),
    ]
    stored = bucket.get_object(Bucket="backups", Key=f"greenroom/{report.name}")["Body"].read()
    assert stored == (tmp_path / "a" / report.name).read_bytes() and len(stored) > 14 << 20
    assert not any("one disk" in note or "one place" in note for note in report.notes)
    restore(tmp_path / "new", HOLD, home_key(memory.home), s3_endpoint=server, clock=clock)
    assert everything(tmp_path / "new") == before
    assert (tmp_path / "new" / "files" / "ines" / "13").read_bytes() == random.Random(13).randbytes(1 << 20)


def test_only_what_is_right_under_the_prefix_counts(
    memory: Memory, tmp_path: Path, server: str, bucket: Any, clock: Clock
) -> None:
    elsewhere = back_up(memory.home, [f"{HOLD}/deeper", "s3://backups"], s3_endpoint=server, clock=clock)
    bucket.put_object(Bucket="backups", Key="greenroom/notes.txt", Body=b"mine")
    bucket.put_object(Bucket="backups", Key="greenroom/greenroom-20200101T000000.000Z-0123456789ab.grb", Body=b"")
    names = []
    for _ in range(3):
        clock.pass_by(minutes=1)
        names.append(back_up(memory.home, [HOLD], s3_endpoint=server, clock=clock, keep=2).name)
    assert kept(server) == [names[2], names[1], "greenroom-20200101T000000.000Z-0123456789ab.grb"]
    assert kept(server, "s3://backups") == kept(server, f"{HOLD}/deeper/") == [elsewhere.name]


def test_half_an_object_is_no_backup(memory: Memory, tmp_path: Path, server: str, bucket: Any) -> None:
    bulky(memory.home)
    name = back_up(memory.home, [HOLD], s3_endpoint=server).name
    whole = bucket.get_object(Bucket="backups", Key=f"greenroom/{name}")["Body"].read()
    chunk = (1 << 20) + 16
    for end in (len(whole) - 1, len(whole) // 2, 62 + chunk, 62 + 2 * chunk, 10):  # two of them between two chunks
        bucket.put_object(Bucket="backups", Key=f"greenroom/{name}", Body=whole[:end])
        with pytest.raises(Damaged):
            restore(tmp_path / "new", HOLD, home_key(memory.home), name=name, s3_endpoint=server)
        assert [path.name for path in (tmp_path / "new").iterdir()] == ["backup.lock"]


def test_an_upload_that_was_broken_off_is_not_there(memory: Memory, tmp_path: Path, server: str, bucket: Any) -> None:
    name = "greenroom-20261120T120000.000Z-0123456789ab.grb"
    begun = bucket.create_multipart_upload(Bucket="backups", Key=f"greenroom/{name}")
    bucket.upload_part(
        Bucket="backups", Key=f"greenroom/{name}", UploadId=begun["UploadId"], PartNumber=1, Body=b"x" * (5 << 20)
    )
    assert kept(server) == []


def test_what_comes_back_different_is_deleted(
    memory: Memory, tmp_path: Path, server: str, bucket: Any, monkeypatch: Any
) -> None:
    from memory.backup.s3 import _Body

    read = _Body.read
    monkeypatch.setattr(_Body, "read", lambda self, size=-1: read(self, size)[:-1])
    report = back_up(memory.home, [HOLD], s3_endpoint=server)
    assert not report.places[0].ok and "is not what was uploaded" in report.places[0].error
    assert "Contents" not in bucket.list_objects_v2(Bucket="backups")


def test_what_is_wrong_with_a_bucket_is_told_without_its_keys(
    memory: Memory, tmp_path: Path, server: str, bucket: Any, monkeypatch: Any
) -> None:
    report = back_up(memory.home, ["s3://nobodys/greenroom", str(tmp_path / "a")], s3_endpoint=server)
    assert [place.ok for place in report.places] == [False, True]
    assert "upload failed" in report.places[0].error or "no such bucket" in report.places[0].error
    with pytest.raises(GreenroomError, match="no such bucket"):
        kept(server, "s3://nobodys")
    with pytest.raises(NotFound, match="no backup in"):
        restore(tmp_path / "new", HOLD, home_key(memory.home), s3_endpoint=server)
    with pytest.raises(GreenroomError, match="does not answer") as silent:
        kept(f"http://127.0.0.1:{free_port()}")
    assert "a-secret-of-this-test" not in str(silent.value) + silent.value.hint
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(GreenroomError, match="no keys for it are set"):
        kept(server)
    for target in ("s3://", "s3://A_B/c"):
        with pytest.raises(WrongUse, match="names no bucket"):
            open_place(target)
    with pytest.raises(WrongUse, match="no address"):
        open_place(HOLD, "127.0.0.1")


def test_without_the_package_the_extra_is_named(monkeypatch: Any) -> None:
    def none(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr("memory.backup.s3.import_module", none)
    with pytest.raises(WrongUse, match="not installed") as refused:
        open_place(HOLD)
    assert "`s3` extra" in refused.value.hint
    assert importlib.import_module("boto3") is boto3


def test_a_backup_in_a_bucket_is_checked(memory: Memory, tmp_path: Path, server: str, bucket: Any) -> None:
    fill(memory)
    back_up(memory.home, [HOLD], s3_endpoint=server)
    found = check(memory.home, HOLD, tmp_path, server)
    assert (found.ok, found.ledger.entries, found.place) == (True, 6, HOLD)

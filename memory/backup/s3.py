"""A bucket as a place for archives. The account and its keys are boto3's own configuration, and stay there."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, Any, cast

from core.errors import GreenroomError, WrongUse
from memory.backup.sealed import CHUNK, Damaged

_TARGET = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?")


class S3Place:
    """Archives in a bucket, under a prefix. An upload is there when it is complete: S3 shows nothing half."""

    def __init__(self, target: str, client: Any, bucket: str, prefix: str) -> None:
        self.target = target
        self._client = client
        self._bucket = bucket
        self._prefix = prefix

    @classmethod
    def at(cls, target: str, endpoint: str | None) -> "S3Place":
        """Return the place that `s3://bucket/prefix` names. Raises WrongUse, without boto3 too."""
        found = _TARGET.fullmatch(target)
        if not found:
            raise WrongUse(f"{target} names no bucket.", "Write it as s3://bucket or s3://bucket/prefix")
        prefix = (found[2] or "").strip("/")
        return cls(target, _client(endpoint), found[1], f"{prefix}/" if prefix else "")

    def put(self, archive: Path, name: str, sha256: str) -> None:
        """Upload, read back, compare; what comes back different is deleted."""
        with self._in_plain_words():
            self._client.upload_file(str(archive), self._bucket, self._prefix + name)
        with self.open(name) as stored:
            found = hashlib.sha256()
            while part := stored.read(CHUNK):
                found.update(part)
        if found.hexdigest() != sha256:
            self.remove(name)
            raise Damaged(f"What {self.target} gives back is not what was uploaded. It was deleted there.")

    def sizes(self) -> dict[str, int]:
        """Return the sizes of the objects right under the prefix."""
        sizes = {}
        with self._in_plain_words():
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix, Delimiter="/"):
                for item in page.get("Contents", ()):
                    sizes[item["Key"].removeprefix(self._prefix)] = int(item["Size"])
        return sizes

    def open(self, name: str, first: int | None = None) -> IO[bytes]:
        """Open an object as a stream."""
        part = {} if first is None else {"Range": f"bytes=0-{first - 1}"}
        with self._in_plain_words():
            answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + name, **part)
        return cast("IO[bytes]", _Body(answer["Body"], self.target))

    def remove(self, name: str) -> None:
        """Delete an object."""
        with self._in_plain_words():
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + name)

    def _in_plain_words(self) -> Any:
        return _plain_words(self.target)


class _Body:
    """An object's bytes on their way; a connection that is cut is an error, never an early end."""

    def __init__(self, body: Any, target: str) -> None:
        self._body = body
        self._target = target

    def read(self, size: int = -1) -> bytes:
        with _plain_words(self._target):
            return cast("bytes", self._body.read(None if size < 0 else size))

    def __enter__(self) -> "_Body":
        return self

    def __exit__(self, *_: object) -> None:
        self._body.close()


def _client(endpoint: str | None) -> Any:
    try:
        # Not in the default install, so neither a type checker nor an import at the top may ask for them.
        boto3 = import_module("boto3")
        config = import_module("botocore.config").Config
    except ImportError as error:
        raise WrongUse(
            "Backups to s3:// need a package that is not installed.", "Install Greenroom with its `s3` extra."
        ) from error
    options: dict[str, Any] = {"connect_timeout": 10, "read_timeout": 60, "retries": {"mode": "standard"}}
    if endpoint:  # many servers beside Amazon's don't know its newer checksums; what is stored is read back anyway
        options |= {"request_checksum_calculation": "when_required", "response_checksum_validation": "when_required"}
    try:
        return boto3.session.Session().client("s3", endpoint_url=endpoint, config=config(**options))
    except ValueError as error:
        raise WrongUse(f"{endpoint} is no address of an S3 server.", "See AWS_ENDPOINT_URL_S3.") from error


@contextmanager
def _plain_words(target: str) -> Iterator[None]:
    """Turn boto3's errors into one sentence, with the server's own code and never with a key in it."""
    core = import_module("botocore.exceptions")
    transfer = import_module("boto3.exceptions")
    try:
        yield
    except (core.BotoCoreError, core.ClientError, transfer.Boto3Error) as error:
        said = getattr(error, "response", {}).get("Error", {}).get("Code") or type(error).__name__
        raise GreenroomError(
            f"{target} can't be used as a place for backups: {_meaning(said)}.",
            "Its keys and region are boto3's own settings (AWS_…); another server's address is AWS_ENDPOINT_URL_S3.",
        ) from error


def _meaning(code: str) -> str:
    words = {
        "NoSuchBucket": "there is no such bucket",
        "NoCredentialsError": "no keys for it are set",
        "EndpointConnectionError": "its server does not answer",
        "S3UploadFailedError": "the upload failed",
        "404": "it is not there",
        "NoSuchKey": "it is not there",
    }
    return f"{words[code]} ({code})" if code in words else code

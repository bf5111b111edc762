"""What the tests share: the command that they are held against, a corpus, and the samples."""

from __future__ import annotations

import os
import subprocess
import zipfile
from pathlib import Path

import corpus
import pytest

ROOT = Path(__file__).resolve().parents[2]
KEY = "00112233445566778899aabbccddeeff" * 2
MAP = "text=text,author=author,time=sent_at,channel=channel,id=id,thread=thread,reply_to=reply_to"


def command() -> Path:
    """The command that was built from the same tree: `EVENHAND_COMMAND`, else that of the last release build."""
    default = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "evenhand"
    path = Path(os.environ.get("EVENHAND_COMMAND", default))
    assert path.is_file(), f"{path}: no such file; cargo build --release first, or set EVENHAND_COMMAND"
    return path


def run(*args: object, status: int = 0) -> bytes:
    done = subprocess.run([command(), *map(str, args)], capture_output=True, check=False, cwd=ROOT)
    assert done.returncode == status, done.stderr.decode()
    return done.stdout


class Corpus:
    """Messages with a roster, a configuration and a key."""

    def __init__(self, folder: Path, n: int) -> None:
        corpus.write(n, folder)
        self.folder, self.messages = folder, folder / "messages.jsonl"
        self.config, self.key = folder / "evenhand.toml", folder / "key"
        self.key.write_text(KEY)

    def report(self, format: str = "json", threads: int = 2) -> str:
        return run("report", self.messages, "--map", MAP, "--config", self.config, "--format", format, "--threads", threads, "--quiet").decode()

    def rows(self) -> list[dict[str, object]]:
        import json

        with open(self.messages, encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def table(self):
        import pyarrow as pa

        names = ["id", "author", "sent_at", "channel", "thread", "reply_to", "text"]
        types = [pa.string(), pa.string(), pa.int64(), pa.string(), pa.string(), pa.string(), pa.string()]
        return pa.Table.from_pylist(self.rows(), schema=pa.schema(list(zip(names, types))))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return Corpus(tmp_path_factory.mktemp("corpus"), int(os.environ.get("EVENHAND_MESSAGES", "20000")))


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, bytes]]:
    """The sample exports as `path` and `content`, in the order of their names."""
    archive = tmp_path_factory.mktemp("samples") / "slack.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted((ROOT / "samples/slack").rglob("*.json")):
            out.write(path, path.relative_to(ROOT / "samples/slack"))
    mail = ROOT / "samples/mail.mbox"
    return sorted((str(path), path.read_bytes()) for path in (mail, archive))

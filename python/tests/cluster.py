"""Spark, for real: `local[2]` with 1, 7 and 32 partitions, then a standalone master with two workers on 127.0.0.1, then the same with one
worker killed -9 while it runs. Each report must be the command's, byte for byte, and the key must be found nowhere afterwards.

    python cluster.py [--messages N] [--kills 0.5 …] [--folder FOLDER] [--samples]

Needs Java, pyspark, pandas, pyarrow and the wheel.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyspark
from conftest import KEY, MAP, ROOT, Corpus, run

EXAMPLE = ROOT / "python/examples/spark_report.py"
HOME = Path(pyspark.__file__).parent
ENVIRONMENT = {
    **os.environ,
    "SPARK_HOME": str(HOME),
    "SPARK_LOCAL_IP": "127.0.0.1",
    "PYSPARK_PYTHON": sys.executable,
    "PYSPARK_DRIVER_PYTHON": sys.executable,
}


def parquet(made: Corpus, n_files: int = 8) -> Path:
    """The table as a folder of Parquet files, as a lake has it."""
    from pyarrow import parquet

    folder = made.folder / "messages.parquet"
    if not folder.is_dir():
        folder.mkdir()
        table = made.table()
        size = -(-table.num_rows // n_files)
        for number in range(n_files):
            parquet.write_table(table.slice(number * size, size), folder / f"part-{number:02}.parquet")
    return folder


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Cluster:
    """A master and two workers of one core each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self.master = f"spark://127.0.0.1:{(port := free_port())}"
        self.processes = [self.start("master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", port, "--webui-port", free_port())]
        for number in (1, 2):
            options = ["--cores", 1, "--memory", "2g", "--webui-port", free_port(), "--work-dir", folder / f"work{number}"]
            self.processes.append(self.start(f"worker{number}", "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", *options, self.master))
        deadline = time.monotonic() + 90
        while (folder / "master.log").read_text(errors="replace").count("Registering worker") < 2:
            assert time.monotonic() < deadline, f"{folder}/master.log: the workers did not come up"
            time.sleep(0.2)

    def start(self, name: str, of: str, *options: object) -> subprocess.Popen[bytes]:
        with open(self.folder / f"{name}.log", "wb") as log:
            command = [HOME / "bin/spark-class", of, *options]
            return subprocess.Popen([str(part) for part in command], stdout=log, stderr=log, env=ENVIRONMENT, start_new_session=True)

    def kill_worker(self) -> None:
        """Ends a worker and all that it started, at once and without a word."""
        for pid in descendants(self.processes[2].pid):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def stop(self) -> None:
        for process in self.processes:
            for pid in descendants(process.pid):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            process.wait()


def descendants(root: int) -> list[int]:
    """A process and all below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError, ValueError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found = [root]
    for pid in found:
        found.extend(children.get(pid, []))
    return found


class Watch:
    """Looks for the key in what every process was started with, while a block runs."""

    def __enter__(self) -> Watch:
        self.seen: set[str] = set()
        self.looks = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.look)
        self.thread.start()
        return self

    def look(self) -> None:
        while not self.over.wait(0.3):
            self.looks += 1
            for entry in Path("/proc").iterdir():
                for name in ("cmdline", "environ"):
                    try:
                        if entry.name.isdigit() and KEY.encode() in (entry / name).read_bytes():
                            self.seen.add(f"{entry}/{name}")
                    except OSError:
                        pass

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()


def submit(folder: Path, master: str, partitions: int, config: Path, key: Path, *inputs: object) -> tuple[subprocess.Popen[bytes], Path]:
    """Starts the example; its log lies in `folder`."""
    folder.mkdir(parents=True)
    (folder / "events").mkdir()
    settings = {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": f"file://{folder}/events",
        "spark.executor.memory": "1g",
        "spark.driver.memory": "1g",
        "spark.ui.enabled": "false",
        "spark.local.dir": str(folder / "local"),
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "4",
    }
    options = [part for name, value in settings.items() for part in ("--conf", f"{name}={value}")]
    command = [HOME / "bin/spark-submit", "--master", master, *options, EXAMPLE, *inputs]
    command += ["--config", config, "--key-file", key, "--rows", folder / "rows", "--partitions", partitions, "--format", "json"]
    log, out = open(folder / "driver.log", "wb"), open(folder / "report.json", "wb")
    with log, out:
        return subprocess.Popen([str(part) for part in command], stdout=out, stderr=log, env=ENVIRONMENT, cwd=folder), folder / "report.json"


def finish(started: tuple[subprocess.Popen[bytes], Path], expected: str, name: str) -> None:
    process, report = started
    status = process.wait()
    assert status == 0, f"{report.parent}/driver.log: exit code {status}"
    assert report.read_text() == expected, f"{name}: {report} is another report"


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    running = Cluster(folder)
    try:
        yield running
    finally:
        running.stop()


def holders(folder: Path) -> list[str]:
    """Files below a folder that hold the key, as text or bytes; event logs are packed, and looked into."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and path.name != "key":
            content = path.read_bytes()
            if path.suffix == ".zstd":
                import pyarrow as pa

                content = pa.CompressedInputStream(pa.BufferReader(content), "zstd").read()
            if KEY.encode() in content or bytes.fromhex(KEY) in content:
                found.append(str(path))
    return found


def samples(folder: Path) -> tuple[Path, str]:
    """The sample exports in a folder, and the command's report on them."""
    lake = folder / "lake"
    lake.mkdir()
    with zipfile.ZipFile(lake / "slack.zip", "w") as out:
        for path in sorted((ROOT / "samples/slack").rglob("*.json")):
            out.write(path, path.relative_to(ROOT / "samples/slack"))
    (lake / "mail.mbox").write_bytes((ROOT / "samples/mail.mbox").read_bytes())
    paths = [lake / "mail.mbox", lake / "slack.zip"]
    return lake, run("report", *paths, "--config", ROOT / "samples/evenhand.toml", "--format", "json").decode()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--kills", type=float, nargs="*", default=[0.5], help="moments of the kill, as shares of an undisturbed run")
    parser.add_argument("--folder", type=Path)
    args = parser.parse_args()
    folder = (args.folder or Path(tempfile.mkdtemp(prefix="evenhand-spark-"))).resolve()
    made = Corpus(folder / "corpus", args.messages)
    expected = made.report()
    table = parquet(made)
    inputs = ("--messages", table)
    looks = 0

    def told(name: str, began: float) -> None:
        print(f"{name}: {time.monotonic() - began:.1f} s, the same bytes", flush=True)

    with Watch() as watch:
        lake, of_samples = samples(folder)
        for partitions in (1, 7, 32):
            began = time.monotonic()
            at = folder / f"samples-{partitions}"
            bucket = ("--files", f"{lake}/*", "--work", at / "work")
            finish(submit(at, "local[2]", partitions, ROOT / "samples/evenhand.toml", made.key, *bucket), of_samples, at.name)
            told(f"samples, local[2], {partitions} partitions", began)
        for partitions in (1, 7, 32):
            began = time.monotonic()
            finish(submit(folder / f"local-{partitions}", "local[2]", partitions, made.config, made.key, *inputs), expected, "local")
            told(f"{args.messages} messages, local[2], {partitions} partitions", began)
        with cluster(folder / "whole") as whole:
            began = time.monotonic()
            finish(submit(folder / "cluster", whole.master, 16, made.config, made.key, *inputs), expected, "cluster")
            took = time.monotonic() - began
            told(f"{args.messages} messages, two workers", began)
        for number, moment in enumerate(args.kills):
            with cluster(folder / f"kill{number}") as broken:
                began = time.monotonic()
                started = submit(folder / f"cluster-kill{number}", broken.master, 16, made.config, made.key, *inputs)
                time.sleep(moment * took)
                assert started[0].poll() is None, "the run was over before the kill"
                broken.kill_worker()
                finish(started, expected, "kill")
                log = (started[1].parent / "driver.log").read_text(errors="replace")
                lost = re.search(r"(Lost executor \d+|Executor \S+ removed|ExecutorLostFailure|[Ww]orker .*(lost|removed))", log)
                told(f"{args.messages} messages, a worker killed after {moment * took:.1f} s ({lost.group(0)[:60] if lost else 'before it had an executor'})", began)
        looks = watch.looks
    assert not watch.seen, f"the key was in {sorted(watch.seen)}"
    found = holders(folder)
    assert not found, f"the key is in {found}"
    n_files = sum(path.is_file() for path in folder.rglob("*"))
    print(f"the key: in none of {n_files} files, and in no process's arguments or environment ({looks} looks)")


if __name__ == "__main__":
    main()

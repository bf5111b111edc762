"""The report is the same, byte for byte, by every route and however the table is parted."""

from __future__ import annotations

import random
from pathlib import Path

import evenhand
import pyarrow as pa
import pytest
from conftest import ROOT, Corpus, run

SAMPLES = ROOT / "samples/evenhand.toml"


@pytest.fixture(scope="module")
def expected(made: Corpus) -> str:
    one, two = made.report(threads=1), made.report(threads=2)
    assert one == two
    return one


def parts(table: pa.Table, n: int, config: Path) -> list[pa.Table]:
    """The table by `person`, as an engine parts it, in `n` parts of any order."""
    table = pa.Table.from_batches(evenhand.add_person(table, config))
    rows: list[list[int]] = [[] for _ in range(n)]
    for at, person in enumerate(table.column("person").to_pylist()):
        rows[hash(person) % n].append(at)
    for part in rows:
        random.Random(n).shuffle(part)
    return [table.take(pa.array(part, pa.int64())) for part in rows]


def test_formats_of_one_table(made: Corpus) -> None:
    rows = list(evenhand.tally_batches(made.table(), made.config, made.key))
    for format in ("terminal", "html", "markdown", "csv", "json"):
        assert evenhand.report(rows, made.config, format) == made.report(format), format


def test_pyarrow(made: Corpus, expected: str) -> None:
    table = made.table()
    for batches in (table, table.to_reader(max_chunksize=777), table.to_batches(max_chunksize=777), iter(table.to_batches())):
        assert evenhand.report(evenhand.tally_batches(batches, made.config), made.config, "json") == expected


def test_any_order(made: Corpus, expected: str) -> None:
    table = made.table()
    order = list(range(table.num_rows))
    random.Random(3).shuffle(order)
    rows = evenhand.tally_batches(table.take(order), made.config, threads=1)
    assert evenhand.report(rows, made.config, "json") == expected


@pytest.mark.parametrize("n", [1, 7, 32])
def test_parts(made: Corpus, expected: str, n: int) -> None:
    rows = [row for part in parts(made.table(), n, made.config) for row in evenhand.tally_batches(part, made.config, made.key)]
    random.Random(n).shuffle(rows)
    assert evenhand.report(rows, made.config, "json") == expected


def test_polars(made: Corpus, expected: str) -> None:
    polars = pytest.importorskip("polars")
    frame = polars.read_ndjson(made.messages)
    rows = polars.concat(polars.DataFrame(batch) for batch in evenhand.tally_batches(frame, made.config))
    assert evenhand.report(rows, made.config, "json") == expected
    parted = [evenhand.tally_batches(part, made.config, made.key) for part in by_person(polars, frame, made)]
    assert evenhand.report([row for rows in parted for row in rows], made.config, "json") == expected


def by_person(polars, frame, made: Corpus):
    persons = polars.concat(polars.DataFrame(batch) for batch in evenhand.add_person(frame, made.config))
    return persons.with_columns(part=polars.col("person").hash() % 5).partition_by("part")


def test_duckdb(made: Corpus, expected: str) -> None:
    duckdb = pytest.importorskip("duckdb")
    messages = duckdb.sql(f"select * from read_json('{made.messages}') order by hash(id)")
    rows = pa.Table.from_batches(evenhand.tally_batches(messages, made.config))
    assert evenhand.report(duckdb.sql("select * from rows order by hash(name)"), made.config, "json") == expected


def test_rows_in_files(made: Corpus, expected: str, tmp_path: Path) -> None:
    from pyarrow import csv, parquet

    rows = pa.Table.from_batches(batch for part in parts(made.table(), 3, made.config) for batch in evenhand.tally_batches(part, made.config, made.key))
    parquet.write_table(rows, tmp_path / "rows.parquet")
    csv.write_csv(rows, tmp_path / "rows.csv")
    rows.to_pandas().to_json(tmp_path / "rows.jsonl", orient="records", lines=True)
    for name in ("rows.parquet", "rows.csv", "rows.jsonl"):
        assert evenhand.report(tmp_path / name, made.config, "json") == expected, name
    for name in ("rows.csv", "rows.jsonl"):
        assert run("report", tmp_path / name, "--config", made.config, "--format", "json").decode() == expected, name


def test_rows_of_the_command(made: Corpus, expected: str, tmp_path: Path) -> None:
    from conftest import MAP

    for format in ("jsonl", "csv"):
        path = tmp_path / f"rows.{format}"
        run("scan", made.messages, "--map", MAP, "--config", made.config, "--format", format, "-o", path, "--quiet")
        assert evenhand.report(path, made.config, "json") == expected


def test_samples(samples: list[tuple[str, bytes]]) -> None:
    paths = [path for path, _ in samples]
    expected = run("report", *paths, "--config", SAMPLES, "--format", "json").decode()
    files = pa.table({"path": paths, "content": [content for _, content in samples]})
    messages = pa.Table.from_batches(evenhand.read_messages(files))
    assert evenhand.report(evenhand.tally_batches(messages, SAMPLES), SAMPLES, "json") == expected


@pytest.mark.parametrize("n", [1, 7, 32])
def test_samples_in_parts(samples: list[tuple[str, bytes]], n: int, tmp_path: Path) -> None:
    (key := tmp_path / "key").write_text("ab" * 32)
    paths = [path for path, _ in samples]
    expected = run("report", *paths, "--config", SAMPLES, "--format", "json").decode()
    files = pa.table({"path": paths, "content": [content for _, content in samples]})
    messages = pa.Table.from_batches(evenhand.read_messages(files))
    rows = [row for part in parts(messages, n, SAMPLES) for row in evenhand.tally_batches(part, SAMPLES, key)]
    assert evenhand.report(rows, SAMPLES, "json") == expected


def test_shared_authors_are_said(made: Corpus) -> None:
    table = made.table()
    half = table.num_rows // 2
    rows = [row for part in (table[:half], table[half:]) for row in evenhand.tally_batches(part, made.config, made.key)]
    assert "authors occur in more than one" in evenhand.report(rows, made.config, "terminal")


def test_hits_are_those_of_the_command(made: Corpus) -> None:
    import json

    from conftest import MAP

    lines = run("hits", made.messages, "--map", MAP, "--config", made.config, "--format", "jsonl", "--quiet").decode().splitlines()
    told = [(row["id"], hit["category"], hit["entry"], hit["start"], hit["end"], hit["target"], hit["named"]) for row in map(json.loads, lines) for hit in row["hits"]]
    columns = ["id", "category", "entry", "start", "end", "target", "named"]
    hits = pa.Table.from_batches(evenhand.hits(made.table(), made.config)).select(columns).to_pylist()
    assert len(told) > 100
    assert [tuple(hit[column] for column in columns) for hit in hits] == told

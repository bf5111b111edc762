"""What is wrong is told with its place, and harms nothing else."""

from __future__ import annotations

import warnings
from pathlib import Path

import evenhand
import pyarrow as pa
import pytest
from conftest import KEY, Corpus


def few(**columns: object) -> pa.Table:
    return pa.table({"text": ["Our heroes in Sales."], "author": ["ann@x.example"], **columns})


def fails(kind: type[Exception], begin: str, call, *args: object, **named: object) -> str:
    with pytest.raises(kind) as error:
        result = call(*args, **named)
        list(result) if not isinstance(result, str) else result
    assert str(error.value).startswith(begin), str(error.value)
    return str(error.value)


def test_wrong_column() -> None:
    told = fails(ValueError, 'messages: no column "text", found txt, author', evenhand.tally_batches, pa.table({"txt": ["x"], "author": ["a"]}))
    assert told.endswith('did you mean "txt"?')
    fails(ValueError, 'messages: no column "author"', evenhand.tally_batches, pa.table({"text": ["x"]}))
    fails(ValueError, 'files: no column "content"', evenhand.read_messages, pa.table({"path": ["x"]}))
    fails(ValueError, 'rows: no column "tally_part"', evenhand.report, pa.table({"row": ["words"]}))


def test_wrong_type() -> None:
    fails(ValueError, 'messages: column "text": found Binary, expected text', evenhand.tally_batches, few().set_column(0, "text", pa.array([b"x"])))
    fails(ValueError, 'messages: column "sent_at": found Boolean', evenhand.tally_batches, few(sent_at=[True]))
    fails(ValueError, 'files: column "content": found Utf8, expected bytes', evenhand.read_messages, pa.table({"path": ["x"], "content": ["x"]}))
    fails(ValueError, "batches: found int, expected Arrow batches", evenhand.tally_batches, 7)
    fails(ValueError, "batches: item 2: found str, expected Arrow batches", evenhand.tally_batches, [few(), "x"])


def test_key_file(tmp_path: Path) -> None:
    fails(OSError, f"{tmp_path}/none: no such file", evenhand.tally_batches, few(), None, tmp_path / "none")
    for text in (KEY[:-1], KEY + "0", "g" + KEY[1:], ""):
        (tmp_path / "key").write_text(text)
        told = fails(ValueError, f"{tmp_path}/key: expected 64 hexadecimal digits", evenhand.tally_batches, few(), None, tmp_path / "key")
        assert len(text) < 8 or text[:8] not in told


def test_missing_files(tmp_path: Path) -> None:
    fails(OSError, f"{tmp_path}/none.toml: no such file", evenhand.tally_batches, few(), tmp_path / "none.toml")
    fails(OSError, f"{tmp_path}/none.jsonl: no such file", evenhand.report, tmp_path / "none.jsonl")
    (tmp_path / "evenhand.toml").write_text('[teams]\nroster = "none.csv"\n')
    fails(OSError, f"{tmp_path}/none.csv: no such file", evenhand.tally_batches, few(), tmp_path / "evenhand.toml")
    (tmp_path / "evenhand.toml").write_text("[temas]\n")
    fails(ValueError, f"{tmp_path}/evenhand.toml:1: ", evenhand.tally_batches, few(), tmp_path / "evenhand.toml")


def test_wrong_values() -> None:
    fails(ValueError, 'format: found "pdf"', evenhand.report, evenhand.tally_batches(few()), None, "pdf")
    fails(ValueError, 'include: found "all"', evenhand.read_messages, [], include=["all"])
    fails(ValueError, 'input_format: found "fax"', evenhand.read_messages, [], input_format="fax")
    fails(ValueError, 'timezone: found "Mars"', evenhand.read_messages, [], timezone="Mars")


def test_a_bad_record_is_counted_and_the_others_count() -> None:
    table = pa.table({"text": ["One.", "Two.", "Three."], "author": ["a@x.example"] * 3, "sent_at": ["2026-01-01T00:00:00Z", "yesterday", None]})
    with pytest.warns(UserWarning, match="messages: record 2: sent_at: found no time"):
        rows = pa.Table.from_batches(evenhand.tally_batches(table))
    head = [row for row in rows.to_pylist() if row["row"] == "tally"][0]
    assert '"read":2' in head["name"] and '"faults":1' in head["name"]


def test_a_broken_archive_in_one_row(samples: list[tuple[str, bytes]]) -> None:
    archive = next(content for path, content in samples if path.endswith(".zip"))
    rows = [("lake/broken.zip", archive[:40]), ("lake/noise.bin", bytes(range(256)) * 9), ("lake/null", None), *samples]
    files = pa.table({"path": [path for path, _ in rows], "content": pa.array([content for _, content in rows], pa.binary())})
    messages = pa.Table.from_batches(evenhand.read_messages(files))
    faults = [row for row in messages.to_pylist() if row["kind"] == "fault"]
    assert {row["source"] for row in faults} == {"lake/broken.zip", "lake/noise.bin", "lake/null"}
    assert all(row["text"] for row in faults)
    good = pa.table({"path": [path for path, _ in samples], "content": [content for _, content in samples]})
    alone = pa.Table.from_batches(evenhand.read_messages(good))
    assert messages.num_rows - len(faults) == alone.num_rows
    with pytest.warns(UserWarning, match="lake/broken.zip"):
        tallied = pa.Table.from_batches(evenhand.tally_batches(messages))
    counts = lambda table: sorted((row["month"] or "", row["words"]) for row in table.to_pylist() if row["row"] == "words")
    assert counts(tallied) == counts(pa.Table.from_batches(evenhand.tally_batches(alone)))


def test_rows_that_do_not_go_together(made: Corpus, tmp_path: Path) -> None:
    rows = pa.Table.from_batches(evenhand.tally_batches(made.table()[:2000], made.config, made.key))
    fails(ValueError, "rows: part", evenhand.report, rows[:-1], made.config)
    fails(ValueError, "rows: row 1: part", evenhand.report, [rows, rows], made.config)
    (tmp_path / "other").write_text("cd" * 32)
    others = pa.Table.from_batches(evenhand.tally_batches(made.table()[2000:4000], made.config, tmp_path / "other"))
    told = fails(ValueError, "rows: part", evenhand.report, [rows, others], made.config)
    assert "made with other key" in told
    fails(ValueError, "rows: no rows", evenhand.report, [], made.config)


def test_no_message(made: Corpus) -> None:
    empty = pa.Table.from_batches(evenhand.tally_batches(made.table()[:0], made.config, made.key))
    assert empty.num_rows == 0 and empty.num_columns == 12


def test_the_key_is_in_no_row(made: Corpus) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows = pa.Table.from_batches(evenhand.tally_batches(made.table(), made.config, made.key))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as out:
        out.write_table(rows)
    written = sink.getvalue().to_pybytes()
    assert KEY.encode() not in written and bytes.fromhex(KEY) not in written
    assert b"x.example" not in written

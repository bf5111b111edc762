"""evenhand on any engine that speaks Arrow.

Archives become messages (`read_messages`), messages of whole authors become tally rows (`tally_batches`), and the rows of all of them
become the report that the command `evenhand report` writes of the same data, byte for byte (`report`). Batches go in as anything with the
Arrow C interface (a pyarrow table or batch, a Polars frame, a DuckDB relation or reader) or as an iterable of such; they come out as
`pyarrow.RecordBatch` where pyarrow is installed, else as objects with the same interface.

Errors are `ValueError` (what was given is not what it should be) or `OSError` (a file cannot be read); their text begins with the place.
Single records that cannot be read are counted in the tally, named in one `UserWarning`, and do no harm to the others.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, Union

from . import _evenhand

__all__ = ["MESSAGES", "ROWS", "add_person", "hits", "read_messages", "report", "tally_batches"]

MESSAGES = (
    "source string, position bigint, id string, author string, email string, user string, handle string, author_name string, team string, "
    "sent_at timestamp, channel string, thread string, reply_to string, kind string, markup string, text string, removed string"
)
"""What `read_messages` gives, as Spark writes schemas."""

ROWS = (
    "tally_part string, row string, author string, team string, month string, name string, named boolean, category string, entries string, "
    "segments bigint, words bigint, messages bigint"
)
"""What `tally_batches` gives, as Spark writes schemas."""

Batches = Any
"""Anything with `__arrow_c_stream__` or `__arrow_c_array__`, or an iterable of such."""

Path = Union[str, "os.PathLike[str]"]


def _own(batches: Iterable[Any]) -> Iterator[Any]:
    """The batches as pyarrow's own, if pyarrow is there."""
    try:
        from pyarrow import record_batch
    except ImportError:
        yield from batches
    else:
        for batch in batches:
            yield record_batch(batch)


def read_messages(
    batches: Batches,
    *,
    include: Sequence[Literal["private", "direct"]] = (),
    input_format: str | None = None,
    map: str | None = None,
    timezone: str = "UTC",
) -> Iterator[Any]:
    """Reads archives and mailboxes that lie in memory, one a row.

    Args:
        batches: columns `path: string` and `content: binary`, as Spark's source `binaryFiles` has them. A row is a whole file: never a part
            of a mailbox. What lies beside a file on its disk is not seen, so chats that are a folder of files go in as a zip or tar.
        include: private channels, direct messages, or both; by default they are counted as left out.
        input_format, map, timezone: as `--input-format`, `--map` and `--timezone` of the command.

    Returns:
        An iterator of batches of about 8 MiB of text, one row a message: `source: string` (the path), `position: int64` (from 0, in its
        source), `id`, `author` (the key to tell authors by: mail address, else id, else handle, else name), `email`, `user`, `handle`,
        `author_name`, `team`, `sent_at: timestamp[us, UTC]`, `channel`, `thread`, `reply_to`, `kind` (`person`, or why it does not count, or
        `fault`, with what was wrong in `text`), `markup`, `text`, `removed` (characters that reading left out, by reason, as JSON).

    Raises:
        ValueError: a column is missing or of another type. A file that cannot be read is a row of kind `fault`, never an error.
    """
    return _own(_evenhand.read_messages(batches, list(include), input_format, map, timezone))


def add_person(batches: Batches, config: Path | None = None) -> Iterator[Any]:
    """Adds the column `person`: the key under which the roster adds up all that somebody wrote, whatever the address.

    Part a table by it, rather than by `author`, where the roster gives people several addresses or users.

    Args:
        batches: messages, as for `tally_batches`.
        config: path of `evenhand.toml`; its roster is read.

    Returns:
        An iterator of the same batches with `person: string`, null where no author is told.

    Raises:
        ValueError, OSError: as `tally_batches`.
    """
    return _own(_evenhand.add_person(batches, _path(config)))


def tally_batches(batches: Batches, config: Path | None = None, key_file: Path | None = None, *, threads: int | None = None) -> Iterator[Any]:
    """Counts messages. All messages of an author must be in one call (on Spark: in one partition); calls may be made apart.

    Args:
        batches: one row a message. `text: string`, and `author: string` (an address, `Ann <ann@x.example>`, an id or a handle) or the keys
            that `read_messages` tells apart; all else may be missing: `sent_at` (a timestamp, or text or a number as `--map time=` takes it; one
            without a zone is UTC), `id`, `author_name`, `team`, `channel`, `thread`, `reply_to`, `kind`, `markup`, `removed`, `source`, `position`.
            Messages of one source count in the order of `position`, else of time and id, in whatever order they come; what an author
            repeats (signatures, templates) is learned within a source. They are held in memory, without a copy.
        config: path of `evenhand.toml`; paths in it are relative to it. None: no configuration.
        key_file: path of a file of 64 hexadecimal digits (`openssl rand -hex 32`), the same for all calls. None: a key for this call only,
            so that its rows add up with no others. The key itself is in no argument, row, message or log.
        threads: None: as many as there are cores; 1 where an engine starts a process a core.

    Returns:
        An iterator of batches of tally rows, about 65,536 rows each, an empty one where there is no message. Columns `tally_part`, `row`,
        `author` (a pseudonym), `team`, `month`, `name`, `category`, `entries: string`, `named: bool`, `segments`, `words`,
        `messages: int64`. They are to be kept like a tally: readable by few.

    Raises:
        ValueError: a column is missing or of another type, the configuration or key is none.
        OSError: configuration, roster or key file cannot be read.
    """
    return _own(_evenhand.tally_batches(batches, _path(config), _path(key_file), threads))


def hits(batches: Batches, config: Path | None = None, *, threads: int | None = None) -> Iterator[Any]:
    """Every match that counts, without text.

    Args:
        batches, config, threads: as for `tally_batches`.

    Returns:
        An iterator of batches, one row a match: `source`, `position: int64` (as given, else the place in order), `id`, `category`,
        `subcategory`, `entry`, `target: string` (null: about nobody in particular), `named: bool` (whether the sentence names the target),
        `start`, `end: int64` (bytes of the UTF-8 of `text`, half open).

    Raises:
        ValueError, OSError: as `tally_batches`.
    """
    return _own(_evenhand.hits(batches, _path(config), threads))


def report(
    rows: Batches | Path,
    config: Path | None = None,
    format: Literal["terminal", "html", "markdown", "csv", "json"] = "terminal",
) -> str:
    """The report of tally rows, the bytes that `evenhand report --format FORMAT` writes.

    Authors that occur in several calls' rows are counted and the report says so: repeated text across them was not looked for.

    Args:
        rows: batches of tally rows, in any order and grouping; or the path of a Parquet file, of a folder of them (pyarrow needed), or of a
            file of JSON Lines or CSV.
        config: path of `evenhand.toml`.
        format: as the command's.

    Raises:
        ValueError: rows are missing or there twice, were made with other lexicons, keys or zones, or hold no message that counts.
        OSError: a file cannot be read.
    """
    if isinstance(rows, (str, os.PathLike)) and _is_parquet(os.fspath(rows)):
        from pyarrow import parquet

        rows = parquet.read_table(rows)
    return _evenhand.report(rows, _path(config), format)


def _path(path: Path | None) -> str | None:
    return None if path is None else os.fspath(path)


def _is_parquet(path: str) -> bool:
    return os.path.isdir(path) or path.endswith((".parquet", ".pq"))

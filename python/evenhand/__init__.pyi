import os
from collections.abc import Iterator, Sequence
from typing import Any, Literal, Union

MESSAGES: str
ROWS: str

Batches = Any
Path = Union[str, os.PathLike[str]]

def read_messages(
    batches: Batches,
    *,
    include: Sequence[Literal["private", "direct"]] = (),
    input_format: str | None = None,
    map: str | None = None,
    timezone: str = "UTC",
) -> Iterator[Any]: ...
def add_person(batches: Batches, config: Path | None = None) -> Iterator[Any]: ...
def tally_batches(
    batches: Batches, config: Path | None = None, key_file: Path | None = None, *, threads: int | None = None
) -> Iterator[Any]: ...
def hits(batches: Batches, config: Path | None = None, *, threads: int | None = None) -> Iterator[Any]: ...
def report(
    rows: Batches | Path,
    config: Path | None = None,
    format: Literal["terminal", "html", "markdown", "csv", "json"] = "terminal",
) -> str: ...

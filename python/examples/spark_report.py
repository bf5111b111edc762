"""A report from Spark: of a table of messages, or of a bucket of exports, one archive or mailbox a file.

    spark-submit spark_report.py --messages lake/messages.parquet --config evenhand.toml --key-file /run/secrets/evenhand --rows lake/rows
    spark-submit spark_report.py --files 'lake/exports/*' --work lake/text …

Configuration, roster and key file must lie at the same paths on every machine; the key as a mounted secret, never through `--files`. Rows are
kept in `--rows` (pseudonyms: for few to read); what `--work` holds is text and is best deleted afterwards.
"""

import argparse
import sys
from functools import partial

from pyspark.sql import DataFrame, SparkSession

import evenhand


def messages_of(spark: SparkSession, args: argparse.Namespace) -> DataFrame:
    if args.files is None:
        return spark.read.format("parquet" if "parquet" in args.messages else "json").load(args.messages)
    # One file an Arrow batch: a batch of many may pass the 2 GB that it can hold.
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", 1)
    files = spark.read.format("binaryFile").load(args.files).select("path", "content")
    files.mapInArrow(partial(evenhand.read_messages, include=args.include), evenhand.MESSAGES).write.mode("overwrite").parquet(args.work)
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", 10_000)
    return spark.read.parquet(args.work)


def rows_of(messages: DataFrame, args: argparse.Namespace) -> DataFrame:
    schema = f"{messages._jdf.schema().toDDL()}, person STRING"
    persons = messages.mapInArrow(partial(evenhand.add_person, config=args.config), schema)
    tally = partial(evenhand.tally_batches, config=args.config, key_file=args.key_file, threads=1)
    # All that somebody wrote must come to one place; the rest of the way is the engine's.
    return persons.repartition(args.partitions, "person").mapInArrow(tally, evenhand.ROWS)


def main() -> None:
    parser = argparse.ArgumentParser()
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--messages", help="table of messages, Parquet or JSON Lines")
    source.add_argument("--files", help="archives and mailboxes")
    parser.add_argument("--include", nargs="*", default=[], choices=["private", "direct"])
    parser.add_argument("--work", help="folder for the messages of --files")
    parser.add_argument("--config", required=True)
    parser.add_argument("--key-file", required=True)
    parser.add_argument("--rows", required=True, help="folder for the tally's rows")
    parser.add_argument("--partitions", type=int, default=32)
    parser.add_argument("--format", default="terminal")
    args = parser.parse_args()
    if args.files is not None and args.work is None:
        parser.error("--files needs --work")
    spark = SparkSession.builder.appName("evenhand").getOrCreate()
    rows_of(messages_of(spark, args), args).write.mode("overwrite").parquet(args.rows)
    rows = spark.read.parquet(args.rows).toArrow()
    spark.stop()
    sys.stdout.buffer.write(evenhand.report(rows, args.config, args.format).encode())


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Apache Spark beside Martlet, both ways. Needs pyspark and a Java runtime; nothing of the ordinary
tests does.

    spark.py fixtures FIXTURES        writes what Spark makes of the fixtures' values beside them
    spark.py reads MARTLET FOLDER     has Spark read what `martlet file convert` writes
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

import pyarrow.parquet as pq
from pyspark.sql import SparkSession

COLUMNS = "i64 i32 i8 f64 f32 text few flag bytes us date money none all list deep s".split()


def session():
    builder = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    for name in ["int96RebaseModeInWrite", "datetimeRebaseModeInWrite"]:
        builder = builder.config(f"spark.sql.parquet.{name}", "CORRECTED")
    builder = builder.config("spark.sql.session.timeZone", "UTC")
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def write(frame, path):
    with tempfile.TemporaryDirectory() as folder:
        frame.coalesce(1).write.mode("overwrite").parquet(folder + "/out")
        part, = [name for name in os.listdir(folder + "/out") if name.endswith(".parquet")]
        shutil.copyfile(f"{folder}/out/{part}", path)


def fixtures(folder):
    with tempfile.TemporaryDirectory() as scratch:
        pq.write_table(pq.read_table(f"{folder}/arrow_snappy_v1.parquet", columns=COLUMNS),
                       scratch + "/in.parquet")
        spark = session()
        frame = spark.read.parquet(scratch + "/in.parquet")
        for name, settings in {
            "spark_snappy": {"outputTimestampType": "TIMESTAMP_MICROS", "writeLegacyFormat": "false",
                             "compression.codec": "snappy"},
            "spark_legacy": {"outputTimestampType": "INT96", "writeLegacyFormat": "true",
                             "compression.codec": "gzip"},
        }.items():
            for key, value in settings.items():
                spark.conf.set("spark.sql.parquet." + key, value)
            write(frame, f"{folder}/{name}.parquet")


# What columns are stored as that Spark has no type for.
UNREADABLE = ["FLOAT16", "UUID", "nanoseconds", "TIME("]


def reads(martlet, folder):
    """Spark must find the same in a copy as in the original, in all columns that it has types for."""
    spark = session()
    wrong = 0
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".parquet"):
            continue
        original, copy = f"{folder}/{name}", tempfile.mkdtemp() + "/copy.parquet"
        schema = json.loads(subprocess.run([martlet, "file", "schema", original, "--json"],
                                           check=True, stdout=subprocess.PIPE).stdout)
        columns = [column["name"] for column in schema["columns"]
                   if not any(word in column["stored_as"] for word in UNREADABLE)]
        subprocess.run([martlet, "file", "convert", original, copy, "--columns", ",".join(columns)],
                       check=True)
        after = spark.read.parquet(copy)
        try:
            # With a schema, since Spark refuses a whole file for a column that it has no type for.
            before = spark.read.schema(after.schema).parquet(original)
            rows = before.collect()
        except Exception as error:  # what Spark does not read of the original it need not of a copy
            print(f"{name}: Spark does not read the original: {str(error).splitlines()[0][:120]}")
            continue
        found = after.collect()
        same = list(map(str, rows)) == list(map(str, found))
        wrong += not same
        print(f"{name}: {len(found)} rows of {len(columns)} columns, {'the same' if same else 'OTHERS'}")
    return wrong


if sys.argv[1] == "fixtures":
    fixtures(sys.argv[2])
else:
    sys.exit(1 if reads(sys.argv[2], sys.argv[3]) else 0)

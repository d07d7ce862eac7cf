"""Reads the Parquet files of a folder with every reader that is installed, and holds what it finds
against the values that are spelled out beside each file, bit by bit.

    python read_what_we_write.py FOLDER
"""

import datetime
import glob
import importlib
import math
import os
import struct
import sys

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def bits(number):
    return format(struct.unpack("<Q", struct.pack("<d", number))[0], "x")


def float_bits(number):
    return format(struct.unpack("<I", struct.pack("<f", number))[0], "x")


def spell(value, kind):
    """A value as the sample spells it. `kind` says what the column holds."""
    if value is None:
        return "~"
    if kind == "bool":
        return "1" if value else "0"
    if kind in ("int", "time"):
        return str(int(value))
    if kind == "double":
        return bits(value)
    if kind == "float":
        return float_bits(value)
    if kind in ("string", "bytes"):
        raw = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else bytes(value)
        return "x" + raw.hex()
    element = {"ints": "int", "strings": "string", "lists": "doubles", "doubles": "double",
               "vector": "float"}[kind]
    return "[" + ",".join(spell(item, element) for item in value) + "]"


def close(found, expected, kind):
    """NaN loses its payload where a reader widens floats to Python's; nothing else may differ."""
    if found == expected:
        return True
    if kind != "vector" or found.count(",") != expected.count(","):
        return False
    pairs = zip(found.strip("[]").split(","), expected.strip("[]").split(","))
    return all(one == other or is_nan(one) and is_nan(other) for one, other in pairs)


def is_nan(text):
    return math.isnan(struct.unpack("<f", struct.pack("<I", int(text, 16)))[0])


def with_pyarrow(path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(path, page_checksum_verification=True)
    columns = {}
    for name in table.column_names:
        column = table[name]
        if pa.types.is_timestamp(column.type):
            assert str(column.type) == "timestamp[us, tz=UTC]", column.type
            column = column.cast(pa.int64())
        columns[name] = column.to_pylist()
    assert pq.ParquetFile(path).metadata.metadata[b"purpose"] == b"to be read"
    return columns


def with_duckdb(path):
    import duckdb

    connection = duckdb.connect()
    names = [row[0] for row in connection.execute(
        f"describe select * from read_parquet('{path}')").fetchall()]
    # A time beyond what DuckDB holds cannot be asked for; the extremes go unread.
    cells = ["epoch_us(time)" if name == "time" else name for name in names]
    if "extremes" in path:
        cells = [cell for cell in cells if "time" not in cell]
        names.remove("time")
    rows = connection.execute(
        f"select {', '.join(cells)} from read_parquet('{path}')").fetchall()
    return {name: [row[index] for row in rows] for index, name in enumerate(names)}


def with_polars(path):
    import polars as pl

    frame = pl.read_parquet(path)
    if "time" in frame.columns:
        frame = frame.with_columns(pl.col("time").to_physical())
    return {name: frame[name].to_list() for name in frame.columns}


def with_fastparquet(path):
    import fastparquet

    frame = fastparquet.ParquetFile(path).to_pandas(columns=["int", "double", "string"])
    columns = {}
    for name in frame.columns:
        values = frame[name]
        # pandas has one word for NaN and for no value in a column of doubles.
        if name == "double" or values.dtype == "float64":
            continue
        columns[name] = [None if value is None or value != value else value
                         for value in values.astype(object).where(values.notna(), None)]
    return columns


READERS = {"pyarrow": with_pyarrow, "duckdb": with_duckdb, "polars": with_polars,
           "fastparquet": with_fastparquet}


def check(path, reader):
    """The columns that `reader` reads wrongly from `path`, each with the first wrong value."""
    with open(path.removesuffix(".parquet") + ".values") as file:
        lines = [line.rstrip("\n").split("\t") for line in file]
    expected = {name: values.split(" ") if values else [] for name, values in lines}
    found = READERS[reader](path)
    for name, values in found.items():
        if len(values) != len(expected[name]):
            yield f"{name}: {len(values)} rows of {len(expected[name])}"
            continue
        for row, value in enumerate(values):
            spelled = spell(value, name)
            if not close(spelled, expected[name][row], name):
                yield f"{name}, row {row}: {spelled}, not {expected[name][row]}"
                break


def main(folder):
    wrong = 0
    paths = sorted(glob.glob(os.path.join(folder, "*.parquet")))
    for reader in READERS:
        try:
            importlib.import_module(reader)
        except ImportError:
            print(f"{reader}: not installed")
            continue
        unread = []
        for path in paths:
            try:
                findings = list(check(path, reader))
            except NotImplementedError as error:  # fastparquet knows fewer encodings
                unread.append(str(error))
                continue
            except Exception as error:  # whatever a reader throws is its finding
                findings = [f"{type(error).__name__}: {str(error)[:200]}"]
            for finding in findings:
                wrong += 1
                print(f"{reader}: {os.path.basename(path)}: {finding}")
        print(f"{reader}: read {len(paths) - len(unread)} of {len(paths)} files")
        for reason in sorted(set(unread)):
            print(f"{reader}: does not read {unread.count(reason)} of them: {reason}")
    return 1 if wrong or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

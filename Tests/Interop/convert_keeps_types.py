#!/usr/bin/env python3
"""Has `martlet file convert` rewrite files of every type, and holds what pyarrow, DuckDB and Polars
read from the copy against what they read from the original: schema, values, nulls, bounds.

    convert_keeps_types.py MARTLET FOLDER [FILE…]

Files are made in FOLDER by pyarrow, DuckDB, Polars and fastparquet; those named behind it are converted too.
"""
import datetime
import decimal
import os
import subprocess
import sys
import uuid

import duckdb
import numpy as np
import polars
import pyarrow as pa
import pyarrow.parquet as pq

import other_writers

MARTLET, FOLDER = sys.argv[1:3]
ROWS = 3_000


def nulled(values, every=7):
    return [None if i % every == 3 else v for i, v in enumerate(values)]


def integers(kind, manner):
    info = np.iinfo(kind.to_pandas_dtype())
    if manner == "extremes":
        values = [info.min, info.max, 0, 1, info.max - 1, info.min + 1]
        return [values[i * i % 6] for i in range(ROWS)]
    if manner == "jumps":
        # Far enough apart that the choice of an encoding, which looks at samples, misses them.
        return [info.max if i % 1_400 == 700 else info.min if i % 1_400 == 701 else (i * 1_000 + i * i % 997) % info.max
                for i in range(ROWS)]
    if manner == "ascending":
        return [info.min // 2 + i * (info.max // 2 // ROWS) for i in range(ROWS)]
    return [i % 5 for i in range(ROWS)]


def tables():
    for manner in ["extremes", "jumps", "ascending", "repeating"]:
        columns = {}
        for kind in [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(),
                     pa.uint32(), pa.uint64()]:
            columns[str(kind)] = pa.array(nulled(integers(kind, manner)), kind)
        for unit in ["s", "ms", "us", "ns"]:
            numbers = pa.array(nulled([v // 10_000 for v in integers(pa.int64(), manner)]))
            columns["timestamp " + unit] = numbers.cast(pa.timestamp(unit))
            columns["zoned " + unit] = numbers.cast(pa.timestamp(unit, "Europe/Berlin"))
            columns["duration " + unit] = numbers.cast(pa.duration(unit))
        yield "integers_" + manner, pa.table(columns)
    floats = np.array([0.0, -0.0, np.inf, -np.inf, 1.1, -2.5, 1e-40, 3e38], np.float32)
    nans = np.array([0x7F800001, 0xFFC00123], np.uint32).view(np.float32)
    singles = np.resize(np.concatenate([floats, nans]), ROWS)
    noise = np.random.default_rng(1).random(ROWS, np.float32)
    money = [decimal.Decimal(i * 7 - 9_000) / 100 for i in range(ROWS)]
    rng = np.random.default_rng(2)
    yield "others", pa.table({
        "f32": pa.array(singles), "noise": pa.array(noise),
        "f16": pa.array(np.resize(floats[:6].astype(np.float16), ROWS)),
        "f64": pa.array(np.resize(floats, ROWS).astype(np.float64)),
        "nan": pa.array(np.resize(np.array([0x7FF0000000000001, 0xFFF8000000000123, 0x7FF8000000000000,
                                            0x8000000000000000], np.uint64).view(np.float64), ROWS)),
        "small": pa.array(nulled(money), pa.decimal128(7, 2)),
        "money": pa.array(nulled(money), pa.decimal128(15, 2)),
        "large": pa.array(nulled(money), pa.decimal128(38, 2)),
        "huge": pa.array(nulled(money), pa.decimal256(60, 2)),
        "date": pa.array([datetime.date(1900, 1, 1) + datetime.timedelta(i * 31) for i in range(ROWS)]),
        "t32": pa.array(nulled(list(range(ROWS))), pa.int32()).cast(pa.time32("ms")),
        "t64": pa.array(nulled(list(range(ROWS)))).cast(pa.time64("ns")),
        "id": pa.array([uuid.UUID(int=int(v)).bytes for v in rng.integers(0, 2**62, ROWS)], pa.uuid()),
        "fixed": pa.array(nulled([bytes([i % 256]) * 5 for i in range(ROWS)]), pa.binary(5)),
        "wide": pa.array([os.urandom(1) * 90 for _ in range(ROWS)], pa.binary(90)),
        "bytes": pa.array(nulled([os.urandom(i % 9) for i in range(ROWS)])),
        "large text": pa.array(nulled([f"é{i}" for i in range(ROWS)]), pa.large_string()),
        "few": pa.array(nulled([f"v{i % 3}" for i in range(ROWS)])).dictionary_encode(),
        "json": pa.array(nulled(['{"a": %d}' % i for i in range(ROWS)]), pa.json_()),
        "null": pa.nulls(ROWS),
        "flag": pa.array(nulled([i % 3 == 0 for i in range(ROWS)])),
    })
    items = [None if i % 9 == 2 else [None if j == 2 else {"x": i, "y": None if j else "é"}
             for j in range(i % 4)] for i in range(ROWS)]
    struct = pa.struct([("a", pa.int16()), ("b", pa.struct([("c", pa.float32()), ("d", pa.string())]))])
    structs = [None if i % 5 == 0 else {"a": i if i % 3 else None, "b": None if i % 4 == 0 else
               {"c": float(i), "d": None if i % 7 == 0 else str(i)}} for i in range(ROWS)]
    maps = [None if i % 6 == 0 else [(f"k{j}", None if j == 1 else [i % 100, j]) for j in range(i % 3)]
            for i in range(ROWS)]
    yield "nested", pa.table({
        "items": pa.array(items, pa.list_(pa.struct([("x", pa.int32()), ("y", pa.string())]))),
        "s": pa.array(structs, struct),
        "m": pa.array(maps, pa.map_(pa.string(), pa.list_(pa.int8()))),
        "deep": pa.array([None if i % 5 == 1 else [[float(k) for k in range(j)] for j in range(i % 4)]
                          for i in range(ROWS)], pa.list_(pa.list_(pa.float32()))),
        "vector": pa.array(list(np.random.default_rng(3).random((ROWS, 4), np.float32)),
                           pa.list_(pa.float32(), 4)),
    })
    schema = pa.schema([pa.field("a", pa.int32(), nullable=False), pa.field("b", pa.string(), nullable=False),
                        pa.field("l", pa.list_(pa.field("element", pa.int32(), nullable=False)), nullable=False)])
    yield "required", pa.table([pa.array(range(ROWS), pa.int32()), pa.array([str(i) for i in range(ROWS)]),
                                pa.array([list(range(i % 3)) for i in range(ROWS)], schema[2].type)], schema=schema)
    yield "empty", pa.table({"a": pa.array([], pa.int16()), "s": pa.array([], struct)})


def make():
    for name, table in tables():
        for manner, options in {
            "plain": {"use_dictionary": False}, "small": {"row_group_size": 500, "data_page_size": 600},
            "v2": {"data_page_version": "2.0", "version": "2.6"},
            "bare": {"store_schema": False, "compression": "zstd"},
        }.items():
            path = os.path.join(FOLDER, f"{name}_{manner}.parquet")
            pq.write_table(table, path, **options)
            yield path
    path = os.path.join(FOLDER, "wide.parquet")
    pq.write_table(pa.table({f"c{i}": pa.array([i, None, -i], pa.int32()) for i in range(5_000)}), path)
    yield path
    path = os.path.join(FOLDER, "groups.parquet")
    pq.write_table(pa.table({"a": range(5_000), "b": [str(i % 7) for i in range(5_000)]}), path,
                   row_group_size=1)
    yield path
    path = os.path.join(FOLDER, "long.parquet")
    rng = np.random.default_rng(5)
    pq.write_table(pa.table({"a": rng.integers(0, 2**40, 2_000_000), "b": rng.integers(0, 50, 2_000_000).astype(str),
                             "c": rng.random(2_000_000, np.float32)}), path)
    yield path
    path = os.path.join(FOLDER, "int96.parquet")
    pq.write_table(pa.table({"t": pa.array(list(range(-500, 500))).cast(pa.timestamp("ns"))}), path,
                   use_deprecated_int96_timestamps=True)
    yield path


def leaves(path):
    schema = pq.ParquetFile(path).schema
    columns = [schema.column(i) for i in range(len(schema.names))]
    return [(c.path, c.physical_type, str(c.logical_type), c.length, c.precision, c.scale,
             c.max_definition_level, c.max_repetition_level) for c in columns]


def same(one, other):
    """Whether two columns hold the same bits; NaN is the same as itself."""
    if one.equals(other):
        return True
    if not pa.types.is_floating(one.type):
        return False
    width = np.dtype(f"u{one.type.bit_width // 8}")
    return (one.is_null().equals(other.is_null()) and
            np.array_equal(one.drop_null().to_numpy().view(width), other.drop_null().to_numpy().view(width)))


def by_arrow(path, copy):
    before, after = pq.read_table(path), pq.read_table(copy, page_checksum_verification=True)
    if not before.schema.equals(after.schema, check_metadata=True):
        yield f"schema: {after.schema} of {before.schema}"
        return
    for name in before.column_names:
        if not same(before[name].combine_chunks(), after[name].combine_chunks()):
            yield f"{name}: other values"
    if len(before.column_names) > 1_000:  # asking for each leaf takes pyarrow quadratic time
        return
    if leaves(path) != leaves(copy):
        yield f"leaves: {set(leaves(copy)) ^ set(leaves(path))}"
    yield from wrong_bounds(copy, after)


def wrong_bounds(copy, table):
    """The bounds of each column must be those of the values that are there."""
    file = pq.ParquetFile(copy)
    for index in range(len(file.schema.names)):
        name = file.schema.column(index).path
        if name not in table.column_names or file.metadata.num_row_groups != 1:
            continue
        bounds = file.metadata.row_group(0).column(index).statistics
        column = table[name].drop_null()
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        elif isinstance(column.type, pa.ExtensionType):
            continue
        try:
            values = [value for value in column.to_pylist() if value == value]
        except (OverflowError, ValueError):  # beyond what Python's datetime holds
            continue
        if not values or bounds is None or not bounds.has_min_max:
            if str(file.schema.column(index).converted_type) == "INTERVAL":  # which has no order
                continue
            if values and column.type != pa.binary(90) and file.schema.column(index).physical_type != "INT96":
                yield f"{name}: no bounds"
            continue
        for bound, value in [(bounds.min, min(values)), (bounds.max, max(values))]:
            if isinstance(value, (str, bytes)) and len(value) > 64:  # is cut
                continue
            if bound != value and str(bound) != str(value) and type(bound) is type(value):
                yield f"{name}: a bound of {bound} for {value}"


def by_duckdb(path, copy):
    connection = duckdb.connect()
    kinds = [connection.execute(f"describe select * from read_parquet('{p}')").fetchall() for p in (path, copy)]
    if kinds[0] != kinds[1]:
        yield f"types: {kinds[1]} of {kinds[0]}"
    if len(kinds[0]) > 1_000:  # comparing sets of such rows takes DuckDB minutes
        rows = [connection.execute(f"select * from read_parquet('{p}')").fetchall() for p in (path, copy)]
        if rows[0] != rows[1]:
            yield "other rows"
        return
    sides = [f"select row_number() over () as n, * from read_parquet('{p}')" for p in (path, copy)]
    for one, other in [sides, sides[::-1]]:
        count = connection.execute(f"select count(*) from ({one} except {other})").fetchone()[0]
        if count:
            yield f"{count} other rows"


def by_polars(path, copy):
    before, after = polars.read_parquet(path), polars.read_parquet(copy)
    if before.schema != after.schema:
        yield f"types: {after.schema} of {before.schema}"
    elif not before.equals(after):
        yield "other values"


def findings(path):
    copy = os.path.join(FOLDER, "copy_of_" + os.path.basename(path))
    done = subprocess.run([MARTLET, "file", "convert", path, copy], capture_output=True, text=True)
    if done.returncode != 0:
        yield done.stderr.strip()
        return
    for reader in [by_arrow, by_duckdb, by_polars]:
        try:
            yield from (f"{reader.__name__}: {finding}" for finding in reader(path, copy))
        except BaseException as error:
            # What a reader cannot read of the original it need not read of the copy.
            try:
                list(reader(path, path))
            except BaseException:
                continue
            yield f"{reader.__name__}: {type(error).__name__}: {error}"


def main():
    os.makedirs(FOLDER, exist_ok=True)
    wrong, count = 0, 0
    for path in list(make()) + list(other_writers.make(FOLDER)) + sys.argv[3:]:
        count += 1
        for finding in findings(path):
            wrong += 1
            print(f"{os.path.basename(path)}: {finding}"[:600])
    print(f"{count} files converted, {wrong} findings")
    return 1 if wrong else 0


sys.exit(main())

#!/usr/bin/env python3
"""Writes Parquet files by other programs, and what a reader must find in them.

    parquet_fixtures.py FOLDER [ROWS]

All files hold the same columns or some of them. `every.txt` says for each column its name, its type
as Martlet has it, and then each value on a line: integers and microseconds in digits, doubles as the
hexadecimal digits of their bits, bytes in hexadecimal digits, texts in quotes, lists in brackets.
It is made from what was written and never from what was read back.
"""
import datetime
import decimal
import os
import struct
import sys
import uuid

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = sys.argv[1]
ROWS = int(sys.argv[2]) if len(sys.argv) > 2 else 300


def bits(x):
    return None if x is None else struct.pack(">d", x).hex()


def digits(x):
    return None if x is None else str(x)


def hexes(x):
    return None if x is None else x.hex()


def quoted(x):
    return None if x is None else f"'{x}'"


def text(x):
    if isinstance(x, list):
        return "[" + ", ".join(map(text, x)) + "]"
    return "null" if x is None else str(x).lower() if isinstance(x, bool) else x


def some_null(values, every=7):
    return [None if i % every == 3 else v for i, v in enumerate(values)]


def save(columns):
    with open(os.path.join(FOLDER, "every.txt"), "w") as f:
        for name, kind, values in columns:
            print(name, kind, file=f)
            for value in values:
                print(text(value), file=f)


def path(name):
    return os.path.join(FOLDER, name + ".parquet")


SPECIAL = [0.0, -0.0, float("inf"), float("-inf"), 5e-324, 1.7976931348623157e308,
           struct.unpack(">d", bytes.fromhex("7ff8000000000123"))[0], -1.5]
INT64 = [0, -1, 2**63 - 1, -(2**63), 1, 42, -7]


def cycle(values, n=ROWS):
    return [values[i % len(values)] for i in range(n)]


def everything():
    """Columns of every kind, each with nulls: arrow array, our type, expected values."""
    n = ROWS
    ints = some_null(cycle(INT64))
    doubles = some_null(cycle(SPECIAL), 5)
    texts = some_null([["", "a", "héllo", "x" * 300, f"value {i}"][i % 5] for i in range(n)], 11)
    few = some_null(cycle(["approved", "declined", "pending"]), 13)
    flags = some_null([i % 3 == 0 for i in range(n)])
    times = some_null([(i - 150) * 86_400_000_000 * 200 + i for i in range(n)])
    small = some_null([(i - 128) % 256 - 128 for i in range(n)])
    bytes_ = some_null([bytes([i % 256, 255]) * (i % 4) for i in range(n)])
    lists = [None if i % 9 == 2 else [] if i % 5 == 1 else
             [None if j == 2 else i * 10 + j for j in range(i % 4)] for i in range(n)]
    deep = [None if i % 11 == 2 else [None if j == 1 else [f"{i}-{k}" for k in range(j)]
            for j in range(i % 4)] for i in range(n)]
    halves = some_null(cycle([0.5, -0.0, 65504.0, float("inf"), 6e-8]))
    half_array = pa.array([None if h is None else np.float16(h) for h in halves], pa.float16())
    structs = [None if i % 10 == 4 else {"a": None if i % 3 == 1 else i, "b": f"s{i % 2}"} for i in range(n)]
    ids = some_null([uuid.UUID(int=i * 2**100 + i) for i in range(n)])
    singles = some_null([float(np.float32(i * 0.1)) for i in range(n)])
    money = some_null([decimal.Decimal(i - 100) / 4 for i in range(n)])
    dates = some_null([datetime.date(1969, 1, 1) + datetime.timedelta(days=i * 9) for i in range(n)])
    epoch = datetime.date(1970, 1, 1)
    ms = [None if t is None else t // 1000 for t in times]
    ns = [None if t is None else min(max(t, -9 * 10**15), 9 * 10**15) * 1000 + 999 for t in times]
    return {
        "i64": (pa.array(ints, pa.int64()), "int", list(map(digits, ints))),
        "i32": (pa.array([None if v is None else v % 2**32 - 2**31 for v in ints], pa.int32()), "int",
                [digits(None if v is None else v % 2**32 - 2**31) for v in ints]),
        "i8": (pa.array(small, pa.int8()), "int", list(map(digits, small))),
        "u32": (pa.array([None if v is None else v % 2**32 for v in ints], pa.uint32()), "int",
                [digits(None if v is None else v % 2**32) for v in ints]),
        "u64": (pa.array([None if v is None else v % 2**63 for v in ints], pa.uint64()), "int",
                [digits(None if v is None else v % 2**63) for v in ints]),
        "f64": (pa.array(doubles, pa.float64()), "double", list(map(bits, doubles))),
        "f32": (pa.array(singles, pa.float32()), "double", list(map(bits, singles))),
        "f16": (half_array, "double",
                [None if h is None else bits(float(np.float16(h))) for h in halves]),
        "text": (pa.array(texts), "string", list(map(quoted, texts))),
        "few": (pa.array(few), "string", list(map(quoted, few))),
        "flag": (pa.array(flags), "bool", flags),
        "bytes": (pa.array(bytes_, pa.binary()), "bytes", list(map(hexes, bytes_))),
        "us": (pa.array(times, pa.timestamp("us", "UTC")), "time", list(map(digits, times))),
        "ms": (pa.array(ms, pa.timestamp("ms")), "time",
               [digits(None if t is None else t * 1000) for t in ms]),
        "ns": (pa.array(ns, pa.timestamp("ns")), "time",
               [digits(None if t is None else t // 1000) for t in ns]),
        "date": (pa.array(dates), "time",
                 [digits(None if d is None else (d - epoch).days * 86_400_000_000) for d in dates]),
        "money": (pa.array(money, pa.decimal128(12, 2)), "double",
                  [bits(None if m is None else float(m)) for m in money]),
        "none": (pa.array([None] * n, pa.int64()), "int", [None] * n),
        "all": (pa.array(list(range(n)), pa.int64()), "int", list(map(digits, range(n)))),
        "list": (pa.array(lists, pa.list_(pa.int64())), "list of int",
                 [None if v is None else list(map(digits, v)) for v in lists]),
        "deep": (pa.array(deep, pa.list_(pa.list_(pa.string()))), "list of list of string",
                 [None if v is None else [None if w is None else list(map(quoted, w)) for w in v] for v in deep]),
        "id": (pa.array([None if i is None else i.bytes for i in ids], pa.uuid()), "string",
               list(map(quoted, ids))),
        "s": (pa.array(structs, pa.struct([("a", pa.int64()), ("b", pa.string())])), None, structs),
    }


def expectations(columns):
    for name, (_, kind, values) in columns.items():
        if kind is None:
            yield name + ".a", "int", [None if v is None else digits(v["a"]) for v in values]
            yield name + ".b", "string", [None if v is None else quoted(v["b"]) for v in values]
        else:
            yield name, kind, values


def write_arrow(name, columns, **options):
    table = pa.table({n: a for n, (a, _, _) in columns.items()})
    pq.write_table(table, path(name), **options)


def pick(columns, names):
    return {n: columns[n] for n in names.split()}


def main():
    os.makedirs(FOLDER, exist_ok=True)
    every = everything()
    save(expectations(every))
    for codec in ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]:
        for version in ["1.0", "2.0"]:
            write_arrow(f"arrow_{codec}_v{version[0]}", every, compression=codec,
                        data_page_version=version, data_page_size=700, row_group_size=130,
                        write_page_checksum=codec == "zstd", write_page_index=codec == "zstd")
    write_arrow("arrow_plain", every, use_dictionary=False)
    write_arrow("arrow_fallback", pick(every, "text i64 bytes few"), dictionary_pagesize_limit=200,
                data_page_size=100, write_batch_size=10)
    write_arrow("arrow_tiny_groups", every, row_group_size=3)
    write_arrow("arrow_int96", pick(every, "ns us"), use_deprecated_int96_timestamps=True)
    numbers = pick(every, "i64 i32 i8 us ms all none")
    write_arrow("arrow_delta", numbers, use_dictionary=False,
                column_encoding={n: "DELTA_BINARY_PACKED" for n in numbers})
    texts = pick(every, "text few bytes")
    for encoding in ["DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY"]:
        write_arrow("arrow_" + encoding.lower(), texts, use_dictionary=False, data_page_size=500,
                    column_encoding={n: encoding for n in texts})
    split = pick(every, "f64 f32 i64 i32 f16")
    write_arrow("arrow_split", split, use_dictionary=False,
                column_encoding={n: "BYTE_STREAM_SPLIT" for n in split})
    empty = {n: (a.slice(0, 0), t, []) for n, (a, t, _) in every.items()}
    write_arrow("arrow_empty", empty)
    others(every)


def others(every):
    """The same values by the other programs, as far as each knows their types."""
    import duckdb
    import fastparquet
    import pandas
    import polars
    flat = pick(every, "i64 i32 i8 u32 u64 f64 f32 text few flag bytes us none all list deep s")
    table = pa.table({n: a for n, (a, _, _) in flat.items()})
    duck = duckdb.connect()
    duck.register("t", table)
    for version in ["V1", "V2"]:
        duck.execute(f"copy t to '{path('duck_' + version)}' (format parquet, codec zstd, "
                     f"parquet_version {version}, row_group_size 128)")
    frame = polars.from_arrow(table)
    for codec in ["zstd", "snappy", "lz4"]:
        frame.write_parquet(path("polars_" + codec), compression=codec, row_group_size=100)
    frame = pandas.DataFrame({n: pandas.Series(every[n][0].to_pandas()) for n in ["all", "text", "few"]})
    fastparquet.write(path("fast"), frame, row_group_offsets=100, compression="GZIP")


main()

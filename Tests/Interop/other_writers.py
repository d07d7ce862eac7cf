"""Files of every type that DuckDB, Polars and fastparquet write, each with nulls, extremes and times
before 1970, for `convert_keeps_types.py`."""
import datetime
import decimal
import math
import os
import struct

import duckdb
import fastparquet
import numpy as np
import pandas as pd
import polars as pl

ROWS = 2_000
EPOCH = datetime.datetime(1970, 1, 1)


def nulled(values, every=6):
    return [None if index % every == 2 else value for index, value in enumerate(values)]


def cycled(*values):
    return [values[index % len(values)] for index in range(ROWS)]


def double(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def by_duckdb(folder):
    connection = duckdb.connect()
    connection.execute("create type mood as enum ('low', 'fair', 'high')")
    extremes = ", ".join(
        f"case i % 4 when 0 then {low} when 1 then {high} when 2 then null else i % 90 end::{name} as \"{name}\""
        for name, low, high in [
            ("tinyint", -2**7, 2**7 - 1), ("smallint", -2**15, 2**15 - 1), ("integer", -2**31, 2**31 - 1),
            ("bigint", -2**63 + 1, 2**63 - 1), ("utinyint", 0, 2**8 - 1), ("usmallint", 0, 2**16 - 1),
            ("uinteger", 0, 2**32 - 1), ("ubigint", 0, f"{2**64 - 1}::ubigint")])
    others = """
        case i % 6 when 0 then 'nan'::double when 1 then '-inf'::double when 2 then -0.0 when 3 then null
          when 4 then 1.7976931348623157e308 else i / 7.0 end as doubles,
        case i % 4 when 0 then 'nan'::float when 1 then 'inf'::float when 2 then null else (i / 3.0)::float end as floats,
        (i / 100.0 - 7)::decimal(4, 2) as small, (i / 100.0 - 7)::decimal(9, 3) as middle,
        (i - 1000)::decimal(18, 4) as large, (i - 1000)::decimal(38, 10) as huge,
        date '1600-02-29' + (i * 97)::integer as day, time '23:59:59.999999' - to_microseconds(i) as clock,
        timestamp '1969-12-31 23:59:59.999999' + to_microseconds(i * 40000) as moment,
        (timestamp '1812-01-01' + to_seconds(i))::timestamp_s as seconds,
        (timestamp '1950-01-01' + to_seconds(i))::timestamp_ms as milliseconds,
        make_timestamp_ns(-1000000007 * i) as nanoseconds,
        (timestamp '1969-07-20 20:17:40' + to_hours(i))::timestamptz as zoned,
        ('00000000-0000-4000-8000-' || lpad(i::varchar, 12, '0'))::uuid as id,
        case i % 5 when 0 then '' when 1 then null else repeat('é', i % 70) end as words,
        encode(repeat(chr((i % 90)::integer), i % 5)) as bytes, (['low', 'fair', 'high'])[1 + i % 3]::mood as mood,
        case when i % 7 = 1 then null else [case when i % 3 = 0 then null else i end, -i] end as list,
        case when i % 7 = 3 then null else [[], [i], null] end as lists,
        {'a': i, 'b': {'c': case when i % 2 = 0 then null else 'x' end}} as struct,
        case when i % 5 = 0 then null else map(['k' || i, 'l'], [i, null]) end as map,
        [{'x': i, 'y': [1.5]}] as items, i % 3 = 0 as flag, '{"a": ' || i || '}' as json"""
    for version in ["V1", "V2"]:
        for codec in ["uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4_raw"]:
            path = os.path.join(folder, f"duck_{version}_{codec}.parquet")
            connection.execute(
                f"copy (select {extremes}, {others} from range({ROWS}) r(i)) to '{path}' "
                f"(format parquet, parquet_version {version}, codec '{codec}', row_group_size 1000)")
            yield path
    # By itself, since Polars ends at the sight of it.
    path = os.path.join(folder, "duck_span.parquet")
    connection.execute("copy (select interval (i) day + interval (i) month as span, i from range(900) r(i)) "
                       f"to '{path}' (format parquet)")
    yield path
    path = os.path.join(folder, "duck_empty.parquet")
    connection.execute(f"copy (select {extremes}, {others} from range(0) r(i)) to '{path}' (format parquet)")
    yield path


def by_polars(folder):
    frame = pl.DataFrame({
        **{str(kind): pl.Series(nulled(cycled(low, high, 0, 1)), dtype=kind)
           for kind, low, high in [
               (pl.Int8, -2**7, 2**7 - 1), (pl.Int16, -2**15, 2**15 - 1), (pl.Int32, -2**31, 2**31 - 1),
               (pl.Int64, -2**63, 2**63 - 1), (pl.UInt8, 0, 2**8 - 1), (pl.UInt16, 0, 2**16 - 1),
               (pl.UInt32, 0, 2**32 - 1), (pl.UInt64, 0, 2**64 - 1)]},
        "doubles": pl.Series(nulled(cycled(-0.0, 0.0, math.inf, -math.inf, math.nan, 5e-324, 0.1))),
        "floats": pl.Series(nulled(cycled(-0.0, math.nan, 1e-40, 3e38)), dtype=pl.Float32),
        "decimal": pl.Series(nulled([decimal.Decimal(i - 900) / 1000 for i in range(ROWS)]), dtype=pl.Decimal(20, 3)),
        "day": pl.Series(nulled([datetime.date(1, 1, 1) + datetime.timedelta(i * 700) for i in range(ROWS)])),
        "clock": pl.Series(nulled([datetime.time(i % 24, i % 60, i % 59, i) for i in range(ROWS)])),
        **{f"moment {unit}": pl.Series(nulled([(-1)**i * i**4 for i in range(ROWS)]), dtype=pl.Int64).cast(pl.Datetime(unit))
           for unit in ["ms", "us", "ns"]},
        "zoned": pl.Series([i - 1000 for i in range(ROWS)]).cast(pl.Datetime("us", "Asia/Tokyo")),
        "words": pl.Series(nulled(cycled("", "é" * 300, "a", "\0", "b"))),
        "bytes": pl.Series(nulled([bytes(range(i % 40)) for i in range(ROWS)])),
        "kinds": pl.Series(nulled(cycled("a", "b", "c")), dtype=pl.Categorical),
        "enum": pl.Series(nulled(cycled("a", "b")), dtype=pl.Enum(["a", "b"])),
        "list": pl.Series(nulled([[None if j == 1 else j for j in range(i % 4)] for i in range(ROWS)]), dtype=pl.List(pl.Int16)),
        "array": pl.Series([[float(i), None] for i in range(ROWS)], dtype=pl.Array(pl.Float32, 2)),
        "struct": pl.Series(nulled([{"a": i, "b": None if i % 4 else [str(i)]} for i in range(ROWS)])),
        "null": pl.Series([None] * ROWS, dtype=pl.Null), "flag": pl.Series(nulled(cycled(True, False, False))),
    })
    for codec in ["uncompressed", "snappy", "gzip", "brotli", "lz4", "zstd"]:
        path = os.path.join(folder, f"polars_{codec}.parquet")
        frame.write_parquet(path, compression=codec, row_group_size=700, data_page_size=2_000)
        yield path
    path = os.path.join(folder, "polars_empty.parquet")
    frame.clear().write_parquet(path)
    yield path


def by_fastparquet(folder):
    numbers = np.arange(ROWS)
    frame = pd.DataFrame({
        **{kind: np.resize(np.array([np.iinfo(kind).min, np.iinfo(kind).max, 1], kind), ROWS)
           for kind in ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]},
        "doubles": np.resize([-0.0, math.inf, -math.inf, 5e-324, 0.1, double(0x7FF8000000000123)], ROWS),
        "floats": np.resize(np.array([-0.0, 1e-40, 3e38], np.float32), ROWS),
        "moment": pd.to_datetime(numbers * 10**12 - 10**15), "span": pd.to_timedelta(numbers * 10**6, unit="us"),
        "words": nulled(cycled("", "é" * 40, "a")), "bytes": nulled([bytes([i % 256]) * (i % 5) for i in range(ROWS)]),
        "kinds": pd.Categorical(cycled(3, 1, 2)), "flag": numbers % 3 == 0,
    })
    for codec in ["UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "BROTLI", "LZ4_RAW"]:
        path = os.path.join(folder, f"fast_{codec}.parquet")
        fastparquet.write(path, frame, compression=codec, row_group_offsets=600,
                          object_encoding={"words": "utf8", "bytes": "bytes"})
        yield path


def make(folder):
    yield from by_duckdb(folder)
    yield from by_polars(folder)
    yield from by_fastparquet(folder)

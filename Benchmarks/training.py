#!/usr/bin/env python3
"""Training sets beside DuckDB, Polars, pandas and numpy: whole processes that take turns on one set of
files, answers compared. `scripts/bench-training` runs it.

  W1  a spine of a million rows joined with three tables of states, 30-day expiry
  W2  count, sum, avg, max of ten million transactions over 1 h, 24 h, 7 d, 30 d before each row
  W3  the latest row and 30-day count, sum, avg of every customer as of one time

`store` reads what `martlet materialize` stored, `draft` the raw files. How answers are judged:

  * rows, their order, the spine's columns, integers, texts, counts and maxima: equal to DuckDB's, bit
    for bit
  * sums and averages: of a sample of rows equal, to the last bit, to the sum of Python's fractions;
    of all rows within 1e-9 of DuckDB's, whose own depend on the order of its threads
"""
import argparse
import fractions
import json
import os
import random
import subprocess
import sys

WINDOWS = {"1h": 3600, "24h": 86400, "7d": 7 * 86400, "30d": 30 * 86400}
PEERS = {
    "W1": [("duckdb:asof", "c_duckdb.py", "asof"), ("polars:join_asof", "c_polars.py", "asof"),
           ("polars:join_asof-streaming", "c_polars.py", "asof_streaming"),
           ("pandas:merge_asof", "c_pandas.py", "asof")],
    "W2": [("duckdb:day-tiles", "c_duckdb.py", "tiles"),
           ("polars:union-rolling-group", "c_polars.py", "rolling_group"),
           ("numpy:searchsorted", "c_numpy.py", "searchsorted")],
    "W3": [("duckdb:arg_max", "c_duckdb.py", "arg_max"), ("duckdb:row_number", "c_duckdb.py", "row_number"),
           ("polars:sort_by-last", "c_polars.py", "sort_last")],
}


def definitions(workload, data):
    """The project's text, over the files in `data`."""
    text = "entity customer(customer_id: int)\n\n"
    if workload == "W1":
        import pyarrow.parquet as pq
        service = "service w1 {\n"
        types = {"double": "double", "int64": "int", "int32": "int", "string": "string", "bool": "bool"}
        for name in ("a", "b", "c"):
            file = f"{data}/snap_{name}.parquet"
            fields = [(f.name, types[str(f.type)]) for f in pq.read_schema(file)
                      if f.name not in ("customer_id", "event_time", "created_time")]
            text += f'states snap_{name} {{\n    from "{file}"\n    at event_time\n\n'
            text += "    customer_id: int\n    event_time: time\n"
            text += "".join(f"    {n}: {t}\n" for n, t in fields) + "}\n\n"
            text += f"features f_{name} of customer from snap_{name} {{\n"
            text += "".join(f"    {n}\n" for n, _ in fields) + "    keep 30d\n}\n\n"
            service += "".join(f"    f_{name}.{n} as {n}\n" for n, _ in fields)
        return text + service + "}\n"
    text += f'events transactions {{\n    from "{data}/transactions.parquet"\n    at event_time\n\n'
    text += "    customer_id: int\n    merchant_id: int\n    amount: double\n    status: string\n"
    text += "    event_time: time\n}\n\n"
    if workload == "W2":
        over = "over " + ", ".join(WINDOWS)
        text += "features spend of customer from transactions {\n"
        text += f"    count = count() {over}\n    sum = sum(amount) {over}\n"
        text += f"    avg = avg(amount) {over}\n    max = max(amount) {over}\n}}\n\nservice w2 {{\n"
        text += "".join(f"    spend.{f}_{w} as {f}_{w}\n" for w in WINDOWS for f in ("count", "sum", "avg", "max"))
        return text + "}\n"
    last = ("event_time", "amount", "merchant_id", "status")
    text += "features latest of customer from transactions {\n"
    text += "".join(f"    last_{n} = last({n})\n" for n in last)
    text += "    count = count() over 30d\n    sum = sum(amount) over 30d\n    avg = avg(amount) over 30d\n}\n\n"
    text += "service w3 {\n" + "".join(f"    latest.last_{n} as last_{n}\n" for n in last)
    return text + "".join(f"    latest.{n}_30d as {n}_30d\n" for n in ("count", "sum", "avg")) + "}\n"


def prepare(workload, data, work, martlet):
    """A project with a store that is up to date."""
    project = f"{work}/{os.path.basename(data)}-{workload}"
    text = definitions(workload, data)
    file = f"{project}/featuredefs/bench.martlet"
    if not os.path.exists(file) or open(file).read() != text:
        subprocess.run(["rm", "-rf", project], check=True)
        os.makedirs(f"{project}/featuredefs")
        open(file, "w").write(text)
    for words in (["apply", "--yes"], ["materialize", "--offline"]):
        subprocess.run([martlet, *words, "--project", project], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return project


def turns(workload, a, project, spine, as_of):
    """What takes turns: (name, words)."""
    if workload == "W3":
        at = __import__("datetime").datetime.fromtimestamp(as_of / 1e6, __import__("datetime").timezone.utc)
        snapshot = [a.martlet, "snapshot", "w3", "--project", project, "--at",
                    at.strftime("%Y-%m-%dT%H:%M:%SZ"), "--out", "{out}"]
        ours = [("martlet:store", snapshot), ("martlet:draft", snapshot + ["--draft"])]
    else:
        train = [a.martlet, "train", workload.lower(), "--project", project, "--spine", spine, "--out", "{out}"]
        ours = [("martlet:store", train), ("martlet:draft", train + ["--draft"])]
    peers = [(name, [sys.executable, f"{a.peers}/contestants/{script}", workload, variant, "--data", a.data,
                     "--spine", spine, "--out", "{out}", "--threads", str(os.cpu_count()), "--work", a.work])
             for name, script, variant in PEERS[workload]]
    wanted = a.only.split(",") if a.only else []
    return [(n, w) for n, w in ours + peers if not wanted or any(part in n for part in wanted)]


def table(path):
    """A file's columns by name, in one form whoever wrote them."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    columns = {}
    for name, column in zip((t := pq.read_table(path)).column_names, t.columns):
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("us", tz=column.type.tz)).cast(pa.int64())
        elif pa.types.is_integer(column.type) or pa.types.is_decimal(column.type):
            column = column.cast(pa.int64())
        elif pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type):
            column = column.cast(pa.string())
        columns[name] = column.combine_chunks()
    return pa.table(columns)


def newest_amounts(transactions, as_of):
    """Each customer's newest amount that is no null, as `last` answers; a newest row may have none."""
    import duckdb
    return duckdb.sql(f"""SELECT customer_id, arg_max(amount, epoch_us(event_time)) AS last_amount
        FROM '{transactions}' WHERE epoch_us(event_time) < {as_of} GROUP BY customer_id
        ORDER BY customer_id""").to_arrow_table()


def judge(workload, ours, spine, reference, newest=None):
    """What is wrong with the file `ours`; nothing if nothing is."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq
    mine, theirs = table(ours), table(reference)
    wrong = []
    if workload != "W3":
        asked = table(spine)
        for name in asked.column_names:
            if not mine[name].equals(asked[name]):
                wrong.append(f"{name}: not the spine's")
        if mine.column_names[:asked.num_columns] != asked.column_names:
            wrong.append("the spine's columns are not in front")
    keys = ["customer_id"] if workload == "W3" else ["customer_id", "event_time", "label"]
    if mine.num_rows != theirs.num_rows:
        return wrong + [f"{mine.num_rows} rows against {theirs.num_rows}"]
    order = [(k, "ascending") for k in keys]
    mine = mine.take(pc.sort_indices(mine.select(keys), sort_keys=order))
    theirs = theirs.take(pc.sort_indices(theirs.select(keys), sort_keys=order))
    if newest is not None:
        if not newest["customer_id"].combine_chunks().equals(mine["customer_id"].combine_chunks()):
            return wrong + ["customer_id: others than have rows"]
        place = theirs.column_names.index("last_amount")
        theirs = theirs.set_column(place, "last_amount", newest["last_amount"].combine_chunks())
    for name in theirs.column_names:
        one, other = mine[name].combine_chunks(), theirs[name].combine_chunks()
        nulls = (np.asarray(one.is_null()) != np.asarray(other.is_null())).sum()
        if nulls:
            wrong.append(f"{name}: {nulls} nulls on one side only")
        elif name.startswith(("sum_", "avg_")):
            x = one.fill_null(0.0).to_numpy()
            y = other.cast(pa.float64()).fill_null(0.0).to_numpy()
            if not np.allclose(x, y, rtol=1e-9, atol=1e-6):
                wrong.append(f"{name}: far from the reference's")
        elif pa.types.is_floating(one.type):
            x = one.fill_null(0.0).to_numpy().view(np.int64)
            y = other.fill_null(0.0).to_numpy().view(np.int64)
            if (x != y).any():
                wrong.append(f"{name}: {(x != y).sum()} values differ in some bit")
        elif not one.equals(other.cast(one.type)):
            wrong.append(f"{name}: differs")
    return wrong


def judge_sums(path, transactions, starts, sample=2_000):
    """Sums and averages of a sample of rows against Python's fractions, to the last bit."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq
    rows = pq.read_table(transactions, columns=["customer_id", "event_time", "amount"])
    key = rows["customer_id"].to_numpy()
    time = rows["event_time"].cast(pa.int64()).to_numpy()
    valid = ~np.asarray(rows["amount"].combine_chunks().is_null())
    amount = rows["amount"].combine_chunks().fill_null(0.0).to_numpy()
    order = np.lexsort((time, key))
    key, time, valid, amount = key[order], time[order], valid[order], amount[order]
    found = table(path)
    draw = random.Random(7)
    wrong = []
    for row in draw.sample(range(found.num_rows), min(sample, found.num_rows)):
        asked = starts(found, row)
        low, high = np.searchsorted(key, [asked[0], asked[0] + 1])
        for window, length in asked[2].items():
            end = low + np.searchsorted(time[low:high], asked[1])
            start = low + np.searchsorted(time[low:high], asked[1] - length * 1_000_000)
            values = [float(v) for v, ok in zip(amount[start:end], valid[start:end]) if ok]
            total = sum(map(fractions.Fraction, values), fractions.Fraction(0))
            wanted = (float(total), float(total / len(values))) if values else (None, None)
            seen = (found[f"sum_{window}"][row].as_py(), found[f"avg_{window}"][row].as_py())
            if wanted != seen:
                wrong.append(f"row {row}, {window}: {seen} instead of {wanted}")
    return wrong


def median(numbers):
    numbers = sorted(numbers)
    half = len(numbers) // 2
    return numbers[half] if len(numbers) % 2 else (numbers[half - 1] + numbers[half]) / 2


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("workload", choices=list(PEERS))
    p.add_argument("--data", required=True, help="a folder that gen.py of the peers wrote")
    p.add_argument("--work", default="Benchmarks/scratch/training")
    p.add_argument("--peers", required=True, help="the peers' scripts")
    p.add_argument("--martlet", default=".build/release/martlet")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--only", default="", help="parts of names, with commas")
    p.add_argument("--prepare", action="store_true", help="only bring the store up to date")
    p.add_argument("--judge", action="store_true", help="one turn each, and judge the answers")
    p.add_argument("--results", default="", help="append a line of JSON for each turn here")
    a = p.parse_args()
    a.data, a.work, a.martlet = map(os.path.realpath, (a.data, a.work, a.martlet))
    os.makedirs(a.work, exist_ok=True)
    sys.path.insert(0, a.peers)
    from measure import run
    project = prepare(a.workload, a.data, a.work, a.martlet)
    if a.prepare:
        return 0
    meta = json.load(open(f"{a.data}/meta.json"))
    spine, as_of = f"{a.data}/spine_1m.parquet", meta["end_us"] - 5 * 86_400_000_000
    contestants = turns(a.workload, a, project, spine, as_of)
    taken = {name: [] for name, _ in contestants}
    for _ in range(1 if a.judge else a.rounds):
        for name, words in contestants:
            out = f"{a.work}/{a.workload}-{name.replace(':', '-')}.parquet"
            words = [w.replace("{out}", out) for w in words]
            # A machine may take files out of its memory while others run: what a turn reads is there after
            # a run that does not count. And what that left for the disk is not the turn's to wait for.
            run(words, log=f"{out}.log")
            os.sync()
            turn = run(words, log=f"{out}.log")
            if turn["rc"]:
                print(open(f"{out}.log").read()[-600:])
                return 1
            taken[name].append(turn)
            turn.update(workload=a.workload, name=name, data=os.path.basename(a.data))
            if a.results:
                with open(a.results, "a") as f:
                    f.write(json.dumps(turn) + "\n")
    for name, found in taken.items():
        print(f"{a.workload} {name:28} wall {median([t['wall'] for t in found]):6.2f}  cpu "
              f"{median([t['cpu'] for t in found]):6.2f}  {median([t['rss_mb'] for t in found]):5.0f} MB  "
              f"other {max(t['other'] for t in found):4.0%}")
    if not a.judge:
        return 0
    wrong = []
    reference = next((n for n in taken if n.startswith("duckdb")), None)
    for name in taken:
        if not name.startswith("martlet") or reference is None:
            continue
        files = [f"{a.work}/{a.workload}-{n.replace(':', '-')}.parquet" for n in (name, reference)]
        transactions = f"{a.data}/transactions.parquet"
        newest = newest_amounts(transactions, as_of) if a.workload == "W3" else None
        wrong += [f"{name}: {w}" for w in judge(a.workload, files[0], spine, files[1], newest)]
        if a.workload == "W2":
            wrong += judge_sums(files[0], transactions, lambda t, r: (
                t["customer_id"][r].as_py(), t["event_time"][r].as_py(), WINDOWS))
        if a.workload == "W3":
            wrong += judge_sums(files[0], transactions, lambda t, r: (
                t["customer_id"][r].as_py(), as_of, {"30d": WINDOWS["30d"]}))
    print("\n".join(wrong) or f"{a.workload}: the answers are right")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

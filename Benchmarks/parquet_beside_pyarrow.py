"""The turns of `scripts/bench-parquet`: `martlet file check` beside pyarrow reading the same columns.

    parquet_beside_pyarrow.py MARTLET RESULTS ROUNDS ROWS [TRANSACTIONS]
"""
import json
import os
import re
import subprocess
import sys
import time

MADE = "Benchmarks/data"

# What pyarrow's process does: reads all batches, says how many rows there were and when it could begin.
READ = """
import sys, time
import pyarrow.parquet as pq
begun = time.process_time()
path, columns, kept = sys.argv[1], sys.argv[2].split(",") if sys.argv[2] else None, sys.argv[3].split(",")
file = pq.ParquetFile(path, read_dictionary=[name for name in kept if name])
print(sum(batch.num_rows for batch in file.iter_batches(65536, columns=columns)), begun)
"""


def make(rows):
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    os.makedirs(MADE, exist_ok=True)
    random = np.random.default_rng(1)
    words, numbers, texts = (f"{MADE}/{name}{rows}.parquet" for name in ["words", "numbers", "texts"])
    usual = {"compression": "zstd", "row_group_size": 131_072}
    if not os.path.exists(words):
        kinds = pa.array([f"kind-{number:05}" * (1 + number % 4) for number in range(1_000)])
        picks = pa.array(random.zipf(1.3, rows) % 1_000, pa.int32())
        others = pa.array(random.integers(0, 1_000, rows), pa.int32())
        pq.write_table(pa.table({"skewed": kinds.take(picks), "even": kinds.take(others)}), words, **usual)
    if not os.path.exists(numbers):
        times = np.cumsum(random.integers(0, 3_000_000, rows))
        table = pa.table({
            "id": pa.array(np.arange(rows)), "noise": pa.array(random.integers(0, 1 << 40, rows)),
            "time": pa.array(times).cast(pa.timestamp("us", "UTC")),
        })
        pq.write_table(table, numbers, use_dictionary=False,
                       column_encoding=dict.fromkeys(table.column_names, "DELTA_BINARY_PACKED"), **usual)
    if not os.path.exists(texts):
        paths = [f"/orders/2025/{number // 100:08}/{number % 100}" for number in range(rows)]
        pq.write_table(pa.table({"path": paths}), texts, use_dictionary=False,
                       column_encoding={"path": "DELTA_BYTE_ARRAY"}, **usual)
    return words, numbers, texts


def turn(arguments):
    begun = time.monotonic()
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE)
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{arguments[0]} ended with {status}")
    return output, {"wall": time.monotonic() - begun, "cpu": usage.ru_utime + usage.ru_stime,
                    "rss_mb": usage.ru_maxrss / 1024}


def main():
    martlet, results, rounds, rows = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    # By a process of its own: the memory of the one that starts them would be told as the turns' own.
    made = subprocess.run([sys.executable, __file__, "make", str(rows)], check=True, stdout=subprocess.PIPE)
    words, numbers, texts = made.stdout.decode().split()
    races = [("dictionary", words, [], ["skewed", "even"]), ("delta integers", numbers, [], []),
             ("delta texts", texts, [], [])]
    if len(sys.argv) > 5 and sys.argv[5]:
        races.insert(0, ("projection", sys.argv[5], ["customer_id", "event_time"], []))
    print(f"{'race':16} {'contestant':10} {'cpu min':>8} {'cpu med':>8} {'wall med':>8} {'rss MB':>7} {'cpu ratio':>9}")
    for name, path, columns, kept in races:
        with open(path, "rb") as file:
            while file.read(1 << 22):
                pass  # so that all find it in memory
        projection = ["--columns", ",".join(columns)] if columns else []
        turns, counts, starts = {"martlet": [], "pyarrow": []}, set(), []
        for _ in range(rounds):
            output, found = turn([martlet, "file", "check", path] + projection)
            counts.add(int(re.search(r"(\d+) rows?", output).group(1)))
            turns["martlet"].append(found)
            output, found = turn([sys.executable, "-c", READ, path, ",".join(columns), ",".join(kept)])
            counts.add(int(output.split()[0]))
            starts.append(float(output.split()[1]))
            turns["pyarrow"].append({**found, "start_cpu": starts[-1]})
        if len(counts) != 1:
            sys.exit(f"{name}: not all found the same number of rows: {counts}")
        ours = median(turns["martlet"], "cpu")
        for contestant, all_turns in turns.items():
            cpu = median(all_turns, "cpu")
            least = min(one["cpu"] for one in all_turns)
            print(f"{name:16} {contestant:10} {least:8.2f} {cpu:8.2f} {median(all_turns, 'wall'):8.2f} "
                  f"{median(all_turns, 'rss_mb'):7.0f} {cpu / ours:8.2f}x")
            with open(results, "a") as file:
                for one in all_turns:
                    file.write(json.dumps({"race": name, "name": contestant, "rows": max(counts), **one}) + "\n")
        start = sorted(starts)[len(starts) // 2]
        reading = median(turns["pyarrow"], "cpu") - start
        print(f"{'':16} {'…reading':10} {'':8} {reading:8.2f} {'':8} {'':7} {reading / ours:8.2f}x")


def median(turns, what):
    values = sorted(turn[what] for turn in turns)
    return (values[len(values) // 2] + values[(len(values) - 1) // 2]) / 2


if sys.argv[1] == "make":
    print(*make(int(sys.argv[2])))
else:
    main()

"""What the files below `Benchmarks/results` hold, as values."""

import json
import os
import re
from statistics import median

TITLES = {
    "W1": "W1: the newest states at a million moments",
    "W2": "W2: sixteen windowed features at a million moments",
    "W3": "W3: every customer at one moment",
    "W4R": "W4: reading ten million rows of Parquet",
    "W4W": "W4: rewriting them as zstd Parquet",
    "clustering": "Clustering ten million rows into the offline store",
    "projection": "Parquet, two of six columns",
    "dictionary": "Parquet, texts by dictionary",
    "delta integers": "Parquet, DELTA_BINARY_PACKED",
    "delta texts": "Parquet, DELTA_BYTE_ARRAY",
    "check": "The compiler: 1,000 files with 20,000 features",
    "W5": "W5: loading an online store, ten features an entity",
    "W7": "W7: until a command has begun",
}
MEASURES = [("wall", "wall time", "s"), ("cpu", "CPU time, all threads", "s"), ("rss_mb", "memory at its peak", "MB")]
# A contestant measured on other data belongs beside itself, not beside the others.
VARIANT = re.compile(r", (?:(\d+)M events|hot key|1 thread)$")


SERVED = re.compile(r"^(\S.*?)\s+(\d+) connections\s+(\d+) requests/s\s+p99 ([\d.]+)(us|ms|s|m)\s+([\d.]+) us of CPU")
INSIDE = re.compile(r"^(\S.*?)\s+(\d+) threads\s+(\d+) questions/s\s+(\d+) entities/s\s+([\d.]+) us of CPU")
DB_BENCH = re.compile(r"^(\w+)\s+:\s+([\d.]+) micros/op\s+(\d+) ops/sec")
MILLISECONDS = {"us": 0.001, "ms": 1, "s": 1_000, "m": 60_000}


class Measured:
    """What the files hold: races of whole processes, loops beside C, answers over HTTP and in a process, how
    cost grows, and what RocksDB does alone."""

    def __init__(self, paths):
        self.machines, self.races, self.loops = [], {}, []
        # By file, and by contestant and connections or threads: what each turn came to.
        self.served, self.inside = {}, {}
        # By what ran: operations a second of each turn.
        self.alone = {}
        # What `training_growth.py` says, as it says it.
        self.growth = []
        files = {}
        for path in paths:
            if path.endswith(".txt"):
                self.read_text(path)
            else:
                files[os.path.basename(path)] = self.read(path)
        # Contestants of one race took turns in one run, so a race is of one file: the newest that has it.
        when = {name: about.get("at", "") for name, about in self.machines}
        for name in sorted(files, key=lambda name: when.get(name, "")):
            self.races |= files[name]

    def read(self, path):
        races = {}
        for line in open(path):
            # `bc` writes .01, which JSON does not know.
            entry = json.loads(re.sub(r'":\.(\d)', r'":0.\1', line))
            if "machine" in entry:
                self.machines.append((os.path.basename(path), entry))
            elif "process_ns" in entry:
                self.loops.append(entry)
            elif "about" in entry:
                self.growth.append(entry)
            elif "values" in entry:
                for value in entry["values"]:
                    rate = value[0] if isinstance(value, list) else value
                    self.alone.setdefault(entry["name"], []).append(rate)
            elif "work" in entry:
                ours = entry["work"] == "materialize"
                if ours or entry["work"] in ("duckdb", "polars"):
                    run = {"wall": entry["wall"], "cpu": entry["cpu"], "rss_mb": entry["peak_kb"] / 1024}
                    add(races, "clustering", "martlet" if ours else entry["work"], run)
            elif "race" in entry or "workload" in entry:
                self.enter(races, entry)
            elif "files" in entry:
                run = {"wall": entry["wall_s"], "cpu": entry["user_s"] + entry["system_s"]}
                add(races, "check", "martlet", run | {"rss_mb": entry["memory_kb"] / 1024})
        return races

    def enter(self, races, entry):
        race = entry.get("race") or entry["workload"]
        if entry.get("rc", 0) != 0:
            return
        if race == "W7":
            add(races, race, entry["name"], {"wall": entry["median"], "cpu": entry["cpu"]})
        elif "size" in entry:
            add(races, f"{race}, {entry['size']:,} entities", entry["name"], entry)
        else:
            add(races, race, entry["name"], entry)

    def read_text(self, path):
        name = os.path.basename(path)
        about = {}
        for line in open(path):
            if found := SERVED.match(line):
                turn = (int(found[3]), float(found[4]) * MILLISECONDS[found[5]], float(found[6]))
                self.served.setdefault(name, {}).setdefault((found[1], int(found[2])), []).append(turn)
            elif found := INSIDE.match(line):
                turn = (int(found[3]), int(found[4]), float(found[5]))
                self.inside.setdefault(name, {}).setdefault((found[1], int(found[2])), []).append(turn)
            elif found := DB_BENCH.match(line):
                self.alone.setdefault(f"db_bench {found[1]}", []).append(int(found[3]))
            elif line.startswith(("machine:", "commit:")):
                about[line.split(":")[0]] = line.strip()
        if about or name in self.served:
            self.machines.append((name, about))


def add(races, race, name, run):
    races.setdefault(race, {}).setdefault(name, []).append(run)


def rows(race):
    """For each contestant the least, the median and the most of each measure."""
    table = {}
    for name, taken in race.items():
        table[name] = {"runs": len(taken), "verdicts": {run.get("verdict", "") for run in taken} - {"", "-"}}
        for key, _, _ in MEASURES:
            values = [float(run[key]) for run in taken if key in run]
            if values:
                table[name][key] = (min(values), median(values), max(values))
    return table


def is_ours(name):
    return name.startswith("martlet")


def middle(turns):
    """The median of each part of what the turns came to."""
    return [median(parts) for parts in zip(*turns)]

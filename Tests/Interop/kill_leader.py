#!/usr/bin/env python3
"""Kills whoever keeps the schedules, again and again, and looks whether each tick was run once.

    scripts/kill-leader [--kills N] [MARTLET]

Two processes keep the schedules of one store whose sets tick every second, while files are added. The one
that leads is killed at some moment (kill -9) and replaced, N times (otherwise 100). Afterwards:

- the records of each set follow each other: no tick is in none of them or in two;
- each record that is done names a run that was committed, no run was made by two records of a set, and no
  committed run belongs to none but those that a killed process committed and could not tell of, which the
  next record then names;
- each file was read once, and the store answers what the files hold.

MARTLET is the program to try; else the debug build's.
"""

import json
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

arguments = sys.argv[1:]
kills = 100
if arguments[:1] == ["--kills"]:
    kills = int(arguments[1])
    arguments = arguments[2:]
root = pathlib.Path(__file__).resolve().parents[2]
martlet = arguments[0] if arguments else str(root / ".build/debug/martlet")

DEFINITIONS = """
entity customer(customer_id: string)

events orders {
    from "orders/*.csv"
    at   at

    customer_id: string
    amount:      double
    at:          time
}

events visits {
    from "visits/*.csv"
    at   at

    customer_id: string
    at:          time
}

features spend of customer from orders {
    total = sum(amount)
    every 1s
}

features counts of customer from orders {
    orders = count()
    every 2s
}

features visiting of customer from visits {
    visits = count()
    every 1s
}

service all_of_it {
    spend.*
    counts.*
    visiting.*
}
"""

SECOND = 1_000_000
LENGTHS = {"spend": SECOND, "counts": 2 * SECOND, "visiting": SECOND}
chance = random.Random(7)


def run(folder, *words):
    return subprocess.run(
        [martlet, *words], cwd=folder, capture_output=True, text=True, check=True
    ).stdout


def add_file(folder, number):
    for source, row in (("orders", "a,1.5"), ("visits", "a")):
        head = "customer_id,amount,at" if source == "orders" else "customer_id,at"
        # Renamed into place, so that nobody reads half of it.
        path = folder / source / f"{number}.csv"
        path.with_suffix(".part").write_text(f"{head}\n{row},2025-01-01T00:00:00Z\n")
        path.with_suffix(".part").rename(path)


def start(folder):
    return subprocess.Popen(
        [martlet, "run", "--lease", "2s", "--backoff", "1s"], cwd=folder,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def leader(registry):
    row = registry.execute("SELECT holder FROM leases WHERE name = 'schedules'").fetchone()
    return int(row[0].rsplit(" ", 1)[1]) if row and row[0] else None


def main():
    with tempfile.TemporaryDirectory(prefix="martlet-kill-") as name:
        folder = pathlib.Path(name)
        for part in ("featuredefs", "orders", "visits"):
            (folder / part).mkdir()
        (folder / "featuredefs/all.martlet").write_text(DEFINITIONS)
        add_file(folder, 0)
        run(folder, "apply", "--yes")
        processes = [start(folder), start(folder)]
        registry = None
        done, files, begun = 0, 1, time.time()
        while done < kills:
            time.sleep(chance.uniform(0.05, 0.45))
            if registry is None:
                registry = sqlite3.connect(
                    f"file:{folder}/.martlet/registry.sqlite?mode=ro", uri=True, timeout=10)
            victim = leader(registry)
            for place, process in enumerate(processes):
                if process.pid == victim:
                    os.kill(victim, signal.SIGKILL)
                    process.wait()
                    processes[place] = start(folder)
                    done += 1
            if done % 10 == 0:
                add_file(folder, files)
                files += 1
        add_file(folder, files)
        files += 1
        time.sleep(3)
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait()
        run(folder, "run", "--once")
        took = time.time() - begun
        problems = look(registry, files)
        answer = json.loads(run(folder, "get", "all_of_it", "customer_id=a", "--json"))
        values = answer["features"]
        found = [values[f"{name}"][0] for name in ("counts__orders", "visiting__visits")]
        if found != [files, files] or values["spend__total"][0] != 1.5 * files:
            problems.append(f"the store answers {values}, of {files} files")
        ticks = registry.execute("SELECT count(*) FROM ticks").fetchone()[0]
        runs = registry.execute("SELECT count(*) FROM runs WHERE kind = 'materialize'").fetchone()[0]
        epochs = registry.execute("SELECT epoch FROM leases").fetchone()[0]
        for problem in problems:
            print(problem)
        print(
            f"{done} leaders killed, {epochs} leases, {ticks} records of ticks, {runs} runs, "
            f"{files} files in {took:.0f} s: {len(problems)} problems")
        return 1 if problems else 0


def look(registry, files):
    problems = []
    committed = {
        number: subject.split(",")
        for number, subject in registry.execute(
            "SELECT number, subject FROM runs WHERE kind = 'materialize' AND state = 'committed'")
    }
    for name, length in LENGTHS.items():
        rows = registry.execute(
            "SELECT since, due_at, cause, state, run FROM ticks WHERE set_name = ? ORDER BY due_at",
            (name,)).fetchall()
        before, runs = None, []
        for since, due, cause, state, number in rows:
            if state != "done":
                problems.append(f"{name} {due}: {state}")
                continue
            if before is not None:
                wanted = before - before % length + length
                if since != wanted:
                    problems.append(f"{name}: after {before} follows {since}, not {wanted}")
            if number not in committed or name not in committed[number]:
                problems.append(f"{name} {due}: run {number} did not bring it up to date")
            before = due
            runs.append(number)
        if len(set(runs)) != len(runs):
            problems.append(f"{name}: a run is told of twice")
        read = registry.execute(
            "SELECT count(*), count(DISTINCT path) FROM set_files JOIN files ON number = file "
            "WHERE set_name = ? AND removed IS NULL", (name,)).fetchone()
        if read != (files, files):
            problems.append(f"{name}: {read} of {files} files were read")
        unnamed = [n for n, sets in committed.items() if name in sets and n not in runs]
        # A killed process may have committed what a later tick then stands for.
        if len(unnamed) > len(runs):
            problems.append(f"{name}: {len(unnamed)} runs that no record names")
    return problems


sys.exit(main())

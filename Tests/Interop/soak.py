#!/usr/bin/env python3
"""Lets `martlet serve --schedule` and `martlet run` work together for long, over a source that grows.

    scripts/soak [--minutes N] [--facts FILE] [MARTLET]

Every ten seconds a file of 500 orders is added, 20 clicks are pushed to the server, and it is asked about
200 customers, a few times a second. Every half minute a line goes to FILE: how old the newest row is that the
store has read, and each process's resident memory, descriptors and threads. After N minutes (otherwise 120)
everything is stopped, and:

- both processes ended by themselves when they were asked to, and neither wrote an error;
- every file was read once: the count and the sum of every customer are those of the files' rows;
- every click that was acknowledged counts once;
- in the second half of the time neither memory nor descriptors have grown by more than a quarter.

MARTLET is the program to try; else the release build's.
"""

import collections
import csv
import datetime
import http.client
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

arguments = sys.argv[1:]
minutes, facts_file = 120.0, None
while arguments[:1] and arguments[0].startswith("--"):
    option, value, *arguments = arguments
    if option == "--minutes":
        minutes = float(value)
    elif option == "--facts":
        facts_file = value
    else:
        sys.exit(f"soak: no option is called {option}")
root = pathlib.Path(__file__).resolve().parents[2]
martlet = os.path.abspath(arguments[0]) if arguments else str(root / ".build/release/martlet")

DEFINITIONS = """
entity customer(customer_id: string)

events orders {
    from "orders/*.csv"
    at   at

    customer_id: string
    cents:       int
    at:          time
}

events clicks {
    from pushes
    at   at
    id   click

    click:       int
    customer_id: string
    at:          time
}

features spend of customer from orders {
    ever   = sum(cents)
    orders = count()
    recent = sum(cents) over 1h, 1d
    every 30s
    on new data
}

features interest of customer from clicks {
    clicks = count()
    every 1m
}

service risk {
    spend.*
    interest.*
}
"""

work = pathlib.Path(tempfile.mkdtemp(prefix="martlet-soak-"))
(work / "featuredefs").mkdir()
(work / "orders").mkdir()
(work / "featuredefs/shop.martlet").write_text(DEFINITIONS)
dice = random.Random(20260101)
customers = [f"c{number}" for number in range(200)]
ordered, spent, clicked = collections.Counter(), collections.Counter(), collections.Counter()


def stamp(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def add_file(number):
    """Adds a file of orders of the last minute, whole at once."""
    part = work / "orders" / f"{number}.part"
    with open(part, "w") as file:
        file.write("customer_id,cents,at\n")
        for _ in range(500):
            customer, cents = dice.choice(customers), dice.randrange(1, 100_000)
            ordered[customer] += 1
            spent[customer] += cents
            file.write(f"{customer},{cents},{stamp(time.time() - dice.random() * 60)}\n")
    part.rename(work / "orders" / f"{number}.csv")


def run(*words):
    return subprocess.run([martlet, "--project", str(work), *words], capture_output=True, text=True)


def about(process):
    """Resident KiB, descriptors and threads of `process`."""
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text().split("\n")
    number = {line.split(":")[0]: line.split()[1] for line in status if line.startswith(("VmRSS", "Threads"))}
    return int(number["VmRSS"]), len(os.listdir(f"/proc/{process.pid}/fd")), int(number["Threads"])


def start(name, *words):
    log = open(work / f"{name}.log", "w")
    return subprocess.Popen([martlet, "--project", str(work), *words], stdout=subprocess.DEVNULL, stderr=log)


findings = []
add_file(0)
applied = run("apply", "--yes")
if applied.returncode:
    sys.exit(f"soak: {applied.stderr}")
port = 18_500 + os.getpid() % 1_000
serve = start("serve", "serve", "--listen", f"127.0.0.1:{port}", "--schedule", "--look", "2s")
time.sleep(3)
keeper = start("run", "run", "--look", "2s")

connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)


def post(path, body):
    global connection
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        text = response.read()
        return response.status, text
    except OSError as error:
        connection.close()
        return 0, str(error).encode()


began = time.time()
facts, files, click, asked = [], 1, 0, 0
output = open(facts_file, "w") if facts_file else None
next_file, next_fact = began + 10, began + 30
while time.time() - began < minutes * 60:
    if time.time() >= next_file:
        next_file += 10
        add_file(files)
        files += 1
        rows = [{"click": click + n, "customer_id": dice.choice(customers), "at": stamp(time.time())} for n in range(20)]
        status, text = post("/v1/push/clicks", rows)
        if status == 200:
            clicked.update(row["customer_id"] for row in rows)
        else:
            findings.append(f"pushing was answered {status}: {text[:200]!r}")
        click += 20
    status, text = post("/v1/get", {"service": "risk", "entities": {"customer_id": customers}})
    asked += 1
    if status != 200:
        findings.append(f"asking was answered {status}: {text[:200]!r}")
    if time.time() >= next_fact:
        next_fact += 30
        fact = {"seconds": round(time.time() - began), "files": files, "asked": asked}
        for name, process in (("serve", serve), ("run", keeper)):
            if process.poll() is not None:
                findings.append(f"{name} ended with {process.returncode}")
                break
            fact[name] = dict(zip(("resident_kib", "descriptors", "threads"), about(process)))
        shown = [json.loads(line) for line in run("status", "--json").stdout.splitlines()]
        fact["age_seconds"] = max((line.get("age_seconds") or 0 for line in shown), default=None)
        facts.append(fact)
        if output:
            print(json.dumps(fact), file=output, flush=True)
        if len(findings) > 100 or any(process.poll() is not None for process in (serve, keeper)):
            break
    time.sleep(0.3)

for name, process in (("run", keeper), ("serve", serve)):
    process.send_signal(signal.SIGTERM)
    try:
        code = process.wait(60)
        if code:
            findings.append(f"{name} ended with {code}")
    except subprocess.TimeoutExpired:
        process.kill()
        findings.append(f"{name} did not end within a minute")

last = run("materialize")
if last.returncode:
    findings.append(f"the last run ended with {last.returncode}: {last.stderr}")
(work / "spine.csv").write_text(
    "customer_id,event_time\n" + "".join(f"{customer},{stamp(time.time())}\n" for customer in customers))
trained = run("train", "risk", "--spine", str(work / "spine.csv"), "--out", str(work / "out.csv"), "--partial")
if trained.returncode:
    findings.append(f"training ended with {trained.returncode}: {trained.stderr}")
else:
    for row in csv.DictReader(open(work / "out.csv")):
        customer = row["customer_id"]
        names = ("spend__orders", "spend__ever", "interest__clicks")
        got = tuple(int(row[name] or 0) for name in names)
        wanted = (ordered[customer], spent[customer], clicked[customer])
        if got != wanted:
            findings.append(f"{customer}: {got} where {wanted} were written")

half = facts[len(facts) // 2 :]
for name in ("serve", "run"):
    for what in ("resident_kib", "descriptors"):
        values = [fact[name][what] for fact in half if name in fact]
        if len(values) >= 6:
            third = len(values) // 3
            first, then = max(values[:third]), max(values[-third:])
            if then > first * 1.25:
                findings.append(f"{name}: {what} grew from {first} to {then} in the second half")

for name in ("serve", "run"):
    rows = [fact[name] for fact in facts if name in fact]
    if rows:
        print(name + ": " + ", ".join(
            f"{what} {rows[0][what]} at first, {max(row[what] for row in rows)} at most, {rows[-1][what]} at last"
            for what in ("resident_kib", "descriptors", "threads")))
ages = [fact["age_seconds"] for fact in facts if fact.get("age_seconds") is not None]
print(f"{minutes:g} minutes, {files} files, {files * 500} orders, {click} clicks, {asked} questions; "
      f"oldest age of a set {max(ages, default=None)} s, typically {sorted(ages)[len(ages) // 2] if ages else None} s")
print(f"{len(findings)} findings in {work}")
for finding in findings[:40]:
    print("-", finding)
sys.exit(1 if findings else 0)

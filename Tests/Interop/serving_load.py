"""Changes everything under a server that is asked all the while, and looks at every answer.

Run by `scripts/serving-load`, which says what its parts are. MARTLET names the program.
"""

import argparse
import datetime
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../clients/python/src"))
from martlet import Client, MartletError, Unreachable

MARTLET = os.environ["MARTLET"]
CUSTOMERS = 200
ROWS_OF_PUSH = 200

# Every answer tells what it was made of: `a`, `b` and `c` are the number of the data, `s` and `t` that of
# the definitions.
DEFINITIONS = """
entity customer(customer: string)
states accounts {{
    from "accounts.csv"
    at updated
    customer: string
    a: int
    b: int
    c: int
    updated: time
}}
events orders {{
    from "orders.csv"
    at time
    id number
    number: string
    customer: string
    amount: double
    time: time
}}
features account of customer from accounts {{
    a
    b
    c
}}
features spend of customer from orders {{
    orders = count()
    paid = sum(amount)
}}
features stamp given (x: double) {{
    s = x * 0.0 + {number}.0
    t = nullif(x, 0.5) * 0.0 + {number}.0
}}
service risk {{
    account.a
    account.b
    account.c
    stamp.s
    stamp.t
}}
service counts {{ spend.* }}
"""


class Shop:
    """A project, and a server of it."""

    def __init__(self, folder):
        self.folder = folder
        self.server = None
        self.url = None
        os.mkdir(f"{folder}/featuredefs")
        self.write("orders.csv", "number,customer,amount,time\n0,c0,1.0,2025-01-01T00:00:00Z\n")
        self.load(1)
        self.define(1)
        self.run("apply", "--yes")
        self.run("materialize")

    def write(self, name, text):
        with open(f"{self.folder}/{name}.new", "w") as file:
            file.write(text)
        os.rename(f"{self.folder}/{name}.new", f"{self.folder}/{name}")

    def define(self, number):
        self.write("featuredefs/shop.martlet", DEFINITIONS.format(number=number))

    def load(self, number):
        moment = datetime.datetime(2025, 1, 1) + datetime.timedelta(minutes=number)
        rows = [f"c{each},{number},{number},{number},{moment.isoformat()}Z" for each in range(CUSTOMERS)]
        self.write("accounts.csv", "customer,a,b,c,updated\n" + "\n".join(rows) + "\n")

    def run(self, *words):
        done = subprocess.run(
            [MARTLET, "--project", self.folder, *words], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"martlet {' '.join(words)}: {done.stderr[-500:]}")

    def start(self):
        address = self.url.split("//")[1] if self.url else "127.0.0.1:0"
        for _ in range(50):
            self.server = subprocess.Popen(
                [MARTLET, "--project", self.folder, "serve", "--listen", address],
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            line = self.server.stdout.readline().strip()
            if line:
                self.url = line
                return
            # The port, or the store, may be let go of a moment later.
            self.server.wait()
            time.sleep(0.1)
        raise RuntimeError("the server does not start")

    def stop(self):
        self.server.terminate()
        if self.server.wait(60) != 0:
            raise RuntimeError(f"the server ended with {self.server.returncode}")

    def resident(self):
        """Memory in KiB, and open descriptors."""
        with open(f"/proc/{self.server.pid}/status") as file:
            memory = next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))
        return memory, len(os.listdir(f"/proc/{self.server.pid}/fd"))


class Askers:
    """Threads that ask and look at what they get."""

    def __init__(self, url, threads, pause=0.0):
        self.client = Client(url, timeout=30)
        self.pause = pause
        self.findings = []
        self.answers = 0
        self.editions = {}
        self.newest = 0
        self.lock = threading.Lock()
        self.ends = threading.Event()
        self.threads = [threading.Thread(target=self.ask, args=(seed,)) for seed in range(threads)]
        for thread in self.threads:
            thread.start()

    def ask(self, seed):
        draw = random.Random(seed)
        while not self.ends.is_set():
            customers = [f"c{draw.randrange(CUSTOMERS)}" for _ in range(draw.choice([1, 1, 20]))]
            try:
                found = self.client.get("risk", {"customer": customers}, {"x": [1.0] * len(customers)})
            except MartletError as error:
                self.note(f"an error: {error}")
                continue
            data = {value for name in "abc" for value in found.features[f"account__{name}"]}
            stamps = {value for name in "st" for value in found.features[f"stamp__{name}"]}
            if len(data) != 1:
                self.note(f"a mixed answer: {sorted(data)} of version {found.version}")
            with self.lock:
                known = self.editions.setdefault(found.version, stamps)
                self.answers += 1
                self.newest = max([self.newest, *(value for value in data if value is not None)])
            if len(stamps) != 1 or known != stamps:
                self.note(f"version {found.version} answered {known} and {stamps}")
            if self.pause:
                time.sleep(self.pause)

    def note(self, finding):
        with self.lock:
            self.findings.append(finding)

    def end(self):
        self.ends.set()
        for thread in self.threads:
            thread.join()
        self.client.close()


def wait(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"{what} does not come within {seconds} s")
        time.sleep(0.02)


def reload(shop, times):
    """Applies new definitions again and again."""
    askers = Askers(shop.url, 4)
    for number in range(2, times + 2):
        shop.define(number)
        shop.run("apply", "--yes")
        wait(lambda: {float(number)} in list(askers.editions.values()), f"reload {number}")
    askers.end()
    print(f"{times} reloads: {askers.answers} answers, {len(askers.findings)} findings")
    return askers.findings


def switch(shop, times):
    """Materializes new data again and again."""
    askers = Askers(shop.url, 4)
    for number in range(2, times + 2):
        shop.load(number)
        shop.run("materialize")
        wait(lambda: askers.newest >= number, f"data {number}")
    askers.end()
    print(f"{times} switches of data: {askers.answers} answers, {len(askers.findings)} findings")
    return askers.findings


def kill(shop, times):
    """Kills the server while rows are pushed, and counts what was acknowledged."""
    acknowledged = [0] * 4
    ends = threading.Event()
    findings = []

    def push(place):
        client = Client(shop.url, timeout=30)
        number = 0
        while not ends.is_set():
            rows = [{
                "number": f"p{place}-{number + each}", "customer": f"p{place}", "amount": 0.1,
                "time": datetime.datetime.now(datetime.timezone.utc),
            } for each in range(3)]
            while True:
                try:
                    client.push("orders", rows)
                    break
                except Unreachable:
                    # Whether they arrived nobody knows; the same rows again count once.
                    time.sleep(0.02)
                except MartletError as error:
                    findings.append(f"an error: {error}")
                    break
            number += len(rows)
            acknowledged[place] = number
        client.close()

    threads = [threading.Thread(target=push, args=(place,)) for place in range(len(acknowledged))]
    for thread in threads:
        thread.start()
    for _ in range(times):
        time.sleep(random.uniform(0.05, 0.4))
        shop.server.send_signal(signal.SIGKILL)
        shop.server.wait()
        shop.server.stdout.close()
        shop.start()
    ends.set()
    for thread in threads:
        thread.join()
    shop.server.send_signal(signal.SIGKILL)
    shop.server.wait()
    shop.start()
    with Client(shop.url) as client:
        keys = [f"p{place}" for place in range(len(acknowledged))]
        found = client.get("counts", {"customer": keys}).features["spend__orders"]
    if found != acknowledged:
        findings.append(f"{acknowledged} rows were acknowledged, {found} are there")
    print(f"{times} kills: {sum(acknowledged)} rows acknowledged, {len(findings)} findings")
    return findings


def soak(shop, minutes):
    """Asks and pushes for so long, and writes down what the server takes."""
    askers = Askers(shop.url, 4, pause=0.005)
    # Patience: a push waits for the disk, which others may keep busy.
    client = Client(shop.url, timeout=120)
    pushed, seen = 0, []
    for minute in range(minutes + 1):
        end = time.monotonic() + 60
        memory, descriptors = shop.resident()
        seen.append(memory)
        print(f"{minute:4} min {memory:8} KiB {descriptors:4} descriptors {askers.answers:9} answers", flush=True)
        while minute < minutes and time.monotonic() < end:
            # So many that what the store holds in memory until it is written is full several times.
            now = datetime.datetime.now(datetime.timezone.utc)
            client.push("orders", [
                {"number": f"s{number}", "customer": f"s{number % CUSTOMERS}", "amount": 0.1, "time": now}
                for number in range(pushed, pushed + ROWS_OF_PUSH)])
            pushed += ROWS_OF_PUSH
            time.sleep(0.1)
    askers.end()
    client.close()
    print(f"{minutes} minutes: {askers.answers} answers, {pushed} pushed rows, {len(askers.findings)} findings")
    return askers.findings


def metrics(shop):
    """What `promtool` says of the metrics; nothing where it is not installed."""
    import shutil
    import urllib.request

    if not shutil.which("promtool"):
        print("promtool is not installed (Debian: prometheus), so the metrics were not looked at")
        return []
    with urllib.request.urlopen(f"{shop.url}/metrics") as answer:
        page = answer.read()
    if b'martlet_set_staleness_seconds{set="account"}' not in page:
        return ["the metrics do not tell how stale `account` is"]
    judged = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True)
    return [] if judged.returncode == 0 else [f"promtool: {judged.stderr.decode()}"]


def main():
    words = argparse.ArgumentParser()
    for part in ("reloads", "switches", "kills", "soak"):
        words.add_argument(f"--{part}", type=int, default=0)
    asked = words.parse_args()
    findings = []
    with tempfile.TemporaryDirectory(prefix="martlet-load-") as folder:
        shop = Shop(folder)
        shop.start()
        if asked.reloads:
            findings += reload(shop, asked.reloads)
        if asked.switches:
            findings += switch(shop, asked.switches)
        if asked.kills:
            findings += kill(shop, asked.kills)
        if asked.soak:
            findings += soak(shop, asked.soak)
        findings += metrics(shop)
        shop.stop()
    for finding in findings[:20]:
        print(finding)
    sys.exit(1 if findings else 0)


main()

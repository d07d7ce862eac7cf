#!/usr/bin/env python3
"""How the cost of a training set grows: with events, with the windows' length, with threads, with skew.

    training_growth.py DATA… --spine FILE --work DIR [--martlet FILE] [--rounds N] [--hot DATA] [--plot FILE]

DATA are files of transactions, or globs in quotes, from few events to many. Each is asked the questions of
one spine: count, sum, avg and max over 1 h, 24 h, 7 d and 30 d, on what `materialize` stored and as a draft
from the files themselves. Times are CPU seconds, since a line in wall time is bent by whoever else works;
wall seconds stand beside them. Prints lines of JSON, and draws them as an SVG.
"""
import argparse
import glob
import json
import os
import resource
import subprocess
import sys
import time

DEFINITIONS = """entity customer(customer_id: int)

events transactions {{
    from "{files}"
    at event_time

    customer_id: int
    amount: double
    event_time: time
}}

features spending of customer from transactions {{
    count = count() over {windows}
    sum = sum(amount) over {windows}
    avg = avg(amount) over {windows}
    max = max(amount) over {windows}
}}

service spend {{
    spending.*
}}
"""
ALL = "1h, 24h, 7d, 30d"


def project(work, name, files, windows):
    folder = f"{work}/{name}"
    text = DEFINITIONS.format(files=os.path.realpath(files) if "*" not in files else files, windows=windows)
    path = f"{folder}/featuredefs/spend.martlet"
    if not os.path.exists(path) or open(path).read() != text:
        subprocess.run(["rm", "-rf", folder], check=True)
        os.makedirs(os.path.dirname(path))
        with open(path, "w") as f:
            f.write(text)
    return folder


def timed(words):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        sys.exit(process.stderr[-800:])
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(a, folder, isDraft, threads, **facts):
    out = f"{a.work}/growth.parquet"
    words = [a.martlet, "train", "spend", "--project", folder, "--spine", a.spine, "--out", out]
    words += ["--draft"] if isDraft else []
    words += ["--threads", str(threads)] if threads else []
    if not isDraft:
        for step in (["apply", "--yes"], ["materialize", "--offline"]):
            subprocess.run([a.martlet, *step, "--project", folder], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    turns = sorted((timed(words) for _ in range(a.rounds)), key=lambda turn: turn[1])
    wall, cpu = turns[len(turns) // 2]
    line = dict(facts, mode="draft" if isDraft else "store", threads=threads or os.cpu_count(),
                wall=round(wall, 3), cpu=round(cpu, 3))
    print(json.dumps(line), flush=True)
    return line


def rows_of(pattern):
    import pyarrow.parquet as pq
    return sum(pq.read_metadata(path).num_rows for path in glob.glob(pattern))


def draw(lines, path):
    """Two panels: CPU seconds over millions of events, both scales logarithmic; and over windows' lengths."""
    import math
    sizes = [line for line in lines if line["about"] == "events"]
    lengths = [line for line in lines if line["about"] == "window"]
    ink = {"store": "#1f6f8b", "draft": "#c8553d"}
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" width="760" height="300" font-family="sans-serif" '
             'font-size="12">', '<rect width="760" height="300" fill="white"/>']

    def text(x, y, words, anchor="middle"):
        parts.append(f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{words}</text>')

    def panel(left, title, points, place, labels, top):
        parts.append(f'<path d="M{left} 30 V250 H{left + 300}" stroke="black" fill="none"/>')
        text(left + 150, 20, title)
        for x, words in labels:
            text(left + x, 266, words)
        for mode, colour in ink.items():
            mine = [(left + place(p), 250 - 220 * top(p["cpu"])) for p in points if p["mode"] == mode]
            if mine:
                parts.append('<polyline fill="none" stroke="%s" points="%s"/>' % (
                    colour, " ".join(f"{x:.1f},{y:.1f}" for x, y in mine)))
                parts.extend(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in mine)
                text(mine[-1][0] + 6, mine[-1][1] + 4, mode, "start")

    if sizes:
        low, high = (f(math.log10(p["events"]) for p in sizes) for f in (min, max))
        most = max(p["cpu"] for p in sizes)
        scale = lambda events: 20 + 230 * (math.log10(events) - low) / ((high - low) or 1)
        panel(50, "CPU s over millions of events (logarithmic)", sizes, lambda p: scale(p["events"]),
              [(scale(e), f"{e / 1e6:g}") for e in sorted({p["events"] for p in sizes})],
              lambda cpu: max(0, math.log10(cpu) + 0.5) / (math.log10(most) + 0.5))
        for tick in (1, 3, 10, 30):
            if tick <= most:
                text(44, 254 - 220 * (math.log10(tick) + 0.5) / (math.log10(most) + 0.5), tick, "end")
    if lengths:
        names = list(dict.fromkeys(p["windows"] for p in lengths))
        most = max(p["cpu"] for p in lengths)
        place = lambda p: 20 + 230 * names.index(p["windows"]) / max(len(names) - 1, 1)
        panel(430, "CPU s over the window's length", lengths, place,
              [(20 + 230 * i / max(len(names) - 1, 1), n) for i, n in enumerate(names)],
              lambda cpu: cpu / most)
        text(424, 34, f"{most:.1f}", "end")
        text(424, 254, "0", "end")
    with open(path, "w") as f:
        f.write("\n".join(parts + ["</svg>"]) + "\n")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("data", nargs="+")
    p.add_argument("--spine", required=True)
    p.add_argument("--work", required=True)
    p.add_argument("--martlet", default=".build/release/martlet")
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--hot", help="transactions of which one customer has a tenth and more")
    p.add_argument("--hot-spine", help="the spine that goes with them")
    p.add_argument("--store-up-to", type=int, default=10_000_000, help="store no more events than these")
    p.add_argument("--plot")
    a = p.parse_args()
    os.makedirs(a.work, exist_ok=True)
    lines = []
    for pattern in a.data:
        events = rows_of(pattern)
        folder = project(a.work, f"events-{events}", pattern, ALL)
        for isDraft in (False, True):
            if isDraft or events <= a.store_up_to:
                lines.append(measure(a, folder, isDraft, None, about="events", events=events, windows=ALL))
    usual = max((d for d in a.data if rows_of(d) <= a.store_up_to), key=rows_of)
    for windows in ("1h", "24h", "7d", "30d", "60d"):
        folder = project(a.work, f"window-{windows}", usual, windows)
        lines.append(measure(a, folder, False, None, about="window", events=rows_of(usual), windows=windows))
    folder = project(a.work, f"events-{rows_of(usual)}", usual, ALL)
    for threads in (1, 2):
        for isDraft in (False, True):
            lines.append(measure(a, folder, isDraft, threads, about="threads", events=rows_of(usual), windows=ALL))
    if a.hot:
        folder = project(a.work, "hot", a.hot, ALL)
        a.spine = a.hot_spine or a.spine
        for isDraft in (False, True):
            lines.append(measure(a, folder, isDraft, None, about="hot", events=rows_of(a.hot), windows=ALL))
    if a.plot:
        draw(lines, a.plot)


if __name__ == "__main__":
    main()

"""Writes the report of what was measured, as Markdown and as one page of HTML: `scripts/bench-report`.

    report.py OUT RESULTS…

OUT is a folder; RESULTS are the files below `Benchmarks/results` that the other scripts keep.
"""

import json
import os
import re
import sys
from html import escape
from statistics import median

from plots import bars, figure, lines

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
}
MEASURES = [("wall", "wall time", "s"), ("cpu", "CPU time, all threads", "s"), ("rss_mb", "memory at its peak", "MB")]
# A contestant measured on other data belongs beside itself, not beside the others.
VARIANT = re.compile(r", (?:(\d+)M events|hot key|1 thread)$")


class Measured:
    """What the files hold: races of whole processes, loops beside C, and answers over HTTP."""

    def __init__(self, paths):
        self.machines, self.races, self.loops, self.served = [], {}, [], []
        files = {}
        for path in paths:
            if path.endswith(".txt"):
                self.read_served(path)
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
            elif "work" in entry:
                ours = entry["work"] == "materialize"
                if ours or entry["work"] in ("duckdb", "polars"):
                    run = {"wall": entry["wall"], "cpu": entry["cpu"], "rss_mb": entry["peak_kb"] / 1024}
                    add(races, "clustering", "martlet" if ours else entry["work"], run)
            elif "race" in entry or "workload" in entry:
                if entry.get("rc", 0) == 0:
                    add(races, entry.get("race") or entry["workload"], entry["name"], entry)
            elif "files" in entry:
                run = {"wall": entry["wall_s"], "cpu": entry["user_s"] + entry["system_s"]}
                add(races, "check", "martlet", run | {"rss_mb": entry["memory_kb"] / 1024})

        return races

    def read_served(self, path):
        pattern = re.compile(r"^(\S+)\s+(\d+) connections\s+(\d+) requests/s\s+p99 (\S+)\s+(\S+) us of CPU")
        about = {"file": os.path.basename(path)}
        for line in open(path):
            found = pattern.match(line)
            if found:
                name, connections, rate, p99, cpu = found.groups()
                self.served.append((name, int(connections), int(rate), p99, float(cpu), about["file"]))
            elif line.startswith(("machine:", "commit:")):
                about[line.split(":")[0]] = line.strip()
        self.machines.append((about["file"], about))


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


def judgement(table):
    """In which measures some peer is ahead of us, said in a sentence; nothing where nobody raced."""
    said = []
    usual = {name: row for name, row in table.items() if not VARIANT.search(name)}
    for key, title, unit in MEASURES:
        ours = [(row[key][1], name) for name, row in usual.items() if is_ours(name) and key in row]
        theirs = [(row[key][1], name) for name, row in usual.items() if not is_ours(name) and key in row]
        if not ours or not theirs:
            continue
        (best, mine), (peer, name) = min(ours), min(theirs)
        word = "ahead" if best <= peer else "**behind**"
        said.append(
            f"{title}: {word}, {figure(best)} {unit} ({mine}) beside {figure(peer)} {unit} ({name}),"
            f" {figure(peer / best)} times")
    return said


def markdown_of(measured):
    lines = ["# What was measured", "",
             "Whole processes that take turns on the same files, in one run; the median of the turns, with the least",
             "and the most. Answers are compared where a verdict is given. Other work on the machine is not taken out,",
             "so that ratios say more than seconds.", "", "| results | commit | when | machine | peers |", "|---|---|---|---|---|"]
    for name, about in measured.machines:
        machine = about.get("machine", "")
        if isinstance(machine, dict):
            machine = f"{machine['cpu']}, {machine['cores']} processors, {machine['system']}"
        commit = str(about.get("commit", "")).removeprefix("commit: ")
        peers = ", ".join(f"{peer} {version}" for peer, version in about.get("peers", {}).items())
        lines.append(f"| {name} | {commit} | {about.get('at', '')} | {machine.removeprefix('machine: ')} | {peers} |")
    for key in order(measured.races):
        table = rows(measured.races[key])
        lines += ["", f"## {TITLES.get(key, key)}", ""]
        said = judgement(table)
        lines += [f"- {sentence}" for sentence in said] + ([""] if said else [])
        lines += ["| | turns | " + " | ".join(f"{title}, {unit}" for _, title, unit in MEASURES) + " | answers |",
                  "|---|---|---|---|---|---|"]
        for name, row in table.items():
            cells = [
                f"{figure(row[measure][1])} ({figure(row[measure][0])} to {figure(row[measure][2])})"
                if measure in row else "" for measure, _, _ in MEASURES]
            lines.append(f"| {name} | {row['runs']} | " + " | ".join(cells) + f" | {', '.join(row['verdicts'])} |")
    if measured.served:
        lines += ["", "## Over HTTP, the lookup costing nothing", "",
                  "| | connections | requests a second | p99 | CPU a request, us |", "|---|---|---|---|---|"]
        lines += [f"| {name} | {connections} | {rate:,} | {p99} | {cpu} |"
                  for name, connections, rate, p99, cpu, _ in measured.served]
    if measured.loops:
        lines += ["", "## Loops of ours beside the same loops in C", "",
                  "CPU time a unit, the least of all turns.", "", "| | unit | ns | of the first |", "|---|---|---|---|"]
        first = {}
        for loop in measured.loops:
            cost = min(loop["process_ns"]) / loop["count"]
            base = first.setdefault(loop["workload"], cost)
            lines.append(f"| {loop['workload']}: {loop['name']} | {loop['unit']} | {figure(cost)} | {figure(cost / base)} |")
    return "\n".join(lines) + "\n"


def order(races):
    known = list(TITLES)
    return sorted(races, key=lambda key: (known.index(key) if key in known else len(known), key))


def sizes(measured):
    """Contestants that were measured on data of several sizes, by workload."""
    found = {}
    for key, race in measured.races.items():
        table = rows(race)
        for name, row in table.items():
            match = VARIANT.search(name)
            usual = VARIANT.sub("", name)
            if match and match.group(1) and "cpu" in row and "cpu" in table.get(usual, {}):
                points = found.setdefault(key, {}).setdefault(usual, [(10_000_000, table[usual]["cpu"][1])])
                points.append((int(match.group(1)) * 1_000_000, row["cpu"][1]))
    return found


STYLE = """
:root { color-scheme: light dark }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem }
svg { width: 100%; height: auto; margin: .6rem 0; font: 12px system-ui, sans-serif }
svg text { fill: currentColor } svg .title { font-weight: 600 }
table { border-collapse: collapse; font-size: 13px; display: block; overflow-x: auto }
td, th { padding: .2rem .7rem; border-bottom: 1px solid #9995; text-align: left; white-space: nowrap }
details { margin: .6rem 0 } b { color: #c8553d }
"""


def html_of(measured, text):
    parts = ["<!doctype html><html lang=en><meta charset=utf-8><title>Martlet: what was measured</title>",
             '<meta name="viewport" content="width=device-width">', f"<style>{STYLE}</style>",
             "<h1>What was measured</h1>", paragraph(text)]
    for key in order(measured.races):
        table = rows(measured.races[key])
        parts.append(f"<h2>{escape(TITLES.get(key, key))}</h2>")
        said = [re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", escape(sentence)) for sentence in judgement(table)]
        if said:
            parts.append("<ul>" + "".join(f"<li>{sentence}</li>" for sentence in said) + "</ul>")
        for measure, title, unit in MEASURES:
            spans = [(name, *row[measure], is_ours(name)) for name, row in table.items() if measure in row]
            parts.append(bars(title, unit, sorted(spans, key=lambda span: span[2])))
        if key in sizes(measured):
            parts.append(lines("Cost against size", "events", "CPU s", sizes(measured)[key]))
        raw = [{"contestant": name, **run} for name, runs in measured.races[key].items() for run in runs]
        parts.append("<details><summary>Raw turns</summary><pre>"
                     + escape("\n".join(json.dumps(run) for run in raw)) + "</pre></details>")
    for title in ("## Over HTTP", "## Loops of ours"):
        if title in text:
            section = text[text.index(title):].split("\n## ")[0]
            parts.append(f"<h2>{escape(section.splitlines()[0][3:])}</h2>" + table_of(section))
    return "\n".join(parts) + "</html>\n"


def paragraph(text):
    head = text.split("\n## ")[0]
    words = head[head.index("\n"):head.index("| results")].strip()
    return f"<p>{escape(words)}</p>" + table_of(head)


def table_of(text):
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    made = "".join(
        "<tr>" + "".join(f"<{kind}>{escape(cell)}</{kind}>" for cell in row) + "</tr>"
        for number, row in enumerate(cells) if number != 1 for kind in ["td" if number else "th"])
    return f"<table>{made}</table>"


def main():
    out, *paths = sys.argv[1:]
    measured = Measured(paths)
    text = markdown_of(measured)
    os.makedirs(out, exist_ok=True)
    for name, content in [("report.md", text), ("report.html", html_of(measured, text))]:
        with open(f"{out}/{name}", "w") as file:
            file.write(content)
        print(f"{out}/{name}")


main()

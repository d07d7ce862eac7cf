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

from measured import MEASURES, TITLES, VARIANT, Measured, is_ours, middle, rows
from plots import bars, figure, lines


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
        lines += ["", f"## {title_of(key)}", ""]
        said = judgement(table)
        lines += [f"- {sentence}" for sentence in said] + ([""] if said else [])
        lines += ["| | turns | " + " | ".join(f"{title}, {unit}" for _, title, unit in MEASURES) + " | answers |",
                  "|---|---|---|---|---|---|"]
        for name, row in table.items():
            cells = [
                f"{figure(row[measure][1])} ({figure(row[measure][0])} to {figure(row[measure][2])})"
                if measure in row else "" for measure, _, _ in MEASURES]
            lines.append(f"| {name} | {row['runs']} | " + " | ".join(cells) + f" | {', '.join(row['verdicts'])} |")
    lines += sections_of(measured)
    if measured.loops:
        lines += ["", "## Loops of ours beside the same loops in C", "",
                  "CPU time a unit, the least of all turns.", "", "| | unit | ns | of the first |", "|---|---|---|---|"]
        first = {}
        for loop in measured.loops:
            cost = min(loop["process_ns"]) / loop["count"]
            base = first.setdefault(loop["workload"], cost)
            lines.append(f"| {loop['workload']}: {loop['name']} | {loop['unit']} | {figure(cost)} | {figure(cost / base)} |")
    return "\n".join(lines) + "\n"


def sections_of(measured):
    """What is no race of whole processes: answers, RocksDB alone, and how cost grows."""
    lines = []
    for name, served in measured.served.items():
        lines += ["", f"## Over HTTP: {name.removesuffix('.txt')}", "",
                  "Medians of the turns.", "",
                  "| | connections | turns | requests a second | p99, ms | CPU a request, us |", "|---|---|---|---|---|---|"]
        for (contestant, connections), turns in served.items():
            rate, p99, cpu = middle(turns)
            lines.append(f"| {contestant} | {connections:,} | {len(turns)} | {rate:,.0f} | {figure(p99)} | {figure(cpu)} |")
    for name, inside in measured.inside.items():
        lines += ["", f"## In the asking process: {name.removesuffix('.txt')}", "",
                  "| | threads | questions a second | entities a second | CPU a question, us |", "|---|---|---|---|---|"]
        for (contestant, threads), turns in inside.items():
            questions, entities, cpu = middle(turns)
            lines.append(f"| {contestant} | {threads} | {questions:,.0f} | {entities:,.0f} | {figure(cpu)} |")
    if measured.alone:
        lines += ["", "## Stores alone, without Martlet", "",
                  "What `db_bench` says of RocksDB on this machine: operations a second, the medians.", "",
                  "| | turns | operations a second | us each |", "|---|---|---|---|"]
        for name, turns in measured.alone.items():
            rate = median(turns)
            lines.append(f"| {name} | {len(turns)} | {rate:,.0f} | {figure(1e6 / rate) if rate else ''} |")
    if measured.growth:
        lines += ["", "## Cost against size: a training set of a million questions", "",
                  "| what varies | of | events | threads | wall time, s | CPU time, s |", "|---|---|---|---|---|---|"]
        for entry in measured.growth:
            varied = entry["windows"] if entry["about"] == "window" else entry["about"]
            lines.append(
                f"| {varied} | {entry['mode']} | {entry['events']:,} | {entry['threads']} "
                f"| {figure(entry['wall'])} | {figure(entry['cpu'])} |")
    return lines


def order(races):
    known = list(TITLES)

    def place(key):
        kind = key.split(",")[0]
        return (known.index(key) if key in known else known.index(kind) if kind in known else len(known), len(key), key)

    return sorted(races, key=place)


def title_of(race):
    kind, _, rest = race.partition(", ")
    return TITLES.get(race) or (f"{TITLES[kind]}: {rest}" if kind in TITLES else race)


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


def grown(measured):
    """CPU seconds over events, for the store and for drafts."""
    series = {}
    for entry in measured.growth:
        if entry["about"] == "events":
            series.setdefault(entry["mode"], []).append((entry["events"], entry["cpu"]))
    return series


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
        parts.append(f"<h2>{escape(title_of(key))}</h2>")
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
    for section in text.split("\n## ")[1:]:
        title = section.splitlines()[0]
        if title in {title_of(key) for key in measured.races}:
            continue
        parts.append(f"<h2>{escape(title)}</h2>")
        if title.startswith("Cost against size"):
            parts.append(lines("CPU seconds over events", "events", "CPU s", grown(measured)))
        parts.append(table_of(section))
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

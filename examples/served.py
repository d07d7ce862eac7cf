"""What the examples' scripts share: the program, a server to ask, and a model's columns.

Values go to the model from two sides: from the Parquet file that `martlet train` wrote, and from the answers of
`martlet serve`. Both come as columns by name, and `Columns` makes a matrix of either.
"""

import json
import os
import pathlib
import struct
import subprocess
import urllib.request

import numpy
import pyarrow.parquet

MARTLET = os.environ.get("MARTLET", "martlet")


def martlet(folder, *words):
    """Runs a command in the project in `folder`, and ends the script where it fails."""
    print("$ martlet", *words, flush=True)
    subprocess.run([MARTLET, *map(str, words)], cwd=folder, check=True)


class Server:
    """`martlet serve` for as long as a `with` lasts, at a port that is free."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        self.process = subprocess.Popen(
            [MARTLET, "serve", "--listen", "127.0.0.1:0"],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.address = self.process.stdout.readline().strip()
        print(f"$ martlet serve    # {self.address}", flush=True)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def post(self, path, body, kind="application/json"):
        request = urllib.request.Request(
            self.address + path, body.encode(), {"Content-Type": kind}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def features(self, service, at, entities, given=None):
        """What `service` answers about all rows of `entities`, as columns."""
        found = {}
        count = len(next(iter(entities.values())))
        for start in range(0, count, 100):
            stretch = slice(start, start + 100)
            question = {
                "service": service,
                "at": at,
                "entities": {name: list(all[stretch]) for name, all in entities.items()},
                "given": {name: list(all[stretch]) for name, all in (given or {}).items()},
            }
            answer = self.post("/v1/get", json.dumps(question))
            for name, values in answer["features"].items():
                found.setdefault(name, []).extend(values)
        return found

    def push(self, source, rows):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        return self.post(f"/v1/push/{source}", lines, "application/x-ndjson")


def read(path):
    """The columns of a Parquet file, as lists."""
    return pyarrow.parquet.read_table(path).to_pydict()


def write_spine(path, columns):
    """Writes columns as a spine for `martlet train`."""
    rows = [",".join(columns)]
    rows += [",".join(map(str, row)) for row in zip(*columns.values())]
    pathlib.Path(path).write_text("\n".join(rows) + "\n")


def bits(value):
    """A value such that two are equal where all their bits are."""
    if isinstance(value, float):
        return struct.pack("<d", value)
    if isinstance(value, (list, tuple)):
        return [bits(one) for one in value]
    return value


def expect_same(stored, served):
    """Ends the script unless the served columns are, to the bit, those that a training set has."""
    compared = 0
    for name, values in served.items():
        for row, (one, other) in enumerate(zip(stored[name], values, strict=True)):
            # JSON does not tell 2.0 from 2 to every reader; the file knows that it is a double.
            if isinstance(one, float) and isinstance(other, int):
                other = float(other)
            if bits(one) != bits(other):
                raise SystemExit(f"{name}, row {row}: {one!r} stored, {other!r} served")
            compared += 1
    print(f"{compared} served values are those of the training set, to the bit")


class Columns:
    """Which columns a model reads, and the numbers that it takes texts for."""

    def __init__(self, columns, names):
        self.names = names
        self.texts = {
            name: sorted({value for value in columns[name] if isinstance(value, str)})
            for name in names
        }

    def matrix(self, columns):
        """A row for each row: no value is NaN, a text its place among those that were learnt from."""
        return numpy.array(
            [[self.number(name, value) for value in columns[name]] for name in self.names]
        ).T

    def number(self, name, value):
        if value is None:
            return numpy.nan
        if isinstance(value, str):
            known = self.texts[name]
            return known.index(value) if value in known else -1
        if isinstance(value, list):
            return len(value)
        return float(value)

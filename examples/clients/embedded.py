"""Asks for the same without a server: ``python embedded.py PROJECT``."""

import sys

from martlet import Project

with Project(sys.argv[1]) as project:
    answer = project.get("checkout", {"customer": ["c1", "c9"]}, given={"amount": [25.0, 25.0]})
    for row in answer.to_dicts():
        print(row["customer"], row["spend__paid"], row["spend__orders"], row["basket__share"])
    print(answer.statuses["spend__paid"])

    try:
        import pyarrow
    except ImportError:
        sys.exit()
    asked = pyarrow.table({"customer": ["c1", "c2"], "amount": [25.0, 20.0]})
    print(project.get_tables("checkout", asked).features.to_pylist(), file=sys.stderr)

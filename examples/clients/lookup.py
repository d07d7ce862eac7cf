"""Asks a server for two customers' features: ``python lookup.py http://127.0.0.1:8080``."""

import os
import sys

from martlet import Client

with Client(sys.argv[1], token=os.environ.get("MARTLET_TOKEN")) as client:
    answer = client.get("checkout", {"customer": ["c1", "c9"]}, given={"amount": [25.0, 25.0]})
    for row in answer.to_dicts():
        print(row["customer"], row["spend__paid"], row["spend__orders"], row["basket__share"])
    print(answer.statuses["spend__paid"])

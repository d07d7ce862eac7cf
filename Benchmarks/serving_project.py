"""Makes the project that `scripts/bench-serving` serves: `serving_project.py FOLDER`.

Ten thousand customers: forty payments each within the last thirty days, and fifty numbers. The same draws
every time, but for the moments, which are counted back from now so that the windows have something in them.
"""

import datetime
import os
import random
import sys

CUSTOMERS = 10_000
PAYMENTS = 40
NUMBERS = 50

NAMES = [f"f{place}" for place in range(NUMBERS)]
DEFINITIONS = f"""
entity customer(customer_id: string)

events payments {{
    from "payments.csv"
    at   event_time
    id   payment_id

    payment_id:  int
    customer_id: string
    amount:      double
    event_time:  time
}}

states profiles {{
    from "profiles.csv"
    at   updated_at

    customer_id: string
    {chr(10).join(f"    {name}: double" for name in NAMES).strip()}
    updated_at:  time
}}

features spend of customer from payments {{
    paid     = sum(amount) over 1h, 24h, 7d, 30d
    payments = count()     over 1h, 24h
}}

features profile of customer from profiles {{
    {chr(10).join("    " + name for name in NAMES).strip()}
}}

# Six windows over events and four numbers.
service fraud_check {{
    spend.*
    {chr(10).join(f"    profile.{name}" for name in NAMES[:4]).strip()}
}}

# Ten numbers as they are stored.
service ten {{
    {chr(10).join(f"    profile.{name}" for name in NAMES[:10]).strip()}
}}

service wide {{
    profile.*
}}
"""


def main(folder):
    draw = random.Random(42)
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    os.makedirs(f"{folder}/featuredefs", exist_ok=True)
    with open(f"{folder}/featuredefs/shop.martlet", "w") as file:
        file.write(DEFINITIONS)
    with open(f"{folder}/profiles.csv", "w") as file:
        file.write(",".join(["customer_id", *NAMES, "updated_at"]) + "\n")
        moment = (now - datetime.timedelta(days=1)).isoformat()
        for customer in range(CUSTOMERS):
            numbers = [repr(draw.uniform(-1000, 1000)) for _ in NAMES]
            file.write(",".join([f"c{customer}", *numbers, moment]) + "\n")
    with open(f"{folder}/payments.csv", "w") as file:
        file.write("payment_id,customer_id,amount,event_time\n")
        number = 0
        for customer in range(CUSTOMERS):
            for _ in range(PAYMENTS):
                number += 1
                moment = now - datetime.timedelta(seconds=draw.randrange(30 * 86_400))
                amount = draw.randrange(100, 100_000) / 100
                file.write(f"{number},c{customer},{amount},{moment.isoformat()}\n")


main(sys.argv[1])

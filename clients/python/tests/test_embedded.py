"""Asks a real project in this process, which `MARTLET` makes and `MARTLET_LIBRARY` opens."""

import datetime
import json
import os
import subprocess
import tempfile
import threading
import unittest

from martlet import MartletError, Project, Refused

DEFINITIONS = """
entity customer(customer: string)
events orders {
    from "orders.csv"
    at time
    id number
    number: int
    customer: string
    amount: double
    time: time
}
features spend of customer from orders {
    paid = sum(amount)
    orders = count()
    whole = last(number)
    latest = last(customer)
    recent = last(number, 2)
    newest = max(time)
}
features basket given (amount: double) { share = amount / nullif(spend.paid, 0.0) }
service checkout {
    spend.*
    basket.share
}
service checkout_one {
    spend.paid
    spend.orders
    spend.whole
    spend.latest
    spend.newest
    basket.share
}
"""
ORDERS = """number,customer,amount,time
1,c1,0.1,2025-01-03T10:00:00Z
9007199254740993,c1,0.2,2025-01-05T09:15:00Z
3,c2,80.0,2025-01-03T11:30:00Z
"""
NEWEST = datetime.datetime(2025, 1, 5, 9, 15, tzinfo=datetime.timezone.utc)

HAS_BOTH = "MARTLET" in os.environ and "MARTLET_LIBRARY" in os.environ


def martlet(folder, *words):
    subprocess.run(
        [os.environ["MARTLET"], "--project", folder, *words], check=True, capture_output=True
    )


@unittest.skipUnless(HAS_BOTH, "MARTLET and MARTLET_LIBRARY name what is tested")
class EmbeddedTests(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = self.temporary.name
        os.mkdir(f"{self.folder}/featuredefs")
        self.write("featuredefs/shop.martlet", DEFINITIONS)
        self.write("orders.csv", ORDERS)
        martlet(self.folder, "apply", "--yes")
        martlet(self.folder, "materialize")

    def write(self, name, text):
        with open(f"{self.folder}/{name}", "w") as file:
            file.write(text)

    def opened(self):
        project = Project(self.folder)
        self.addCleanup(project.close)
        return project

    def ask(self, project, *customers, **more):
        return project.get(
            "checkout", {"customer": customers}, {"amount": [1.5] * len(customers)}, **more
        )

    def test_an_answer_is_what_http_says(self):
        answer = self.ask(self.opened(), "c1", "nobody")
        self.assertEqual(answer.features["spend__paid"], [0.1 + 0.2, None])
        self.assertEqual(answer.features["spend__whole"], [2**53 + 1, None])
        self.assertEqual(answer.features["spend__recent"], [[2**53 + 1, 1], None])
        self.assertEqual(answer.features["basket__share"], [1.5 / (0.1 + 0.2), None])
        self.assertEqual(answer.statuses["spend__orders"], ["present", "missing"])
        self.assertEqual(answer.features["spend__orders"], [2, 0])
        self.assertEqual(len(self.ask(self.opened_again(answer), "c2")), 1)

    def test_one_entity_by_a_prepared_lookup(self):
        project = self.opened()
        # Lists are asked for as text or in columns.
        with self.assertRaisesRegex(Refused, "spend__recent"):
            project.prepare("checkout")
        with self.assertRaisesRegex(Refused, "checkout_one"):
            project.prepare("checkout_on")
        lookup = project.prepare("checkout_one")
        answer = lookup.get({"customer": "c1"}, {"amount": 1.5})
        self.assertEqual(
            answer.values,
            {
                "spend__paid": 0.1 + 0.2,
                "spend__orders": 2,
                "spend__whole": 2**53 + 1,
                "spend__latest": "c1",
                "spend__newest": NEWEST,
                "basket__share": 1.5 / (0.1 + 0.2),
            },
        )
        self.assertEqual(set(answer.statuses.values()), {"present"})
        self.assertEqual(lookup.get({"customer": "c1"}, {"amount": None})["basket__share"], None)
        nobody = lookup.get({"customer": "nobody"}, {"amount": 1.5})
        self.assertEqual((nobody["spend__orders"], nobody["spend__paid"]), (0, None))
        self.assertEqual(nobody.statuses["spend__paid"], "missing")
        before = lookup.get({"customer": "c1"}, {"amount": 1.5}, at=NEWEST)
        self.assertEqual(before["spend__orders"], 1)

        # A text that is longer than the room for it; it is asked again with more.
        lookup._room_size = 1
        self.assertEqual(lookup.get({"customer": "c1"}, {"amount": 1})["spend__latest"], "c1")
        with self.assertRaisesRegex(Refused, "null"):
            lookup.get({"customer": None}, {"amount": 1})
        for wrong in ({}, {"customer": 1}, {"customer": "c1", "custmer": "c1"}):
            with self.assertRaisesRegex(MartletError, "customer|custmer"):
                lookup.get(wrong, {"amount": 1})
        project.close()
        with self.assertRaisesRegex(MartletError, "closed"):
            lookup.get({"customer": "c1"}, {"amount": 1})

    def test_a_prepared_lookup_follows_the_project(self):
        project = self.opened()
        lookup = project.prepare("checkout_one")
        self.write("orders.csv", ORDERS + "4,c1,1.0,2025-01-06T00:00:00Z\n")
        martlet(self.folder, "materialize", "--offline")
        project.update()
        self.assertEqual(lookup.get({"customer": "c1"}, {"amount": 1})["spend__orders"], 3)
        self.write("featuredefs/shop.martlet", DEFINITIONS.replace("amount /", "2.0 * amount /"))
        martlet(self.folder, "apply", "--yes")
        project.update()
        found = lookup.get({"customer": "c2"}, {"amount": 1.0})
        self.assertEqual(found["basket__share"], 2 / 80)
        self.write("featuredefs/shop.martlet", DEFINITIONS.replace("    spend.whole\n", ""))
        martlet(self.folder, "apply", "--yes")
        project.update()
        with self.assertRaisesRegex(Refused, "prepare it anew"):
            lookup.get({"customer": "c2"}, {"amount": 1.0})
        again = project.prepare("checkout_one").get({"customer": "c2"}, {"amount": 1.0})
        self.assertNotIn("spend__whole", again.values)

    def opened_again(self, _):
        """A process may open a project again once it has closed it."""
        self.doCleanups()
        self.setUp()
        return self.opened()

    def test_tables_hold_the_same(self):
        try:
            import pyarrow
        except ImportError as missing:
            self.skipTest(str(missing))
        project = self.opened()
        text = self.ask(project, "c1", "nobody", "c2")
        asked = pyarrow.table({"customer": ["c1", "nobody", "c2"], "amount": [1.5, 1.5, 1.5]})
        tables = project.get_tables("checkout", asked)
        self.assertEqual(tables.version, text.version)
        for name, values in text.features.items():
            found = tables.features.column(name).to_pylist()
            if name == "spend__newest":
                self.assertEqual(found[0], NEWEST)
                continue
            self.assertEqual(found, values, name)
            self.assertEqual(tables.statuses.column(name).to_pylist(), text.statuses[name], name)
        self.assertEqual(tables.features.schema.field("spend__whole").type, pyarrow.int64())
        self.assertEqual(len(tables.to_pandas()), 3)

        # A part of a table, in pieces, of other widths, and the moment of the question.
        pieces = pyarrow.concat_tables([asked, asked]).slice(2, 3)
        pieces = pieces.cast(
            pyarrow.schema([("customer", pyarrow.large_string()), ("amount", pyarrow.float32())])
        )
        found = project.get_tables("checkout", pieces, at=NEWEST)
        self.assertEqual(found.features.column("spend__paid").to_pylist(), [80.0, 0.1, None])
        self.assertTrue(found.at.startswith("2025-01-05T09:15:00"))
        self.assertEqual(len(project.get_tables("checkout", asked.slice(0, 0)).features), 0)

    def test_what_is_refused_says_why(self):
        project = self.opened()
        with self.assertRaises(Refused) as refused:
            project.get("checkuot", {"customer": ["c1"]})
        self.assertEqual((refused.exception.status, refused.exception.code), (404, "unknown-service"))
        try:
            import pyarrow
        except ImportError as missing:
            self.skipTest(str(missing))
        amounts = pyarrow.array([1.0])
        for columns, code, field in [
            ({"customer": ["c1"]}, "missing-given", "amount"),
            ({"customer": pyarrow.array([None], pyarrow.string()), "amount": amounts}, "null-key", "customer"),
            ({"customer": ["c1"], "amount": ["a"]}, "wrong-type", "amount"),
            ({"customer": ["c1"], "amount": amounts, "custmer": amounts}, "unknown-member", "custmer"),
            ({"customer": pyarrow.array(["c1"]).dictionary_encode(), "amount": amounts}, "wrong-type", None),
        ]:
            with self.subTest(code), self.assertRaises(Refused) as refused:
                project.get_tables("checkout", pyarrow.table(columns))
            self.assertEqual((refused.exception.code, refused.exception.field), (code, field))

    def test_what_is_loaded_meanwhile_is_answered_after_an_update(self):
        project = self.opened()
        self.write("orders.csv", ORDERS + "4,c2,20.0,2025-01-07T00:00:00Z\n")
        martlet(self.folder, "materialize", "--offline")
        self.assertEqual(self.ask(project, "c2").features["spend__paid"], [80.0])
        project.update()
        self.assertEqual(self.ask(project, "c2").features["spend__paid"], [100.0])
        version = self.ask(project, "c2").version
        self.write(
            "featuredefs/shop.martlet", DEFINITIONS.replace("spend.*", "spend.paid as sum")
        )
        martlet(self.folder, "apply", "--yes")
        project.update()
        answer = self.ask(project, "c2")
        self.assertEqual(list(answer.features), ["sum", "basket__share"])
        self.assertNotEqual(answer.version, version)
        self.assertIn("checkout", json.dumps(project.catalog()))

    def test_threads_ask_while_another_updates(self):
        project = self.opened()
        wrong = []

        def ask():
            for _ in range(200):
                found = self.ask(project, "c1", "c2").features["spend__paid"]
                if found != [0.1 + 0.2, 80.0]:
                    wrong.append(found)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for _ in range(10):
            project.update()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])

    def test_what_cannot_be_opened_says_why(self):
        with tempfile.TemporaryDirectory() as empty:
            with self.assertRaisesRegex(MartletError, "no definitions are applied"):
                Project(empty)
            self.assertEqual(os.listdir(empty), [])
        with self.opened():
            with self.assertRaisesRegex(MartletError, "another process|held"):
                Project(self.folder)
        with self.assertRaisesRegex(MartletError, "MARTLET_LIBRARY"):
            Project(self.folder, library="/nowhere/libmartlet.so")
        closed = Project(self.folder)
        closed.close()
        with self.assertRaisesRegex(MartletError, "closed"):
            self.ask(closed, "c1")


if __name__ == "__main__":
    unittest.main()

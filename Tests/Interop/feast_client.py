"""Feast's own Python client, unchanged, reads from `martlet serve` and writes to it.

Run by `scripts/test-feast`; needs the package `feast`. Its remote online store asks over HTTP; entities,
views and services are declared with Feast's own words and kept in its own registry.
"""

import datetime
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import warnings

warnings.filterwarnings("ignore")
os.environ["FEAST_USAGE"] = "False"

import pandas as pd
import yaml
from feast import Entity, FeatureService, FeatureStore, FeatureView, Field, FileSource, PushSource
from feast import RepoConfig, ValueType
from feast.data_source import PushMode
from feast.types import Float64, Int64, String

MARTLET = os.environ["MARTLET"]
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
OLD = NOW - datetime.timedelta(days=30)

DEFINITIONS = """
entity user(user_id: int)
states accounts {
    from "accounts.csv"
    at event_timestamp
    user_id: int
    balance: double
    n_orders: int
    tier: string
    event_timestamp: time
}
features user_stats of user from accounts {
    balance
    n_orders
    tier
    keep 7d
}
service user_v1 {
    user_stats.balance as user_stats__balance
    user_stats.n_orders as user_stats__n_orders
}
"""

ROWS = [
    (7, 481.99, 12, "gold", NOW),
    (11, 106.19, 2**53 + 1, "", NOW),
    (13, None, 3, None, NOW),
    (17, 5.0, 1, "old", OLD),
]


def martlet(*words):
    return subprocess.run([MARTLET, *words], capture_output=True, text=True, check=True).stdout


class FeastClient(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="martlet-feast-")
        os.mkdir(f"{cls.folder}/featuredefs")
        with open(f"{cls.folder}/featuredefs/a.martlet", "w") as file:
            file.write(DEFINITIONS)
        with open(f"{cls.folder}/accounts.csv", "w") as file:
            file.write("user_id,balance,n_orders,tier,event_timestamp\n")
            for user, balance, orders, tier, moment in ROWS:
                cells = [user, balance, orders, f'"{tier}"' if tier is not None else None, moment.isoformat()]
                file.write(",".join("" if cell is None else str(cell) for cell in cells) + "\n")
        martlet("apply", "--yes", "--project", cls.folder)
        martlet("materialize", "--project", cls.folder)
        cls.server = subprocess.Popen(
            [MARTLET, "serve", "--listen", "127.0.0.1:0", "--project", cls.folder],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        url = cls.server.stdout.readline().strip()
        cls.store = FeatureStore(config=RepoConfig(
            project="demo", provider="local", registry=f"{cls.folder}/registry.db",
            online_store={"type": "remote", "path": url}, offline_store={"type": "file"},
            entity_key_serialization_version=3))
        user = Entity(name="user", join_keys=["user_id"], value_type=ValueType.INT64)
        files = FileSource(
            name="accounts_files", path=f"{cls.folder}/accounts.parquet",
            timestamp_field="event_timestamp")
        view = FeatureView(
            name="user_stats", entities=[user], ttl=datetime.timedelta(days=7),
            schema=[Field(name="user_id", dtype=Int64), Field(name="balance", dtype=Float64),
                    Field(name="n_orders", dtype=Int64), Field(name="tier", dtype=String)],
            source=PushSource(name="accounts", batch_source=files))
        pd.DataFrame(ROWS, columns=["user_id", "balance", "n_orders", "tier", "event_timestamp"]) \
            .to_parquet(f"{cls.folder}/accounts.parquet")
        cls.store.apply([user, view, FeatureService(
            name="user_v1", features=[view[["balance", "n_orders"]]])])

    @classmethod
    def tearDownClass(cls):
        cls.server.terminate()
        assert cls.server.wait(timeout=30) == 0
        cls.server.stdout.close()
        subprocess.run(["rm", "-r", cls.folder], check=True)

    def rows(self, *users):
        return [{"user_id": user} for user in users]

    def test_features_by_name(self):
        found = self.store.get_online_features(
            features=["user_stats:n_orders", "user_stats:balance", "user_stats:tier"],
            entity_rows=self.rows(7, 11, 13, 99999)).to_dict()
        self.assertEqual(found["user_id"], [7, 11, 13, 99999])
        self.assertEqual(found["balance"], [481.99, 106.19, None, None])
        self.assertEqual(found["n_orders"], [12, 2**53 + 1, 3, None])
        self.assertEqual(found["tier"], ["gold", "", None, None])

    def test_full_names(self):
        found = self.store.get_online_features(
            features=["user_stats:balance"], entity_rows=self.rows(7), full_feature_names=True).to_dict()
        self.assertEqual(found, {"user_id": [7], "user_stats__balance": [481.99]})

    def test_a_feature_service(self):
        service = self.store.get_feature_service("user_v1")
        for full in (False, True):
            found = self.store.get_online_features(
                features=service, entity_rows=self.rows(7, 11), full_feature_names=full).to_dict()
            prefix = "user_stats__" if full else ""
            self.assertEqual(found[prefix + "balance"], [481.99, 106.19])
            self.assertEqual(found[prefix + "n_orders"], [12, 2**53 + 1])

    def test_what_is_too_old_is_no_value(self):
        found = self.store.get_online_features(
            features=["user_stats:balance"], entity_rows=self.rows(17)).to_dict()
        self.assertEqual(found["balance"], [None])

    def test_a_feature_that_is_not_there(self):
        with self.assertRaises(Exception):
            self.store.get_online_features(
                features=["user_stats:nothing"], entity_rows=self.rows(7)).to_dict()

    def test_pushed_rows_are_seen(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        frame = pd.DataFrame({
            "user_id": [21, 22], "balance": [1.5, None], "n_orders": [4, 5], "tier": ["a", "b"],
            "event_timestamp": [now, now]})
        self.store.push("accounts", frame, to=PushMode.ONLINE)
        found = self.store.get_online_features(
            features=["user_stats:balance", "user_stats:n_orders"],
            entity_rows=self.rows(21, 22)).to_dict()
        self.assertEqual(found["balance"], [1.5, None])
        self.assertEqual(found["n_orders"], [4, 5])

    def test_rows_written_to_a_view_are_seen(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        frame = pd.DataFrame({
            "user_id": [31], "balance": [2.5], "n_orders": [6], "tier": ["c"],
            "event_timestamp": [now], "created": [now]})
        self.store.write_to_online_store("user_stats", df=frame)
        found = self.store.get_online_features(
            features=["user_stats:balance"], entity_rows=self.rows(31)).to_dict()
        self.assertEqual(found["balance"], [2.5])


class PageTests(unittest.TestCase):
    """What `docs/feast.md` shows of Feast is Feast's."""

    def blocks(self, kind):
        page = pathlib.Path(__file__).resolve().parents[2] / "docs/feast.md"
        found = re.findall(rf"^```{kind}\n(.*?)^```", page.read_text(), re.M | re.S)
        self.assertTrue(found)
        return found

    def test_its_definitions_are_definitions(self):
        names = dict(globals(), timedelta=datetime.timedelta)
        for block in self.blocks("python"):
            exec(compile(block, "docs/feast.md", "exec"), names)
        self.assertEqual([view.name for view in names["fraud"].feature_view_projections], ["customer_profile"])

    def test_its_settings_are_settings(self):
        for block in self.blocks("yaml"):
            config = RepoConfig(project="page", registry="registry.db", provider="local", **yaml.safe_load(block))
            self.assertEqual(config.online_store.type, "remote")


if __name__ == "__main__":
    unittest.main(argv=sys.argv)

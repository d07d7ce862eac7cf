"""Makes a repository of Feast's with the numbers of `serving_project.py`, its SQLite store filled:
`serving_feast.py PROJECT REPOSITORY`. Run by a Python that has the package `feast`."""

import datetime
import os
import sys
import warnings

warnings.filterwarnings("ignore")
os.environ["FEAST_USAGE"] = "False"

import pandas
from feast import Entity, FeatureService, FeatureStore, FeatureView, Field, FileSource, ValueType
from feast.types import Float64

project, repository = (os.path.abspath(folder) for folder in sys.argv[1:3])
os.makedirs(repository, exist_ok=True)
with open(f"{repository}/feature_store.yaml", "w") as file:
    file.write(
        f"project: shop\nprovider: local\nregistry: {repository}/registry.db\n"
        f"online_store:\n    type: sqlite\n    path: {repository}/online.db\n"
        "offline_store:\n    type: file\nentity_key_serialization_version: 3\n"
    )
rows = pandas.read_csv(f"{project}/profiles.csv", parse_dates=["updated_at"])
rows.to_parquet(f"{repository}/profiles.parquet")
names = [name for name in rows.columns if name.startswith("f")]
store = FeatureStore(repository)
customer = Entity(name="customer", join_keys=["customer_id"], value_type=ValueType.STRING)
view = FeatureView(
    name="profile", entities=[customer], ttl=datetime.timedelta(days=3650),
    schema=[Field(name=name, dtype=Float64) for name in names],
    source=FileSource(path=f"{repository}/profiles.parquet", timestamp_field="updated_at"))
store.apply([
    customer, view, FeatureService(name="ten", features=[view[names[:10]]]),
    FeatureService(name="wide", features=[view])])
store.materialize_incremental(datetime.datetime.now(datetime.timezone.utc))

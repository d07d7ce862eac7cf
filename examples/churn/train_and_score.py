"""Churn: train on months that are over, score who is there today from the server."""

# %% The project: definitions beside this script, data that `make-data` made.
import pathlib
import sys

from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here.parent))
from served import Columns, Server, expect_same, martlet, read, write_spine  # noqa: E402

martlet(here, "apply", "--yes")
martlet(here, "materialize")

# %% Every subscriber at the first of every fourth week, and whether they were gone 30 days later.
martlet(here, "train", "churn", "--spine", "data/labels.csv", "--out", "train.parquet", "--label", "left")
train = read(here / "train.parquet")
names = [name for name in train if "__" in name or name == "use_trend"]

# %% The model learns from the earlier months and is judged by the later ones. Between them lie 30 days: what a label
# of the earlier ones says was not known before.
moments = sorted(set(train["event_time"]))
last = moments[len(moments) * 7 // 10]
earlier = [row for row, at in enumerate(train["event_time"]) if at <= last]
later = [row for row, at in enumerate(train["event_time"]) if (at - last).days > 30]
columns = Columns(train, names)
matrix = columns.matrix(train)
model = HistGradientBoostingClassifier(max_iter=60, max_depth=3, random_state=0)
model.fit(matrix[earlier], [train["left"][row] for row in earlier])
labels = [train["left"][row] for row in later]
area = roc_auc_score(labels, model.predict_proba(matrix[later])[:, 1])
idle = [-(train["use__visits_90d"][row] or 0) for row in later]
print(f"{len(names)} features; later months: area under the curve {area:.3f}; by visits in 90 days alone "
      f"{roc_auc_score(labels, idle):.3f}; {sum(labels)} of {len(labels)} leave")
if area < 0.7:
    raise SystemExit("the model has learnt nothing")

# %% Who is there on the last day, from the server.
moment = "2026-06-30T00:00:00Z"
everybody = {"subscriber_id": list(range(1, 401))}
with Server(here) as server:
    served = server.features("churn", moment, everybody)
risks = model.predict_proba(columns.matrix(served))[:, 1]
there = [row for row in range(400) if served["contract__plan"][row] is not None]
print(f"{len(there)} of 400 have a contract; most likely to leave:")
for row in sorted(there, key=lambda row: -risks[row])[:5]:
    trend = served["use_trend"][row]
    print(f"  subscriber {row + 1}: risk {risks[row]:.3f}, use at "
          f"{'nothing' if trend is None else f'{trend:.0%}'} of its usual, "
          f"{served['complaints__opened_90d'][row]} tickets in 90 days")

# %% The same questions as a training set.
write_spine(here / "data/asked.csv", {**everybody, "event_time": [moment] * 400})
martlet(here, "train", "churn", "--spine", "data/asked.csv", "--out", "asked.parquet")
expect_same(read(here / "asked.parquet"), served)

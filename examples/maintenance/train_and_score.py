"""Predictive maintenance: train on hours that are over, score the pumps now from the server."""

# %% The project: definitions beside this script, data that `make-data` made.
import pathlib
import sys

from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.pipeline import make_pipeline

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here.parent))
from served import Columns, Server, expect_same, martlet, read, write_spine  # noqa: E402

martlet(here, "apply", "--yes")
martlet(here, "materialize")

# %% Every pump at every full hour, and whether it failed within six.
martlet(here, "train", "failure_risk", "--spine", "data/labels.csv", "--out", "train.parquet", "--label", "fails")
train = read(here / "train.parquet")
names = [name for name in train if "__" in name or name == "last_service"]

# %% The model learns from the first days and is judged by the last; the six hours between belong to neither.
moments = sorted(train["event_time"])
last = moments[len(moments) * 7 // 10]
earlier = [row for row, at in enumerate(train["event_time"]) if at <= last]
later = [row for row, at in enumerate(train["event_time"]) if (at - last).total_seconds() > 6 * 3600]
columns = Columns(train, names)
matrix = columns.matrix(train)
model = make_pipeline(
    SimpleImputer(strategy="constant", fill_value=-1),
    RandomForestClassifier(n_estimators=80, min_samples_leaf=5, random_state=0, n_jobs=1))
model.fit(matrix[earlier], [train["fails"][row] for row in earlier])
labels = [train["fails"][row] for row in later]
scores = model.predict_proba(matrix[later])[:, 1]
heat = [train["behaviour__hottest_1h"][row] or 0 for row in later]
area = roc_auc_score(labels, scores)
print(f"{len(names)} features; last days: area under the curve {area:.3f}, average precision "
      f"{average_precision_score(labels, scores):.3f}; by the heat alone {roc_auc_score(labels, heat):.3f}, "
      f"{average_precision_score(labels, heat):.3f}; {sum(labels)} of {len(labels)} hours are before a failure")
if area < 0.7:
    raise SystemExit("the model has learnt nothing")

# %% All pumps at one moment, from the server. One that is silent says so by what it lacks.
moment = "2026-06-30T00:00:00Z"
pumps = {"site": [site for site in ("harbour", "mill", "quarry") for _ in range(3)],
         "pump_number": [1, 2, 3] * 3}
with Server(here) as server:
    served = server.features("failure_risk", moment, pumps)
for row, risk in enumerate(model.predict_proba(columns.matrix(served))[:, 1]):
    print(f"  {pumps['site'][row]} {pumps['pump_number'][row]}: risk {risk:.3f}, "
          f"{served['behaviour__readings_10m'][row]} readings in ten minutes, silent for "
          f"{served['behaviour__silent_for'][row]}, last service {served['last_service'][row]}")

# %% The same questions as a training set.
write_spine(here / "data/asked.csv", {**pumps, "event_time": [moment] * 9})
martlet(here, "train", "failure_risk", "--spine", "data/asked.csv", "--out", "asked.parquet")
expect_same(read(here / "asked.parquet"), served)

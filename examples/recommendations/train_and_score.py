"""Recommendations: train on what was shown and bought, rank all items for one viewer from the server."""

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

# %% Every view as it was about to be, and whether the item was bought.
martlet(here, "train", "ranking", "--spine", "data/labels.csv", "--out", "train.parquet", "--label", "bought")
train = read(here / "train.parquet")
names = [name for name in train if "__" in name]
print("categories of a viewer:", train["viewer_habits__categories_90d"][-1])

# %% The model learns from the earlier views and is judged by the later ones.
order = sorted(range(len(train["event_time"])), key=lambda row: train["event_time"][row])
cut = len(order) * 7 // 10
columns = Columns(train, names)
matrix = columns.matrix(train)
labels = [train["bought"][row] for row in order]
model = HistGradientBoostingClassifier(max_iter=60, max_depth=3, random_state=0)
model.fit(matrix[order[:cut]], labels[:cut])
area = roc_auc_score(labels[cut:], model.predict_proba(matrix[order[cut:]])[:, 1])
affinities = [train["match__affinity"][row] or 0 for row in order[cut:]]
print(f"{len(names)} features; later views: area under the curve {area:.3f}; by affinity alone "
      f"{roc_auc_score(labels[cut:], affinities):.3f}; {sum(labels[cut:])} of {len(labels) - cut} buy")
if area < 0.6:
    raise SystemExit("the model has learnt nothing")

# %% All items for one viewer at one moment: one question of ninety rows.
moment = "2026-06-30T00:00:00Z"
pairs = {"viewer_id": ["v17"] * 90, "item_id": list(range(1, 91))}
with Server(here) as server:
    served = server.features("ranking", moment, pairs)
scores = model.predict_proba(columns.matrix(served))[:, 1]
print("for v17, who looked at", served["viewer_habits__categories_90d"][0])
for row in sorted(range(90), key=lambda row: -scores[row])[:5]:
    print(f"  item {row + 1}: {scores[row]:.3f}, affinity {served['match__affinity'][row]:.2f}, "
          f"seen {served['met_before__times_30d'][row]} times, {served['item_facts__price'][row]:.2f}")

# %% The same questions as a training set.
write_spine(here / "data/asked.csv", {**pairs, "event_time": [moment] * 90})
martlet(here, "train", "ranking", "--spine", "data/asked.csv", "--out", "asked.parquet")
expect_same(read(here / "asked.parquet"), served)

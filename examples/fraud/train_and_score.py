"""Fraud: train on what was known at each payment, score the next payment from the server."""

# %% The project: definitions beside this script, data that `make-data` made.
import pathlib
import sys

from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score, roc_auc_score

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here.parent))
from served import Columns, Server, expect_same, martlet, read, write_spine  # noqa: E402

martlet(here, "apply", "--yes")
martlet(here, "materialize")

# %% What was known at each labelled payment.
martlet(here, "train", "checkout", "--spine", "data/labels.csv", "--out", "train.parquet",
        "--label", "is_fraud")
train = read(here / "train.parquet")
names = [name for name in train if "__" in name]

# %% The model learns from the earlier payments and is judged by the later ones.
order = sorted(range(len(train["event_time"])), key=lambda row: train["event_time"][row])
cut = len(order) * 7 // 10
columns = Columns(train, names)
matrix = columns.matrix(train)
labels = [train["is_fraud"][row] for row in order]
model = HistGradientBoostingClassifier(max_iter=80, max_depth=3, random_state=0)
model.fit(matrix[order[:cut]], labels[:cut])
scores = model.predict_proba(matrix[order[cut:]])[:, 1]
area = roc_auc_score(labels[cut:], scores)
precision = average_precision_score(labels[cut:], scores)
share = sum(labels[cut:]) / len(labels[cut:])
amounts = [train["amount"][row] for row in order[cut:]]
print(f"{len(names)} features; later payments: area under the curve {area:.3f}, average precision "
      f"{precision:.3f}; by the amount alone {roc_auc_score(labels[cut:], amounts):.3f}, "
      f"{average_precision_score(labels[cut:], amounts):.3f}; fraud is {share:.3f} of them")
if area < 0.8:
    raise SystemExit("the model has learnt nothing")

# %% A stolen card: four payments within eight minutes come to the server as they happen. Each is scored before
# it is pushed, since it has not happened while its own risk is asked.
burst = [
    {"payment_id": f"new-{number}", "customer_id": "c7", "shop_id": 38, "amount": amount,
     "refused": number == 2, "paid_at": f"2026-06-30T03:{number * 2:02d}:00Z",
     "booked_at": f"2026-06-30T03:{number * 2:02d}:10Z"}
    for number, amount in enumerate([35.0, 180.0, 240.0, 260.0])
]
asked = {"customer_id": [], "shop_id": [], "amount": [], "at_hour": [], "event_time": []}
served = {}
with Server(here) as server:
    for payment in burst:
        answer = server.features(
            "checkout", payment["paid_at"],
            {"customer_id": [payment["customer_id"]], "shop_id": [payment["shop_id"]]},
            {"amount": [payment["amount"]], "at_hour": [3]})
        risk = model.predict_proba(columns.matrix(answer))[0, 1]
        print(f"{payment['paid_at']}  {payment['amount']:6.2f}  {answer['spending__payments_10m'][0]} "
              f"payments in ten minutes, risk {risk:.3f}")
        server.push("payments", [payment])
        for name, values in answer.items():
            served.setdefault(name, []).extend(values)
        for name, value in (("customer_id", payment["customer_id"]), ("at_hour", 3),
                            ("shop_id", payment["shop_id"]), ("amount", payment["amount"]),
                            ("event_time", payment["paid_at"])):
            asked[name].append(value)

    # And some of the others, at one moment.
    moment = "2026-06-30T04:00:00Z"
    others = {"customer_id": [f"c{number}" for number in range(1, 251)],
              "shop_id": [1 + number % 40 for number in range(250)]}
    given = {"amount": [10.0 + number for number in range(250)], "at_hour": [4] * 250}
    for name, values in server.features("checkout", moment, others, given).items():
        served[name] += values
    for name, values in {**others, **given, "event_time": [moment] * 250}.items():
        asked[name] += values

# %% What was pushed is read by the next run, and the same questions have the same answers there.
martlet(here, "materialize")
write_spine(here / "data/asked.csv", asked)
martlet(here, "train", "checkout", "--spine", "data/asked.csv", "--out", "asked.parquet")
expect_same(read(here / "asked.parquet"), served)

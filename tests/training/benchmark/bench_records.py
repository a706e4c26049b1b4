"""Make records of bench runs by hand; what matters is an argument."""

import copy

SCORES = {"n": 100, "mae": 3.0, "rmse": 4.5, "median_ae": 2.0, "bias": 0.1, "within": {"2": 0.5, "15%": 0.4}}
RISK = {"n": 100, "base_rate": 0.07, "auc": 0.78, "ap": 0.15, "brier": 0.06, "ece": 0.02, "mean_probability": 0.08}
WINDOW = {"coverage": 0.81, "mean_width": 9.5, "winkler": 14.0}


def make_record(
    dataset="olist", *, since="2018-04-01", until="2018-05-01", protocol="frozen", refit_days=None, origin=False, mae=3.0, rivals=None
):
    moment = {"olist": "purchase", "delhivery": "departure"}[dataset]
    ours = SCORES | {
        "mae": mae,
        "intervals": {"0.8": WINDOW},
        "groups": {
            "fortnight:2018-04-01": {"n": 60, "mae": 3.0, "coverage": 0.76},
            "fortnight:2018-04-15": {"n": 60, "mae": 3.0, "coverage": 0.83},
        },
    }
    rivals = {"lightgbm": 4.0, "catboost": 3.8, "sklearn": 4.1} if rivals is None else rivals
    sketch = {
        "calibration": {"0.1": 0.08, "0.5": 0.55, "0.9": 0.93},
        "horizon": [{"said": 4.0 * step, "n": 20, "doorcast": 1.0 * step, "lightgbm": 1.2 * step} for step in range(1, 6)],
        "fortnight": [{"from": "2018-04-01", "n": 60, "coverage": 0.76}, {"from": "2018-04-15", "n": 60, "coverage": 0.83}],
        "lift": {"doorcast": [0.0, 0.7, 1.0], "lightgbm": [0.0, 0.6, 1.0]},
    }
    return copy.deepcopy(
        {
            "run": {
                "dataset": dataset,
                "since": since,
                "until": until,
                "protocol": protocol,
                "refit_days": refit_days,
                "origin": origin,
                "quick": False,
            },
            "report": {
                "unit": "days",
                "n_test": 100,
                "moments": {moment: ours},
                "late": {moment: RISK},
                "baselines": {
                    "constant": {moment: SCORES | {"mae": 5.9}},
                    "promise": {moment: SCORES | {"mae": 13.7}},
                    "lane_table": {moment: SCORES | {"mae": 4.6}},
                },
            },
            "rivals": {
                name: {"moments": {moment: SCORES | {"mae": value, "window": WINDOW, "late": RISK}}, "seconds": 1.0}
                for name, value in rivals.items()
            },
            "authors": {},
            "sketch": {moment: sketch},
            "seconds": 90.0,
        }
    )

"""A predictor of one LightGBM forest and one scikit-learn object: enough to try the registry without the real rooms."""

import numpy as np

from data.facts.facts import Facts
from data.facts.moments import Moments

HOUR = 3_600_000_000
OPENER = "tests.fakes.small_predictor:SmallPredictor.from_bundle"


def small_bundle() -> dict[str, object]:
    """Train a tiny forest on the hour of the day; deterministic."""
    import lightgbm
    from sklearn.isotonic import IsotonicRegression

    hour = np.arange(240, dtype=float)[:, None] % 24
    data = lightgbm.Dataset(hour, 30.0 + hour[:, 0])
    settings = {"verbosity": -1, "num_threads": 1, "min_data_in_leaf": 5, "seed": 1}
    text = lightgbm.train(settings, data, num_boost_round=5).model_to_string()
    spread = IsotonicRegression(out_of_bounds="clip").fit([0.1, 0.5, 0.9], [0.5, 1.0, 2.0])
    return {"kind": "small", "forest": text, "spread": spread, "levels": np.array([0.1, 0.5, 0.9]), "words": ("a", None, 1.5)}


class SmallDistribution:
    def __init__(self, median, spread):
        self.median, self.spread = median, spread

    def quantile(self, levels):
        return self.median[:, None] * self.spread.predict(np.asarray(levels))[None, :]


class SmallPredictor:
    def __init__(self, bundle, booster):
        self.bundle, self.booster = bundle, booster
        self.version = bundle["version"]

    @classmethod
    def from_bundle(cls, bundle):
        import lightgbm

        return cls(bundle, lightgbm.Booster(model_str=bundle["forest"]))

    def distribution(self, facts: Facts, moments: Moments) -> SmallDistribution:
        hour = (moments.at // HOUR % 24).astype(float)[:, None]
        return SmallDistribution(self.booster.predict(hour), self.bundle["spread"])

"""Keep what others have published on the real sets, as their repositories state it. Splits differ: these are landmarks, not the same rows.

Sources: the README of each data folder, where the repository, protocol and figures were noted when the data were collected (2026-11).
"""

from dataclasses import dataclass

__all__ = ["PUBLISHED", "Published"]


@dataclass(frozen=True, slots=True)
class Published:
    """Hold one published result: the ``key`` that the table shows, the moment it belongs to, the figures, who says so and how they were judged."""

    key: str
    dataset: str
    moment: str
    figures: str
    source: str
    protocol: str


PUBLISHED = (
    Published(
        "o1",
        "olist",
        "purchase",
        "AUC .699, AP .138 (LightGBM AP .181)",
        "tf-ferreira/olist-delivery-delay-prediction",
        "learnt to February 2018, judged March to August 2018, purchase-time features",
    ),
    Published("o2", "olist", "purchase", "AUC .663, AP .082", "tutusl/olist-delivery-delay-risk", "chronological 80/20, HistGB, tuned"),
    Published(
        "o3", "olist", "purchase", "AUC .810, AP .336", "moikukreja/olist-delivery-risk", "random split, which leaks time: not comparable"
    ),
    Published(
        "o4",
        "olist",
        "handed_over",
        "MAE 3.07 d, RMSE 4.54",
        "laisbrme/olist-delivery-time-ml",
        "random split, outliers cut: not comparable",
    ),
    Published(
        "d1",
        "delhivery",
        "departure",
        "MAE 35.7 table, 34.3 GBM, 34.4 GBM + graph",
        "aniru888/delhivery-network-eta",
        "learnt 12-26 September 2018, judged on the last 7 days; cold corridors 136",
    ),
    Published(
        "d2", "delhivery", "departure", "MAE 36.6 to 37.3", "arusurya/...", "random split by segments, within 15 % 59.6 %: not comparable"
    ),
    Published(
        "d3", "delhivery", "departure", "MAE 29.8 to 31.0", "Shradd7/...", "random split by segments, outliers removed: not comparable"
    ),
    Published(
        "s1",
        "sendy_logistics",
        "pickup",
        "MAE 400 to 500 s, RMSE 600 to 700",
        "mah-trigui/...",
        "own validation, top quarter of the contest",
    ),
    Published("s2", "sendy_logistics", "pickup", "RMSE 792", "dragosavac/Sendy-Logistics-Challenge-", "own validation"),
    Published("a1", "amazon_delivery", "pickup", "MAE 17.11, RMSE 21.98", "Sumit-Prasad01/...", "random 80/20, LightGBM"),
    Published("a2", "amazon_delivery", "pickup", "RMSE 22.3 ± 0.18", "shubhampandey97/...", "5-fold"),
    Published("a3", "amazon_delivery", "pickup", "MAE 18.66, RMSE 23.87", "ldotmithu/...", "random 80/20, XGBoost"),
)
"""For SCMS repositories report random splits without an agreed protocol, and for the flights none was found."""

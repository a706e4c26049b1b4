"""Keep bundles plain: numbers, text, arrays and scikit-learn objects, never a class of ours.

A bundle that names our classes would stop loading on the day a class moves (STYLE, habit 17).
"""

from typing import Any

import numpy as np

from data.domain.errors import ModelRefused

__all__ = ["check_plain", "restore_texts", "take_texts"]

SIMPLE = (str, bytes, bool, int, float, type(None))
TREES = "tree\n"
"""First line of every LightGBM model text."""
DEEPEST = 32
REFERENCE = "doorcast:text"


def check_plain(value: object, where: str = "bundle", depth: int = 0) -> None:
    """Raise `ModelRefused` naming the place of the first value that is not plain."""
    if depth > DEEPEST:
        raise ModelRefused(f"{where} is nested deeper than {DEEPEST} levels; flatten the bundle.")
    if type(value) in SIMPLE or isinstance(value, np.generic):
        return
    if type(value) is dict:
        for key, item in value.items():
            check_plain(key, f"{where} key", depth + 1)
            check_plain(item, f"{where}[{key!r}]", depth + 1)
    elif type(value) in {list, tuple}:
        for number, item in enumerate(value):  # type: ignore[arg-type]  # narrowed by type() above
            check_plain(item, f"{where}[{number}]", depth + 1)
    elif type(value) is np.ndarray:
        if value.dtype.hasobject:
            check_plain(value.tolist(), where, depth + 1)
    elif not type(value).__module__.startswith("sklearn."):
        kind = f"{type(value).__module__}.{type(value).__qualname__}"
        raise ModelRefused(
            f"{where} is a {kind}; a bundle holds plain values, numpy arrays and scikit-learn objects only. Convert it first."
        )


def take_texts(value: Any, texts: dict[str, str]) -> Any:
    """Give the bundle with each LightGBM text moved into ``texts`` under a file name, so that people can read and compare them."""
    if type(value) is str and value.startswith(TREES):
        name = f"trees-{len(texts):03d}.txt"
        texts[name] = value
        return {REFERENCE: name}
    if type(value) is dict:
        return {key: take_texts(item, texts) for key, item in value.items()}
    if type(value) in {list, tuple}:
        return type(value)(take_texts(item, texts) for item in value)
    return value


def restore_texts(value: Any, texts: dict[str, str]) -> Any:
    """Put the texts back where `take_texts` took them."""
    if type(value) is dict:
        if set(value) == {REFERENCE}:
            return texts[value[REFERENCE]]
        return {key: restore_texts(item, texts) for key, item in value.items()}
    if type(value) in {list, tuple}:
        return type(value)(restore_texts(item, texts) for item in value)
    return value

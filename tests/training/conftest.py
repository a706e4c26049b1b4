"""One small trained model, made once for all tests that need a real one."""

import pytest

from tests.training.little_network import little_facts, quick_kinds
from training.pipeline import train


@pytest.fixture(scope="session")
def network():
    """Give the facts of a little network of 900 shipments in 60 days."""
    return little_facts(900)


@pytest.fixture(scope="session")
def trained(network):
    """Give a model trained on them."""
    with pytest.MonkeyPatch.context() as patch:
        quick_kinds(patch)
        return train(network, most_learnt=2_500, most_judged=900)

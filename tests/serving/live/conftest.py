"""A store with the shipment S1 of which nothing was heard yet."""

import pytest

from data.storage.store import Store
from tests.serving.pages.stored import keep


@pytest.fixture
def store(wiring) -> Store:
    keep(wiring.store, shipment_id="S1")
    keep(wiring.store, shipment_id="S2")
    return wiring.store

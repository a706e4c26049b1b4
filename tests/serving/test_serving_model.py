import pytest

from data.domain.errors import ModelRefused, NotTrained
from serving.serving_model import ServingModel
from tests.fakes.forecaster import FakeForecaster, FakeModels


class Damaged(FakeModels):
    def load(self, version=None):
        if version == "damaged":
            self.loads += 1
            raise ModelRefused("the signature of model damaged is wrong; train again.")
        return super().load(version)


def test_the_model_is_swapped_only_when_another_serves():
    """Looking is cheap: nothing is loaded twice."""
    models = FakeModels(FakeForecaster("a"), FakeForecaster("b"), serving="a")
    model = ServingModel(models)

    assert [model.refresh(), model.refresh(), model.current().version] == [True, False, "a"]
    models.version = "b"
    assert [model.refresh(), model.refresh(), model.current().version] == [True, False, "b"]
    assert models.loads == 2


def test_without_a_model_the_next_step_is_named():
    """NotTrained says what to run."""
    model = ServingModel(FakeModels(serving=None))
    model.refresh()

    with pytest.raises(NotTrained, match="doorcast train"):
        model.current()


def test_a_damaged_newcomer_never_replaces_a_working_model():
    """The old one serves on, the reason is told, and the damaged one is not tried over and over."""
    models = Damaged(FakeForecaster("a"), serving="a")
    model = ServingModel(models)
    model.refresh()
    models.version = "damaged"

    assert [model.refresh(), model.refresh()] == [False, False]
    assert (model.current().version, models.loads) == ("a", 2)
    assert "signature" in model.problem
    models.version = "a"
    assert model.problem is None


def test_a_damaged_registry_keeps_the_old_model_and_says_so():
    """When even the alias cannot be read, the loaded model serves on."""

    class Tampered(FakeModels):
        def serving(self):
            if self.loads:
                raise ModelRefused("the ledger was changed by another hand.")
            return super().serving()

    model = ServingModel(Tampered())
    model.refresh()

    assert model.refresh() is False
    assert model.current().version == "fake-1"
    assert "changed by another hand" in model.problem

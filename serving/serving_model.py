"""Hold the model that serves now, and swap it when the registry serves another."""

import threading
from typing import Protocol

import structlog

from data.domain.errors import DoorcastError, NotTrained
from training.forecaster import Forecaster

__all__ = ["ModelSource", "ServingModel"]

NO_MODEL = "no model is serving: run `doorcast train`."


class ModelSource(Protocol):
    """Know which model version serves, cheaply, and load it. Implemented by `training.registry.Registry`."""

    def serving(self) -> str | None:
        """Name the version that serves; ``None`` without one. Reads one small file at most."""
        ...

    def load(self, version: str | None = None) -> Forecaster:
        """Verify and load a version; raises `ModelRefused` for a damaged one."""
        ...


class ServingModel:
    """Give the forecaster that serves; a damaged newcomer never replaces a working model."""

    def __init__(self, source: ModelSource) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._loaded: Forecaster | None = None
        self._forecaster: Forecaster | None = None
        self._version: str | None = None
        self._refused: dict[str, str] = {}

    @property
    def version(self) -> str | None:
        """Name the version that is loaded; ``None`` without one."""
        return self._version

    @property
    def problem(self) -> str | None:
        """Say why the version that should serve does not; ``None`` when all is well."""
        try:
            wanted = self._source.serving()
        except DoorcastError as error:  # the registry itself was damaged or tampered with
            return f"the registry of models cannot be read: {error}"
        if wanted is None:
            return NO_MODEL if self._forecaster is None else None
        if wanted == self._version:
            return None
        return self._refused.get(wanted, f"model {wanted} is being loaded.")

    def current(self) -> Forecaster:
        """Give the loaded forecaster, without looking at the registry; raises `NotTrained` when there is none."""
        if self._forecaster is None:
            raise NotTrained(self.problem or NO_MODEL)
        return self._forecaster

    @property
    def loaded(self) -> Forecaster | None:
        """Give the forecaster as it was loaded, knowing nothing later than its training."""
        return self._loaded

    def refresh(self) -> bool:
        """Load the version that serves if it is another than the loaded one; say whether a swap took place.

        Slow when it loads (a trial in a child process comes first): call it off the event loop. A refused version is remembered and
        not tried again until the registry serves another.
        """
        with self._lock:
            try:
                wanted = self._source.serving()
            except DoorcastError as error:
                return self._refuse("", error)
            if wanted is None or wanted == self._version or wanted in self._refused:
                return False
            try:
                forecaster = self._source.load(wanted)
            except DoorcastError as error:
                return self._refuse(wanted, error)
            self._refused.clear()
            self._loaded, self._forecaster, self._version = forecaster, forecaster, wanted
            structlog.get_logger("doorcast.model").info("model serves", version=wanted)
            return True

    def renew(self, version: str, forecaster: Forecaster) -> bool:
        """Put the same version in place that has learnt what happened since; not if another version serves by now. Say whether it did."""
        with self._lock:
            if self._version != version:
                return False
            self._forecaster = forecaster
            return True

    def _refuse(self, version: str, error: DoorcastError) -> bool:
        if self._refused.get(version) != str(error):  # said once, not every two seconds
            structlog.get_logger("doorcast.model").error("model refused", version=version, reason=str(error))
        self._refused[version] = str(error)
        return False

"""Say what the registry knows of a version."""

from dataclasses import dataclass

from training.registry.manifest import Manifest

__all__ = ["Saved", "Verification"]


@dataclass(frozen=True, slots=True)
class Saved:
    """Describe a version in a list. ``refused`` says why it must not serve, ``None`` when its manifest is genuine."""

    version: str
    serving: bool
    manifest: Manifest | None
    refused: str | None


@dataclass(frozen=True, slots=True)
class Verification:
    """Hold what a full check found: every file's digest was right and the bundle answered its golden question in a child process."""

    version: str
    files: int
    length: int
    other_libraries: tuple[str, ...]
    """Libraries of another version than the bundle was saved with; the trial went well with them all the same."""

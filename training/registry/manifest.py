"""Describe one saved version: what is in its folder, from what it was learnt, and which format the files follow.

``FORMAT`` tells readers how to read. To change the layout: raise it, keep the old reader as its own function chosen by the
number found in the manifest, and add a test that loads a bundle saved in the old format. A number above ours means that
a newer Doorcast wrote the bundle: it is refused with the advice to upgrade. Format 1 (2026-11-21) is the first.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from platform import python_version
from typing import Any

from data.domain.errors import ModelRefused, NotFound

__all__ = ["FORMAT", "LIBRARIES", "FileEntry", "Manifest", "check_version", "library_versions"]

FORMAT = 1
LIBRARIES = ("joblib", "lightgbm", "numba", "numpy", "polars", "scikit-learn", "scipy")
VERSION = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{10}")
FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}\.(joblib|txt|json|svg|png|html|md)")
"""Names that a version's folder may hold: no separators, no dots in front, so no path can lead out of the folder."""


def check_version(version: str) -> str:
    """Give the version back, or raise `NotFound` when it cannot be the name of one."""
    if not VERSION.fullmatch(version):
        raise NotFound(f"{version!r} is not a model version (like 20261121T213000Z-0123456789); see `doorcast models list`.")
    return version


def library_versions() -> dict[str, str]:
    """Give the versions of Python and of the libraries that a bundle depends on."""
    return {"python": python_version(), **{name: metadata.version(name) for name in LIBRARIES}}


@dataclass(frozen=True, slots=True)
class FileEntry:
    """Hold name, length in bytes and SHA-256 (hex) of one file."""

    name: str
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Hold what a version is. ``created_at`` and ``cut`` are ISO instants in UTC; ``counts`` are rows it was learnt and judged from."""

    format: int
    version: str
    created_at: str
    cut: str | None
    features_version: str
    schema_hash: str
    libraries: dict[str, str]
    counts: dict[str, int]
    files: tuple[FileEntry, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give plain JSON values."""
        return {**asdict(self), "files": [asdict(entry) for entry in self.files]}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "Manifest":
        """Read a manifest whose signature was checked before; raises `ModelRefused` for another format or a foreign shape."""
        found = value.get("format")
        if found != FORMAT:
            raise ModelRefused(f"has format {found!r}, this Doorcast reads format {FORMAT}; upgrade Doorcast or train again.")
        try:
            files = tuple(FileEntry(**entry) for entry in value["files"])
            manifest = cls(**{**value, "files": files})
        except (KeyError, TypeError) as error:
            raise ModelRefused(f"has a manifest of another shape ({error}); train again.") from error
        if bad := [entry.name for entry in files if not FILE.fullmatch(entry.name)]:
            raise ModelRefused(f"lists files with names that are not allowed: {bad[:3]}; train again.")
        return manifest

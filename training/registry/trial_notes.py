"""Remember, signed, which version answered well in its trial under which libraries, so that it need not be tried again at every start."""

from pathlib import Path

from training.registry.manifest import Manifest, library_versions
from training.registry.signature import canonical, sign, signed_by

__all__ = ["TrialNotes"]

PURPOSE = "doorcast trial note"
LARGEST = 200


class TrialNotes:
    """Write and check notes in a folder; a note of other files, other libraries, another opener or another key counts for nothing."""

    def __init__(self, folder: Path, *, key: bytes, opener: str) -> None:
        self.folder, self.key, self.opener = folder, key, opener

    def write(self, manifest: Manifest) -> None:
        """Note that these very files answered well under the libraries of this process."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / manifest.version).write_text(sign(self.key, PURPOSE, self.content(manifest)))

    def holds(self, manifest: Manifest) -> bool:
        """Say whether there is a genuine note for these very files under the libraries of this process."""
        try:
            with (self.folder / manifest.version).open("rb") as file:
                signature = file.read(LARGEST).decode("ascii", "replace")
        except OSError:  # absent, or not to be read: the trial is held again
            return False
        return signed_by(self.key, PURPOSE, self.content(manifest), signature)

    def content(self, manifest: Manifest) -> bytes:
        return canonical({"manifest": manifest.to_dict(), "libraries": library_versions(), "opener": self.opener})

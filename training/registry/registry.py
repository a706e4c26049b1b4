"""Keep model versions in one folder and say which of them serves.

::

    folder/
      versions/<version>/   one signed, complete, never changed folder per version (see folder.py)
      ledger.jsonl          every decision, signed and chained (see ledger.py)
      serving.json          the alias of the serving version
      trials/<version>      signed notes of trials that went well, so that they need not be repeated
      lock                  held while any of this changes
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import joblib
import orjson

from data.domain.errors import ModelRefused, NotFound, NotTrained
from training.registry.folder import Contents, read_folder, read_manifest, sync_folder, write_folder
from training.registry.golden import Golden
from training.registry.ledger import Entry, Ledger, serving_stack
from training.registry.lock import locked
from training.registry.manifest import FORMAT, Manifest, check_version, library_versions
from training.registry.plain import check_plain, take_texts
from training.registry.saved import Saved, Verification
from training.registry.signature import check_key
from training.registry.trial import BUNDLE, OPENER, open_files, resolve, try_out
from training.registry.trial_notes import TrialNotes

if TYPE_CHECKING:
    from training.predictor import Predictor

__all__ = ["Registry"]

CARD = "card.json"
TRIAL_SECONDS = 120.0


def utc_now() -> datetime:
    return datetime.now(UTC)


class Registry:
    """Save, verify, list, promote, roll back and load model versions.

    ``key`` is a secret of at least 32 bytes: who has it can make bundles that this registry opens. ``clock`` gives the time of
    entries; ``opener`` names the function that makes a predictor of a bundle.
    """

    def __init__(
        self,
        folder: Path,
        *,
        key: bytes,
        clock: Callable[[], datetime] = utc_now,
        opener: str = OPENER,
        trial_seconds: float = TRIAL_SECONDS,
    ) -> None:
        self.folder, self.key, self.clock, self.opener, self.trial_seconds = folder, check_key(key), clock, opener, trial_seconds
        self.versions = folder / "versions"
        self.ledger = Ledger(folder, self.key)
        self.notes = TrialNotes(folder / "trials", key=self.key, opener=opener)

    def save(
        self,
        bundle: dict[str, object],
        *,
        card: Mapping[str, Any],
        pictures: Mapping[str, bytes] | None = None,
        golden: Golden | None = None,
        reason: str = "trained",
    ) -> str:
        """Save a new version and give its name; it does not serve before `promote`.

        The loaded bundle carries one more entry, ``version``, so that forecasts can name it. ``card`` is plain JSON; its ``provenance`` (``cut``, ``features_version``, ``schema_hash``, ``counts``) goes into the manifest.
        ``pictures`` are more files of the card (svg, png, html) by name. The version appears whole or not at all: it is written and tried
        out under a temporary name first. Raises `ModelRefused` when the bundle holds a class that is not plain or cannot be loaded.
        """
        check_plain(bundle)
        texts: dict[str, str] = {}
        packed = BytesIO()
        joblib.dump({"model": take_texts(bundle, texts), "golden": golden.to_state() if golden else None}, packed, compress=("zlib", 3))
        files = {
            BUNDLE: packed.getvalue(),
            CARD: orjson.dumps(dict(card), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS),
            **{name: text.encode() for name, text in texts.items()},
            **(pictures or {}),
        }
        manifest = self.describe(card, files)
        try_out(manifest.version, files, opener=self.opener, timeout_s=self.trial_seconds)
        self.versions.mkdir(parents=True, exist_ok=True)
        incoming = Path(tempfile.mkdtemp(prefix=".incoming-", dir=self.versions))
        try:
            complete = write_folder(incoming, manifest, files, self.key)
            with locked(self.folder):
                incoming.rename(self.versions / manifest.version)
                sync_folder(self.versions)
                self.notes.write(complete)
                self.ledger.append("saved", manifest.version, at=manifest.created_at, reason=reason, evidence={})
        finally:
            shutil.rmtree(incoming, ignore_errors=True)
        return manifest.version

    def describe(self, card: Mapping[str, Any], files: Mapping[str, bytes]) -> Manifest:
        now = self.clock().astimezone(UTC)
        digest = hashlib.sha256(b"".join(hashlib.sha256(files[name]).digest() for name in sorted(files)) + os.urandom(8)).hexdigest()
        provenance = card.get("provenance", {})
        return Manifest(
            format=FORMAT,
            version=f"{now:%Y%m%dT%H%M%SZ}-{digest[:10]}",
            created_at=now.isoformat(),
            cut=provenance.get("cut"),
            features_version=str(provenance.get("features_version", "unknown")),
            schema_hash=str(provenance.get("schema_hash", "unknown")),
            libraries=library_versions(),
            counts={name: int(count) for name, count in provenance.get("counts", {}).items()},
            files=(),
        )

    def list(self) -> tuple[Saved, ...]:
        """Give all versions, oldest first, with the reason beside those whose manifest is not genuine."""
        names = sorted(path.name for path in self.versions.iterdir() if not path.name.startswith(".")) if self.versions.is_dir() else []
        serving = self.serving()
        return tuple(self.listed(name, serving=name == serving) for name in names)

    def listed(self, version: str, *, serving: bool) -> Saved:
        try:
            return Saved(version, serving, read_manifest(self.versions / check_version(version), self.key), None)
        except (ModelRefused, NotFound) as error:
            return Saved(version, serving, None, str(error))

    def show(self, version: str | None = None) -> tuple[Manifest, dict[str, Any]]:
        """Give manifest and card of a version (of the serving one by default), after checking every file."""
        contents = self.contents(version)
        return contents.manifest, orjson.loads(contents.files[CARD])

    def picture(self, version: str | None, name: str) -> bytes:
        """Give one more file of a version's card, such as ``card.html``."""
        contents = self.contents(version)
        if name not in contents.files:
            raise NotFound(f"model {contents.manifest.version} has no file {name!r}; it has {sorted(contents.files)}.")
        return contents.files[name]

    def verify(self, version: str | None = None) -> Verification:
        """Check signature and digests of every file, then load and question the bundle in a child process, always anew."""
        contents = self.contents(version)
        self.try_out(contents)
        manifest, installed = contents.manifest, library_versions()
        others = tuple(
            f"{name} {installed.get(name)} (saved with {saved})"
            for name, saved in manifest.libraries.items()
            if installed.get(name) != saved
        )
        return Verification(manifest.version, len(manifest.files), sum(entry.length for entry in manifest.files), others)

    def serving(self) -> str | None:
        """Name the serving version, from one small signed file; ``None`` before the first promotion."""
        head = self.ledger.head()
        if head is None:
            self.ledger.entries()  # a lost alias is told of, and is not taken for "nothing serves yet"
        serving: str | None = head["serving"] if head else None
        return serving

    def history(self) -> tuple[Entry, ...]:
        """Give every decision, oldest first; raises `ModelRefused` when the ledger was tampered with."""
        with locked(self.folder, shared=True):
            return self.ledger.entries()

    def promote(self, version: str, *, reason: str, evidence: Mapping[str, Any] | None = None) -> None:
        """Let a version serve after a full check. Promoting the serving version changes nothing."""
        self.checked(version)
        with locked(self.folder):
            self.ledger.heal()
            stack = serving_stack(self.ledger.entries())
            if stack[-1:] != (version,):
                self.ledger.append("promoted", version, at=self.now(), reason=reason, evidence=evidence or {})

    def decline(self, version: str, *, reason: str, evidence: Mapping[str, Any] | None = None) -> None:
        """Write down why a version was not promoted."""
        check_version(version)
        with locked(self.folder):
            self.ledger.append("declined", version, at=self.now(), reason=reason, evidence=evidence or {})

    def rollback(self, *, reason: str) -> str:
        """Let the version serve again that served before the last promotion, after a full check; gives its name."""
        stack = serving_stack(self.history())
        if len(stack) < 2:
            raise NotFound("there is no earlier model to roll back to; see `doorcast models history`.")
        self.checked(stack[-2])
        with locked(self.folder):
            if serving_stack(self.ledger.entries()) != stack:
                raise ModelRefused(
                    f"another promotion or rollback came first, {stack[-1]} no longer serves; look at `doorcast models history`, then decide again."
                )
            self.ledger.append("rolled_back", stack[-2], at=self.now(), reason=reason, evidence={"from": stack[-1]})
        return stack[-2]

    def load(self, version: str | None = None) -> "Predictor":
        """Give the predictor of a version (the serving one by default) after signature, digests and a trial in a child process.

        Raises `NotTrained` when nothing serves yet, `NotFound` for an unknown version, `ModelRefused` for everything wrong.
        """
        contents = self.checked(version)
        bundle, _ = open_files(contents.files)
        predictor: Predictor = resolve(self.opener)({**bundle, "version": contents.manifest.version})
        return predictor

    def contents(self, version: str | None) -> Contents:
        chosen = self.serving() if version is None else check_version(version)
        if chosen is None:
            raise NotTrained(f"no model serves yet in {self.folder}; run `doorcast train`.")
        return read_folder(self.versions / chosen, self.key)

    def checked(self, version: str | None) -> Contents:
        """Check every byte, and try the version out unless a signed note says that it went well under these very libraries."""
        contents = self.contents(version)
        if not self.notes.holds(contents.manifest):
            self.try_out(contents)
        return contents

    def try_out(self, contents: Contents) -> None:
        try_out(contents.manifest.version, contents.files, opener=self.opener, timeout_s=self.trial_seconds)
        # A note only spares the next start this trial: a registry that may be read but not written (a read-only disk) serves as well.
        with suppress(OSError), locked(self.folder):
            self.notes.write(contents.manifest)

    def now(self) -> str:
        return self.clock().astimezone(UTC).isoformat()

"""Write and read the folder of one version: nothing is opened before its signature and its digest are right.

A folder holds ``manifest.json`` (which lists every other file with length and SHA-256), ``signature`` (HMAC-SHA256 of
the manifest's bytes) and those files; an extra file, a link or a missing one is a refusal. The bytes that were verified are the bytes that
are used: files are read once, into memory.
"""

import hashlib
import hmac
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from data.domain.errors import ModelRefused, NotFound
from training.registry.manifest import FileEntry, Manifest
from training.registry.signature import sign, signed_by

__all__ = ["LARGEST_FILE", "Contents", "read_folder", "read_manifest", "sync_folder", "write_file", "write_folder"]

MANIFEST, SIGNATURE, PURPOSE = "manifest.json", "signature", "doorcast model bundle"
LARGEST_MANIFEST, LARGEST_SIGNATURE = 1_000_000, 200
LARGEST_FILE = 512_000_000
LARGEST_TOTAL = 1_000_000_000
"""Bytes. A bundle of 1 M scans takes about 20 MB (measured 2026-11-21); more than this is a mistake or an attack."""


@dataclass(frozen=True, slots=True)
class Contents:
    """Hold a verified version: its manifest and the bytes of its files by name."""

    manifest: Manifest
    files: dict[str, bytes]


def refused(version: str, why: str) -> ModelRefused:
    return ModelRefused(f"model {version} {why}")


RESTORE = "restore the folder from a backup or train again, and keep the serving model until then."


def write_file(path: Path, content: bytes) -> None:
    """Write a new file and wait until it is on disk."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_folder(folder: Path, manifest: Manifest, files: Mapping[str, bytes], key: bytes) -> Manifest:
    """Write all files, the manifest that lists them and its signature into an existing empty folder."""
    if total := [name for name, content in files.items() if len(content) > LARGEST_FILE]:
        raise refused(manifest.version, f"has files above {LARGEST_FILE:,} bytes: {total}; learn fewer trees or a shorter history.")
    entries = tuple(FileEntry(name, len(content), hashlib.sha256(content).hexdigest()) for name, content in sorted(files.items()))
    complete = replace(manifest, files=entries)
    text = json.dumps(complete.to_dict(), indent=1, sort_keys=True, allow_nan=False).encode()
    for name, content in files.items():
        write_file(folder / name, content)
    write_file(folder / MANIFEST, text)
    write_file(folder / SIGNATURE, sign(key, PURPOSE, text).encode())
    sync_folder(folder)
    return complete


def read_file(folder: Path, name: str, version: str, largest: int) -> bytes:
    """Read one regular file without following links and without waiting on pipes."""
    try:
        handle = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError as error:
        raise refused(version, f"lacks its file {name}; {RESTORE}") from error
    except OSError as error:
        raise refused(version, f"has a file {name} that cannot be opened ({error.strerror}); links are not followed. {RESTORE}") from error
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):  # asked before fdopen, which raises for a folder
        os.close(handle)
        raise refused(version, f"holds {name}, which is not a regular file; {RESTORE}")
    with os.fdopen(handle, "rb") as file:
        if status.st_size > largest:
            raise refused(version, f"holds {name} of {status.st_size:,} bytes, at most {largest:,} are allowed; {RESTORE}")
        return file.read(largest + 1)


def read_manifest(folder: Path, key: bytes) -> Manifest:
    """Read and check the signed manifest of a version's folder; the other files are not looked at."""
    version = folder.name
    try:
        status = os.lstat(folder)
    except FileNotFoundError as error:
        raise NotFound(f"no model {version} is saved in {folder.parent}; see `doorcast models list`.") from error
    if not stat.S_ISDIR(status.st_mode):
        raise refused(version, f"is not a folder of its own (a link or a file); {RESTORE}")
    names = {path.name for path in folder.iterdir()}
    if SIGNATURE not in names:
        raise refused(
            version, f"is not signed: every bundle carries a file {SIGNATURE!r}. Only bundles saved by `doorcast train` are loaded."
        )
    signature = read_file(folder, SIGNATURE, version, LARGEST_SIGNATURE)
    text = read_file(folder, MANIFEST, version, LARGEST_MANIFEST)
    if not signed_by(key, PURPOSE, text, signature.decode("utf-8", "replace")):
        raise refused(
            version, f"carries a signature of another key, or its manifest was changed. Check the key file; if it is right, {RESTORE}"
        )
    try:
        manifest = Manifest.from_dict(json.loads(text))
    except ModelRefused as error:
        raise refused(version, str(error)) from error
    if manifest.version != version:
        raise refused(version, f"holds the bundle of {manifest.version}: folders must not be renamed or swapped. Rename it back.")
    return manifest


def read_folder(folder: Path, key: bytes) -> Contents:
    """Read a version wholly, after checking signature, names, lengths and digests; raises `ModelRefused` or `NotFound`."""
    manifest = read_manifest(folder, key)
    version = folder.name
    listed = {entry.name for entry in manifest.files}
    present = {path.name for path in folder.iterdir()} - {MANIFEST, SIGNATURE}
    if missing := sorted(listed - present):
        raise refused(version, f"lacks {missing[:3]}, which its manifest lists; {RESTORE}")
    if extra := sorted(present - listed):
        raise refused(version, f"holds {extra[:3]!r}, which its manifest does not list; remove what does not belong there.")
    if sum(entry.length for entry in manifest.files) > LARGEST_TOTAL:
        raise refused(version, f"is larger than {LARGEST_TOTAL:,} bytes; train again with a shorter history.")
    files = {}
    for entry in manifest.files:
        content = read_file(folder, entry.name, version, LARGEST_FILE)
        if len(content) != entry.length:
            raise refused(version, f"is damaged: {entry.name} has {len(content):,} bytes instead of {entry.length:,}; {RESTORE}")
        if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), entry.sha256):
            raise refused(version, f"is damaged: the content of {entry.name} does not match its digest; {RESTORE}")
        files[entry.name] = content
    return Contents(manifest, files)

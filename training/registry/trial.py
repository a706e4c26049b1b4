"""Load a bundle in a child process and let it make one real prediction before any server touches it.

A damaged LightGBM text aborts the whole process (SIGABRT, no exception; 11 of 20 small mutations), so the first load must happen where
an abort harms nobody. The parent sends the bytes that it verified through a pipe; the child never reads the folder.
"""

import importlib
import json
import struct
import subprocess
import sys
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import joblib

from data.domain.errors import DoorcastError, ModelRefused
from training.registry.golden import Golden, check_golden
from training.registry.plain import restore_texts

__all__ = ["BUNDLE", "OPENER", "open_files", "resolve", "try_out"]

BUNDLE = "bundle.joblib"
OPENER = "training.predictor:Predictor.from_bundle"
ROOT = Path(__file__).parents[2]
REFUSED = 3
"""Exit code of a child that found a reason to refuse; every other code but 0 is a crash."""


def resolve(opener: str) -> Callable[[dict[str, object]], Any]:
    """Give the function that makes a predictor of a bundle: ``module:name.name``. Comes from code, never from a bundle."""
    module, _, path = opener.partition(":")
    found: Any = importlib.import_module(module)
    for name in path.split("."):
        found = getattr(found, name)
    made: Callable[[dict[str, object]], Any] = found
    return made


def open_files(files: Mapping[str, bytes]) -> tuple[dict[str, object], Golden | None]:
    """Unpack verified files into the bundle and its golden question. Runs joblib: call it only with bytes whose signature was checked."""
    texts = {name: content.decode() for name, content in files.items() if name.startswith("trees-")}
    packed = joblib.load(BytesIO(files[BUNDLE]))
    golden = packed["golden"]
    return restore_texts(packed["model"], texts), None if golden is None else Golden.from_state(golden)


def try_out(version: str, files: Mapping[str, bytes], *, opener: str, timeout_s: float) -> None:
    """Load and question the bundle in a child; raises `ModelRefused` naming the version when the child does not come back well."""
    command = [sys.executable, "-m", "training.registry.trial", opener, version]
    needed = {name: content for name, content in files.items() if name == BUNDLE or name.startswith("trees-")}
    try:
        child = subprocess.run(command, input=framed(needed), capture_output=True, cwd=ROOT, timeout=timeout_s, check=False)
    except subprocess.TimeoutExpired as error:
        raise ModelRefused(f"model {version} did not load and answer within {timeout_s:g} s in a trial process; train again.") from error
    if child.returncode == 0:
        return
    words = child.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["no message"]
    if child.returncode == REFUSED:
        raise ModelRefused(f"model {version} {words[0]}")
    how = f"was killed by signal {-child.returncode}" if child.returncode < 0 else f"ended with code {child.returncode}"
    raise ModelRefused(
        f"model {version} cannot be loaded: its trial process {how} ({words[0][:300]}). Train again; the serving model is untouched."
    )


def framed(files: Mapping[str, bytes]) -> bytes:
    header = json.dumps([[name, len(content)] for name, content in files.items()]).encode()
    return struct.pack(">Q", len(header)) + header + b"".join(files.values())


def unframed(stream: BinaryIO) -> dict[str, bytes]:
    (length,) = struct.unpack(">Q", stream.read(8))
    return {name: stream.read(size) for name, size in json.loads(stream.read(length))}


def main() -> int:
    """Be the child: read the files from standard input, load, answer, and end with 0 only when the answer is the stored one."""
    try:
        bundle, golden = open_files(unframed(sys.stdin.buffer))
        opener, version = sys.argv[1:]
        predictor = resolve(opener)({**bundle, "version": version})
        if golden is not None:
            check_golden(predictor, golden)
    except DoorcastError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Try Parquet files in a child process before we read them ourselves.

A damaged file can make the reader panic, write a stack trace or abort the whole process (seen with polars 2.1: 1 of some 100 files with a few bytes
changed), which no handler stops. The child takes that blow; it costs about half a second and one more reading.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from data.domain.errors import InvalidTable

__all__ = ["try_parquet"]

# The child knows nothing of this house, so it starts wherever this interpreter does. One line for each file that was survived.
CHILD = """
import json, sys
import polars as pl
for path in sys.argv[1:]:
    try:
        pl.read_parquet(path)
        reason = None
    except BaseException as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
    print(json.dumps(reason), flush=True)
"""


def try_parquet(paths: Sequence[Path]) -> None:
    """Raise `InvalidTable` for the first file that cannot be read whole; do nothing when there is none."""
    if not paths:
        return
    done = subprocess.run(
        [sys.executable, "-I", "-c", CHILD, *map(str, paths)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    reasons = [json.loads(line) for line in done.stdout.splitlines()]
    if len(reasons) < len(paths):
        reasons.append("reading it crashes")
    for path, reason in zip(paths, reasons, strict=False):
        if reason is not None:
            raise InvalidTable(f"{path} cannot be read as Parquet ({reason}); write or copy it again.")

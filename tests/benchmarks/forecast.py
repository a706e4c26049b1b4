"""Measure the forecasts on all sets, beside naive boosted trees, tables, the shop's dates and what others published.

Run by ``make bench-forecast``; prints the tables and, with ``--write``, puts them into training's README and the pictures beside it. Each run is a
process of its own on one thread, so that its memory is given back, two at a time where there are two cores (``--jobs``); its record is kept in the
state folder, so that ``--resume`` can go on after a stop. Sets are read from ``DOORCAST_REAL_DATA`` or ``../shared/data``; one that is absent is skipped and named. What is compared:

- **Doorcast** by `doorcast benchmark`'s own code; frozen or online, as each row says.
- **LightGBM, CatBoost, sklearn**: what an engineer writes in an afternoon (`training/benchmark/rivals.py`): delivered rows only, static columns, L1
  for the point, quantiles for the window, a classifier for the risk, one model for each moment, default sizes. With a refit LightGBM is refitted too.
- **lane table, date, constant**: the product's baselines.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import orjson
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from tests.benchmarks.forecast_runs import RUNS, SETS, Run, do
from tests.benchmarks.forecast_section import tables, written
from training.benchmark.cells import Record
from training.benchmark.comparison import landmarks
from training.benchmark.markers import put_between
from training.benchmark.pictures import draw_bench

HOUSE = Path(__file__).parents[2]
README, PICTURES = HOUSE / "training" / "README.md", HOUSE / "training" / "pictures"
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
TALK = "progress\t"
SHOWING = {"cells", "comparison", "details", "markers", "pictures", "published"}


def main() -> None:
    """Do the runs, print the tables, and write them where asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS, help="only these sets")
    parser.add_argument("--quick", action="store_true", help="one frozen origin a set")
    parser.add_argument("--resume", action="store_true", help="keep records that the same code left in the state folder")
    parser.add_argument("--write", action="store_true", help="rewrite the section of training/README.md and its pictures")
    parser.add_argument("--state", type=Path, default=HOUSE / ".doorcast" / "bench-forecast", help="where records are kept")
    parser.add_argument(
        "--jobs", type=int, default=min(os.cpu_count() or 1, 2), help="runs at a time, each on one thread (up to 3 GB each)"
    )
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    root = Path(os.environ.get("DOORCAST_REAL_DATA", HOUSE.parent / "shared" / "data"))
    if asked.jobs < 1:
        parser.error(f"--jobs {asked.jobs} would do nothing; give 1 or more.")
    if asked.one:
        one(asked.one, root, asked.state)
        return
    console = Console(stderr=True)
    wanted = [run for run in RUNS if run.dataset in asked.sets and (run.quick or not asked.quick)]
    absent = sorted({run.dataset for run in wanted if run.dataset != "simulated" and not (root / run.dataset).is_dir()})
    code = digest()
    asked.state.mkdir(parents=True, exist_ok=True)
    failed = children(
        [run for run in wanted if run.dataset not in absent], asked.state, code, resume=asked.resume, jobs=asked.jobs, console=console
    )
    records = [record for run in wanted if (record := kept(asked.state, run, code)) is not None]
    if not records:
        sys.exit("no run left a record; see the messages above.")
    tell(records)
    for name in absent:
        console.print(f"{name} is not in the data folder and was skipped")
    if asked.write:
        write(asked.state, code, absent=absent, failed=failed)
    if failed:
        sys.exit(f"{len(failed)} runs failed: {', '.join(failed)}")


def write(state: Path, code: str, *, absent: list[str], failed: list[str]) -> None:
    """Put every record of this code into the README, also those of earlier calls, and say what is missing."""
    found = {run.key: kept(state, run, code) for run in RUNS}
    records = [record for record in found.values() if record is not None]
    why = {run.key: "not in the data folder" if run.dataset in absent else "failed" if run.key in failed else "not run" for run in RUNS}
    pictures = draw_bench(records)
    PICTURES.mkdir(exist_ok=True)
    for name, picture in pictures.items():
        (PICTURES / name).write_bytes(picture)
    left_out = [f"{key}: {why[key]}" for key, record in found.items() if record is None]
    section = written(records, left_out=left_out, pictures=tuple(pictures), now=datetime.now(UTC))
    README.write_text(put_between(README.read_text("utf-8"), section), "utf-8")


def one(key: str, root: Path, state: Path) -> None:
    """Do one run in this process, talk about it on standard output, and leave its record."""
    run = next(run for run in RUNS if run.key == key)
    record = do(run, root, lambda what, done, whole: print(f"{TALK}{what}\t{done}\t{max(whole, 1)}", flush=True))
    (state / f"{key}.json").write_bytes(orjson.dumps({**record, "code": os.environ["BENCH_CODE"]}, option=orjson.OPT_INDENT_2))


def children(runs: list[Run], state: Path, code: str, *, resume: bool, jobs: int, console: Console) -> list[str]:
    """Do the runs, each in a child, ``jobs`` at a time; give the keys of those that failed."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as shown, ThreadPoolExecutor(jobs) as pool:
        whole = shown.add_task("all runs", total=len(runs))

        def step(run: Run) -> bool:
            fine = (resume and kept(state, run, code) is not None) or child(run, state, code, shown)
            shown.advance(whole)
            return fine

        # The longest stand last in the list: begun first, no core is left alone with one at the end.
        fine = list(pool.map(step, reversed(runs)))
    return [run.key for run, well in zip(reversed(runs), fine, strict=True) if not well]


def child(run: Run, state: Path, code: str, shown: Progress) -> bool:
    """Do one run in a process of its own and pass on what it tells; say whether it went well."""
    (state / f"{run.key}.json").unlink(missing_ok=True)
    begun, bar = time.perf_counter(), shown.add_task(run.key, total=None)
    environment = os.environ | ONE_THREAD | {"OMP_WAIT_POLICY": "passive", "BENCH_CODE": code}
    command = [sys.executable, "-m", "tests.benchmarks.forecast", "--one", run.key, "--state", str(state)]
    with subprocess.Popen(command, env=environment, cwd=HOUSE, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            if line.startswith(TALK):
                what, done, parts = line.removeprefix(TALK).split("\t")
                shown.update(bar, description=f"{run.key}: {what}", completed=int(done), total=int(parts))
    shown.remove_task(bar)
    seconds = time.perf_counter() - begun
    shown.console.print(f"{run.key}: {seconds:.0f} s" + ("" if process.returncode == 0 else f", failed ({process.returncode})"))
    return process.returncode == 0


def kept(state: Path, run: Run, code: str) -> Record | None:
    """Give the record of a run if this very code left one."""
    path = state / f"{run.key}.json"
    record: Record | None = orjson.loads(path.read_bytes()) if path.is_file() else None
    return record if record is not None and record["code"] == code else None


def digest() -> str:
    """Give a digest of the code that makes the figures, not of what shows them: records of other code are not mixed in."""
    found = hashlib.sha256()
    for path in sorted(path for room in ("data", "training") for path in (HOUSE / room).rglob("*.py")):
        if path.parent.name != "benchmark" or path.stem not in SHOWING:
            found.update(path.read_bytes())
    return found.hexdigest()[:16]


def tell(records: list[Record]) -> None:
    """Print the tables."""
    # Wide enough for every column: a terminal may wrap lines, but never a cell.
    console = Console(width=None if sys.stdout.isatty() else 260)
    for title, (head, rows) in tables(records).items():
        shown = Table(title=title, title_justify="left")
        for place, name in enumerate(head):
            shown.add_column(name, justify="left" if place < 3 else "right")
        for row in rows:
            # Keys like [o1] are no markup.
            shown.add_row(*(Text(cell.replace("**", "")) for cell in row))
        console.print(shown)
    console.print(landmarks(records), markup=False)


if __name__ == "__main__":
    main()

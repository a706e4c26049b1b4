"""Measure the whole road: canonical files of simulated shipments to a trained, served model.

Run by ``make bench-100k``; prints one Markdown table with the wall-clock seconds and the peak memory of every step. Each step is
the command that a user would call, in a process of its own.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path


def step(name: str, command: list[str], environment: dict[str, str]) -> tuple[str, float, float]:
    """Run one command; give its name, wall-clock seconds and peak memory in MB."""
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{name} failed: {' '.join(command)}")
    row = name, time.perf_counter() - started, usage.ru_maxrss / 1024
    print(f"{name}: {row[1]:.0f} s, {row[2]:.0f} MB", file=sys.stderr)
    return row


def until_ready(port: int, environment: dict[str, str]) -> tuple[str, float, float]:
    """Start the server and wait for ``/readyz``, which answers 200 once the model is verified and loaded."""
    started = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "serving.cli", "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while time.perf_counter() - started < 120:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                    if answer.status == 200:
                        seconds = time.perf_counter() - started
                        break
            except OSError:
                time.sleep(0.2)
        else:
            sys.exit("the server was not ready within 120 s")
    finally:
        server.terminate()
        _, _, usage = os.wait4(server.pid, 0)
    return "serve, until ready", seconds, usage.ru_maxrss / 1024


def main() -> None:
    """Walk the road and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=120)
    parser.add_argument("--port", type=int, default=8011)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"DOORCAST_STATE_FOLDER": f"{folder}/state"}
        doorcast = [sys.executable, "-m", "serving.cli"]
        files = Path(folder) / "canonical"
        rows = [
            step(
                "simulate and write canonical files",
                [*doorcast, "data", "simulate", "--orders", str(asked.orders), "--days", str(asked.days), "--out", str(files)],
                environment,
            ),
            step("import", [*doorcast, "data", "import", str(files)], environment),
            step("train, evaluate, sign, promote", [*doorcast, "train", "--promote"], environment),
            until_ready(asked.port, environment),
        ]
    print("| step | seconds | peak MB |\n|---|---|---|")
    for name, seconds, megabytes in rows:
        print(f"| {name} | {seconds:.0f} | {megabytes:.0f} |")
    print(f"| all but the simulation | {sum(seconds for _, seconds, _ in rows[1:]):.0f} | {max(m for _, _, m in rows):.0f} |")
    print(f"\n{asked.orders} orders, {os.cpu_count()} cores, Python {sys.version.split()[0]}, page size {resource.getpagesize()}")


if __name__ == "__main__":
    main()

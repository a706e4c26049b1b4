"""Show the whole road in one command: ``doorcast demo``."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import httpx2
import typer
from rich.console import Console

from data.domain.errors import NotFound, Unavailable
from serving.settings import Settings

__all__ = ["demo"]


def demo(
    *,
    orders: Annotated[int, typer.Option(min=2_000, max=200_000, help="Orders in the 45 days before now.")] = 9_000,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="The same seed gives the same network.")] = 7,
    speed: Annotated[float, typer.Option(min=1, max=3_600, help="How much faster than the wall's clock the network lives.")] = 60,
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="Port to serve on; by default DOORCAST_PORT or 8000.")] = None,
    state: Annotated[Path | None, typer.Option(help="Folder of the demo's state; by default DOORCAST_STATE_FOLDER or .doorcast.")] = None,
    exit_when_ready: Annotated[
        bool, typer.Option("--exit-when-ready", help="End with exit code 0 once both pages have answered 200.")
    ] = False,
) -> None:
    """Simulate a parcel network, train a model on it, and serve the forecasts with live scans.

    Everything is kept in the state folder, so that `doorcast shipments`, `map`, `predict` and `models` work afterwards.
    """
    from serving.demo.demo_clock import DemoClock
    from serving.demo.live_feed import LiveFeed
    from serving.demo.server import DemoServer
    from serving.demo.showcase import choose
    from serving.demo.stage import set_stage
    from serving.listening import listen
    from serving.logs import configure_logs
    from serving.wiring import open_wiring

    began = time.monotonic()
    said = Console(highlight=False, soft_wrap=True)
    told = {name: value for name, value in {"state_folder": state, "port": port}.items() if value is not None}
    settings = Settings(**told)
    configure_logs("WARNING")
    sockets = listen(settings.host, settings.port)  # first of all: nobody waits a minute to hear that the port is taken
    settings = settings.model_copy(update={"port": sockets[0].getsockname()[1]})

    def tell(sentence: str) -> None:
        said.print(f"[dim]{time.monotonic() - began:5.1f} s[/dim]  {sentence}")

    stage = set_stage(settings, orders=orders, seed=seed, now=datetime.now(UTC).replace(microsecond=0), tell=tell)
    tell(
        f"On the newest weeks the model is off by {stage.mean_error_hours:.1f} hours on average; "
        f"knowing only the lane, one is off by {stage.lane_table_error_hours:.1f}."
    )
    clock = DemoClock(stage.starts_at, speed)
    wiring = open_wiring(settings, clock=clock)
    shown = choose(wiring.store, now=clock())
    if shown is None:
        raise NotFound(f"no shipment of seed {seed} is on its way; try another: doorcast demo --seed {seed + 1}.")
    track = f"{settings.address}/track/{wiring.store.tokens.issue(shown.shipment_id)}"
    operations = f"{settings.address}/ops/enter/{wiring.keyring.ticket()}"
    feed = LiveFeed(stage.later, store=wiring.store, address=settings.address, key=wiring.keyring.first_key, clock=clock)
    server = DemoServer(settings, wiring, sockets)
    server.start()
    try:
        for address in (track, operations):
            answers(address)
        tell(f"Ready. Simulated time runs {speed:g} times as fast; scans arrive live. Stop with Ctrl+C.")
        said.print(f"\n  A customer's page   {track}\n  Operations          {operations}\n")
        if exit_when_ready:
            return
        feed.start()
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        tell("Stopping; the state stays, and `doorcast shipments` lists it.")
    finally:
        feed.stop()
        server.stop()


def answers(address: str) -> None:
    """Fetch a page as a browser would; raises `Unavailable` unless it answers 200."""
    with httpx2.Client(follow_redirects=True, timeout=30) as browser:
        status = browser.get(address).status_code
    if status != 200:
        raise Unavailable(f"{address} answered {status} instead of 200; run `doorcast serve` and look at its log.")

"""Serve the API and the pages: ``doorcast serve``."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from serving.settings import Settings

__all__ = ["serve"]


def serve(
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on; by default DOORCAST_HOST or 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="Port to listen on; by default DOORCAST_PORT or 8000.")] = None,
    state: Annotated[Path | None, typer.Option(help="State folder; by default DOORCAST_STATE_FOLDER or .doorcast.")] = None,
) -> None:
    """Serve the API, the customers' pages and the operations pages in one process, until Ctrl+C.

    Logs are JSON lines on standard error. The first start makes an API key and keeps it in the state folder (api_key).
    """
    from serving.app import create_app
    from serving.listening import listen
    from serving.live.server import LiveServer
    from serving.logs import configure_logs
    from serving.wiring import open_wiring

    told: dict[str, Any] = {name: value for name, value in {"host": host, "port": port, "state_folder": state}.items() if value is not None}
    settings = Settings(**told)
    configure_logs(settings.log_level)
    sockets = listen(settings.host, settings.port)
    settings = settings.model_copy(update={"port": sockets[0].getsockname()[1]})
    wiring = open_wiring(settings)
    app = create_app(settings, wiring=wiring)
    Console(highlight=False, soft_wrap=True).print(
        f"Doorcast listens on {settings.address}\n"
        f"  Operations   {settings.address}/ops/enter/{wiring.keyring.ticket()}  (for 12 hours)\n"
        f"  API key      in {settings.state_folder / 'api_key'}\n"
        f"  API          {settings.address}/openapi.json",
        markup=False,
    )
    # One worker: SQLite has one writer, and the background work must run once. More machines share a PostgreSQL.
    LiveServer(app).run(sockets=sockets)

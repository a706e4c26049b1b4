"""Build the application: rooms, doors and pages put together; nothing happens before `create_app` is called."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from serving import errors
from serving.api import (
    contacts,
    estimates,
    eta,
    events,
    explanations,
    health,
    journeys,
    models,
    operations,
    orders,
    scans,
    sessions,
    shipments,
    tokens,
)
from serving.api.access import AccessLog
from serving.api.answers import FiniteJSON
from serving.api.body_limit import BodyLimit
from serving.api.headers import SecurityHeaders
from serving.api.metrics import Metrics
from serving.api.mistakes import Mistakes
from serving.api.openapi import describe
from serving.jobs.background import Background
from serving.live.live import Live
from serving.pages.error_page import error_page
from serving.pages.router import router as pages
from serving.settings import Settings
from serving.wiring import Wiring, open_wiring

__all__ = ["create_app"]


def create_app(settings: Settings, *, wiring: Wiring | None = None) -> FastAPI:
    """Give the application for some settings.

    ``wiring`` replaces what the settings would open (tests give fakes); the app closes it when it shuts down. Background work
    (loading the serving model, forecasting what waits) runs between startup and shutdown only.
    """
    wiring = wiring or open_wiring(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        background: Background = app.state.background
        background.start()
        try:
            yield
        finally:
            background.stop()
            app.state.wiring.close()

    app = FastAPI(
        title="Doorcast",
        summary="Forecasts each parcel's way to the door.",
        version="1",
        lifespan=lifespan,
        docs_url=None,  # Swagger UI and ReDoc load their code from other hosts
        redoc_url=None,
        redirect_slashes=False,
        default_response_class=FiniteJSON,
    )
    app.state.wiring = wiring
    app.state.metrics = Metrics(wiring)
    app.state.live = Live(wiring)
    app.state.metrics.streams.set_function(lambda: float(app.state.live.streams.count))
    app.state.background = Background(wiring, app.state.metrics)
    errors.install(app)
    for room in (
        shipments,
        eta,
        events,
        explanations,
        orders,
        scans,
        contacts,
        estimates,
        journeys,
        tokens,
        models,
        operations,
        health,
        sessions,
    ):
        app.include_router(room.router)
    app.state.error_page = error_page
    app.include_router(pages)
    app.add_middleware(BodyLimit)  # the last one added is the outermost
    app.add_middleware(Mistakes)
    app.add_middleware(AccessLog, metrics=app.state.metrics)
    app.add_middleware(SecurityHeaders)
    app.openapi = describe(app)  # type: ignore[method-assign]  # FastAPI's documented way to extend its schema
    return app

"""The operations room: shipments at risk in a table and on a map, and each shipment's page as its customer sees it."""

import csv
import io
from dataclasses import asdict, fields

from fastapi import APIRouter, Request, Response

from maps.fleet import fleet_map_parts
from serving.api.answers import FiniteJSON
from serving.api.wired import Wired
from serving.ordered_together import ordered_together
from serving.pages.filters import read_filters
from serving.pages.ops_view import OpsPage, OpsRow, ops_page
from serving.pages.rendering import render
from serving.pages.session import Inside, login_page
from serving.pages.track import fresh_view, journey_page
from serving.wiring import Wiring

__all__ = ["router"]

router = APIRouter(include_in_schema=False)

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""First characters that a spreadsheet would take for a formula."""


def page_of(request: Request, wiring: Wiring) -> OpsPage:
    version = wiring.model.version
    return ops_page(wiring.store, now=wiring.now(), filters=read_filters(request.query_params), model_version=version)


@router.get("/ops")
def room(request: Request, wiring: Wired, inside: Inside) -> Response:
    """Show the room, or the sign-in form."""
    if not inside:
        return login_page(request)
    frame = fleet_map_parts()
    return render(request, "ops.html.jinja", {"page": page_of(request, wiring), "map_html": frame.html, "map_script": frame.script})


@router.get("/ops/at-risk.json")
def at_risk_json(request: Request, wiring: Wired, inside: Inside) -> Response:
    """Give the rows of the table as JSON, by the same filters."""
    if not inside:
        return login_page(request)
    page = page_of(request, wiring)
    return FiniteJSON({"found": page.found, "shipments": [asdict(row) for row in page.rows]})


@router.get("/ops/at-risk.csv")
def at_risk_csv(request: Request, wiring: Wired, inside: Inside) -> Response:
    """Give the rows of the table as CSV, by the same filters. Cells that look like formulas get a quote in front."""
    if not inside:
        return login_page(request)
    text = io.StringIO()
    writer = csv.writer(text)
    names = [field.name for field in fields(OpsRow)]
    writer.writerow(names)
    for row in page_of(request, wiring).rows:
        writer.writerow(cell(getattr(row, name)) for name in names)
    headers = {"Content-Disposition": 'attachment; filename="at-risk.csv"'}
    return Response(text.getvalue().encode("utf-8"), media_type="text/csv", headers=headers)


def cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


@router.get("/ops/journey/{shipment_id}")
def journey(shipment_id: str, request: Request, wiring: Wired, inside: Inside) -> Response:
    """Show a shipment's page as its customer sees it; raises `NotFound` for an unknown shipment."""
    if not inside:
        return login_page(request)
    view = fresh_view(wiring, shipment_id)
    order = ordered_together(wiring, view.order_id, view.shipment_id)
    return journey_page(request, view, back="/ops", brand=wiring.brands.of(view.merchant), order_complete=order)

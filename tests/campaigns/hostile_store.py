"""Keep hostile shipments in a real store, register some through the API, and fetch their outputs over HTTP."""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.testclient import TestClient

from data.domain.errors import DoorcastError
from tests.campaigns.poisoned_facts import poisoned_facility, poisoned_place
from tests.campaigns.structure import parts_of
from tests.makers import after, make_order, make_shipment
from tests.maps.journeys import CHANGED, FACILITIES, SCANS, legs
from tests.serving.pages.stored import application, keep

if TYPE_CHECKING:
    from tests.campaigns.hostile_text import Tally

__all__ = ["fetched", "keep_hostile", "stored"]

STORED = (
    ("page", "html", "/track/{token}"),
    ("embed", "html", "/embed/{token}"),
    ("calendar", "ics", "/track/{token}/arrival.ics"),
    ("svg", "svg", "/track/{token}/map.svg"),
    ("room", "html", "/ops/journey/{shipment}"),
    ("geojson", "json", "/v1/shipments/{shipment}/journey"),
)
REGISTERED_EVERY = 8
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


@contextmanager
def stored(**settings: object) -> Iterator[FastAPI]:
    """Give the application on a store of its own, 31 hours after the start of the journeys."""
    with tempfile.TemporaryDirectory() as folder:
        app = application(Path(folder), after(31), **settings)
        yield app
        app.state.wiring.close()


def keep_hostile(app: FastAPI, name: str, text: str) -> str:
    """Keep a shipment whose every text is ``text`` (ids are numbers, because a store refuses some texts as ids); give its link's token.

    Raises what the store raises for a text that it refuses.
    """
    ids = {facility_id: f"{name}-{facility_id}" for facility_id in FACILITIES}
    shipment = replace(
        make_shipment(),
        carrier=text,
        service=text,
        tracking_number=text,
        origin=poisoned_place(make_shipment().origin, text),
        destination=poisoned_place(make_shipment().destination, text),
    )
    scans = tuple(
        replace(scan, facility_id=ids.get(scan.facility_id or ""), raw_text=text, raw_code=text, source=text, parcel_id=text)
        for scan in SCANS[:5]
    )
    planned = tuple(
        replace(leg, from_facility_id=ids.get(leg.from_facility_id or ""), to_facility_id=ids.get(leg.to_facility_id or ""), mode=text)
        for leg in legs()
    )
    store = app.state.wiring.store
    keep(
        store,
        shipment_id=name,
        order=replace(make_order(f"O-{name}"), merchant=text),
        shipment=shipment,
        scans=scans,
        planned=planned,
        forecasts=tuple(replace(one, model_version=text) for one in CHANGED),
        facilities=[poisoned_facility(facility, ids[facility_id], text) for facility_id, facility in FACILITIES.items()],
    )
    token: str = store.tokens.issue(name)
    return token


def fetched(texts: Sequence[str], tally: "Tally") -> None:
    """Fetch every stored output of every text, and register one text of eight through the API."""
    with stored() as app, TestClient(app, raise_server_exceptions=False) as client:
        key = {"X-API-Key": app.state.wiring.keyring.first_key}

        def fetch(name: str, kind: str, path: str, token: str, shipment: str) -> tuple[int, bytes]:
            answer = client.get(path.format(token=token, shipment=shipment), headers=key)
            # A page names its own address: what may differ from the harmless one is its words alone.
            body = answer.text.replace(token, "TOKEN").replace(shipment, "SHIPMENT").encode() if kind == "html" else answer.content
            return answer.status_code, body

        plain = keep_hostile(app, "harmless-0", "harmless words")
        harmless = {name: parts_of(kind, fetch(name, kind, path, plain, "harmless-0")[1]) for name, kind, path in STORED}
        for number, text in enumerate(texts):
            shipment = f"hostile-{number}"
            try:
                token = keep_hostile(app, shipment, text)
            except (DoorcastError, ValueError):
                tally.made["refused by the store"] += 1
            else:
                for name, kind, path in STORED:
                    status, body = fetch(name, kind, path, token, shipment)
                    if status != 200:
                        tally.note(f"stored {name}: error", f"{status} by {text[:80]!r}")
                    else:
                        tally.judge(f"stored {name}", kind, body, harmless[name], text)
            if number % REGISTERED_EVERY == 0:
                registered(client, key, f"told-{number}", text, tally)


def registered(client: TestClient, key: dict[str, str], name: str, text: str, tally: "Tally") -> None:
    """Tell the API a shipment and a scan, and type the text into the look-up form: taken or refused with a reason, never an error of ours."""
    wiring = client.app.state.wiring  # type: ignore[attr-defined]  # an app is a callable to its client
    point = {"lat": 40.68, "lon": -73.97}
    place = {"point": point, "timezone": "America/New_York", "city": text, "region": text, "postal_code": text, "country": "US"}
    shipment = {
        "shipment_id": name,
        "order": {"order_id": f"O-{name}", "ordered_at": after(0).isoformat(), "merchant": text, "attributes": {}},
        "carrier": text,
        "service": text,
        "created_at": after(0).isoformat(),
        "destination": place,
        "tracking_number": text,
        "promised_at": after(90).isoformat(),
        "legs": [{"mode": text, "planned_departure_at": after(8).isoformat(), "planned_arrival_at": after(40).isoformat()}],
    }
    scan = {"scan_id": f"{name}-1", "shipment_id": name, "status": "in_transit", "occurred_at": after(20).isoformat(), "source": text}
    posts = (
        ("/v1/shipments", shipment),
        ("/v1/scans", {**scan, "raw_text": text, "raw_code": text}),
        ("/v1/scans", {**scan, "scan_id": f"{text}-2"}),
        ("/v1/shipments", {**shipment, "shipment_id": text}),
    )
    for path, body in posts:
        answer = client.post(path, content=json.dumps(body), headers={**key, "Content-Type": "application/json"})
        tally.made["taken by the API" if answer.is_success else "refused by the API"] += 1
        if answer.status_code >= 500:
            tally.note("API: error", f"{path} {answer.status_code} by {text[:80]!r}")
        if path == "/v1/shipments" and answer.is_success:
            link = wiring.store.tokens.issue(body["shipment_id"])
            page = client.get(f"/track/{link}")
            if page.status_code != 200:
                tally.note("API: page", f"{page.status_code} by {text[:80]!r}")
            tally.judge("told page", "text", page.content, Counter(lines=10**9), text)
    typed = {"number": text, "fact": text, "ticket": wiring.keyring.form_ticket()}
    found = client.post("/track", content=urlencode(typed, errors="replace"), headers=FORM)
    if found.status_code >= 500:
        tally.note("look-up: error", f"{found.status_code} by {text[:80]!r}")
    tally.judge("look-up form", "text", found.content, Counter(lines=10**9), text)

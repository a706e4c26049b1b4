"""Answer on a local port as Open-Meteo, OSRM and Valhalla document it, and as badly as a test wants."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

HOURLY = {
    "temperature_2m": ("°C", 12.5),
    "precipitation": ("mm", 0.3),
    "snowfall": ("cm", 0.0),
    "wind_speed_10m": ("km/h", 18.0),
    "visibility": ("m", 24140.0),
    "relative_humidity_2m": ("%", 71),
    "pressure_msl": ("hPa", 1013.2),
    "wind_gusts_10m": ("km/h", 37.4),
    "wind_direction_10m": ("°", 225),
}
"""Unit and value of each variable that is served."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Reply:
    """Say what is sent: ``drip_seconds`` passes between any two bytes of the body."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    drip_seconds: float = 0.0
    wait_seconds: float = 0.0
    drips_headers: bool = False


def said(value: object, status: int = 200, **headers: str) -> Reply:
    """Give JSON as a reply."""
    return Reply(json.dumps(value).encode(), status, {"Content-Type": "application/json; charset=utf-8", **headers})


class OutsideServer:
    """Hold the address, the requests that came (path and query), and the next replies to give instead of the documented ones."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.instead: list[Reply] = []
        self.always: Callable[[str, dict[str, str]], Reply | None] = lambda path, query: None
        self.today = datetime(2026, 6, 1, tzinfo=UTC)
        self.runs_out_until = datetime(2100, 1, 1, tzinfo=UTC)
        self.url = ""

    def reply(self, path: str, query: dict[str, str]) -> Reply:
        if self.instead:
            return self.instead.pop(0)
        found = self.always(path, query)
        if found is not None:
            return found
        services = {
            "/v1/": lambda: self.weather(path, query),
            "/route/v1/": lambda: osrm_route(path),
            "/table/v1/": lambda: osrm_table(path, query),
            "/route": lambda: valhalla_route(json.loads(query["json"])),
            "/sources_to_targets": lambda: valhalla_matrix(json.loads(query["json"])),
        }
        for begin, answer in services.items():
            if path.startswith(begin):
                return answer()
        return said({"reason": "Not Found", "error": True}, 404)

    def weather(self, path: str, query: dict[str, str]) -> Reply:
        names = query["hourly"].split(",")
        for name in names:
            if name not in HOURLY:
                return said(
                    {"error": True, "reason": f"Data corrupted at path ''. Cannot initialize from invalid String value {name}."}, 400
                )
        if path == "/v1/archive":
            start, end = (datetime.fromisoformat(query[key]).replace(tzinfo=UTC) for key in ("start_date", "end_date"))
            days = (end - start).days + 1
        else:
            start, days = self.today, int(query["forecast_days"])
            if "run" in query:
                start = datetime.fromisoformat(query["run"]).replace(tzinfo=UTC)
                if start > self.runs_out_until:
                    return said({"error": True, "reason": "The requested model run is not available."}, 400)
        hours = [int((start + timedelta(hours=h) - EPOCH).total_seconds()) for h in range(24 * days)]
        places = [
            {
                "latitude": round(float(lat) * 4) / 4,
                "longitude": round(float(lon) * 4) / 4,
                "generationtime_ms": 0.1,
                "utc_offset_seconds": 0,
                "timezone": "GMT",
                "timezone_abbreviation": "GMT",
                "elevation": 38.0,
                **({"location_id": number} if number else {}),
                "hourly_units": {"time": "unixtime", **{name: HOURLY[name][0] for name in names}},
                "hourly": {"time": hours, **{name: [HOURLY[name][1]] * len(hours) for name in names}},
            }
            for number, (lat, lon) in enumerate(zip(query["latitude"].split(","), query["longitude"].split(","), strict=True))
        ]
        return said(places if len(places) > 1 else places[0])


def encoded(points: list[tuple[float, float]], digits: int = 6) -> str:
    """Encode (lat, lon) as a polyline."""
    text, before = "", (0, 0)
    for point in points:
        now = (round(point[0] * 10**digits), round(point[1] * 10**digits))
        for part in (now[0] - before[0], now[1] - before[1]):
            value = ~(part << 1) if part < 0 else part << 1
            while value >= 0x20:
                text += chr((0x20 | (value & 0x1F)) + 63)
                value >>= 5
            text += chr(value + 63)
        before = now
    return text


def line_km(points: list[tuple[float, float]]) -> float:
    """Give a way of 140 km a degree: longer than any great circle."""
    return sum(140 * (abs(a[0] - b[0]) + abs(a[1] - b[1])) for a, b in pairwise(points))


def osrm_points(path: str) -> list[tuple[float, float]]:
    return [(float(pair.split(",")[1]), float(pair.split(",")[0])) for pair in path.rsplit("/", 1)[1].split(";")]


def osrm_route(path: str) -> Reply:
    points = osrm_points(path)
    if any(lat < -60 for lat, _ in points):
        return said({"code": "NoSegment", "message": "Could not find a matching segment for coordinate 0"}, 400)
    km = line_km(points)
    route = {
        "geometry": encoded(points),
        "distance": 1000 * km,
        "duration": 60 * km,
        "weight": 60 * km,
        "weight_name": "routability",
        "legs": [],
    }
    return said({"code": "Ok", "routes": [route], "waypoints": []})


def osrm_table(path: str, query: dict[str, str]) -> Reply:
    points = osrm_points(path)
    if len(points) > 100:
        return said({"code": "TooBig", "message": "Too many table coordinates"}, 400)
    starts, ends = ([points[int(i)] for i in query[key].split(";")] for key in ("sources", "destinations"))
    km = [[None if b[0] < -60 else line_km([a, b]) for b in ends] for a in starts]
    return said(
        {
            "code": "Ok",
            "durations": [[None if cell is None else 60 * cell for cell in row] for row in km],
            "distances": [[None if cell is None else 1000 * cell for cell in row] for row in km],
            "sources": [],
            "destinations": [],
        }
    )


def valhalla_route(question: dict) -> Reply:
    points = [(place["lat"], place["lon"]) for place in question["locations"]]
    if any(lat < -60 for lat, _ in points):
        return said({"error_code": 171, "error": "No suitable edges near location", "status_code": 400, "status": "Bad Request"}, 400)
    legs = [{"summary": {"length": line_km([a, b]), "time": 60 * line_km([a, b])}, "shape": encoded([a, b])} for a, b in pairwise(points)]
    summary = {"length": line_km(points), "time": 60 * line_km(points)}
    trip = {"locations": question["locations"], "legs": legs, "summary": summary, "units": question["units"], "language": "en-US"}
    return said({"trip": {**trip, "status": 0, "status_message": "Found route between points"}})


def valhalla_matrix(question: dict) -> Reply:
    starts, ends = ([(place["lat"], place["lon"]) for place in question[key]] for key in ("sources", "targets"))
    cells = [
        [
            {
                "from_index": i,
                "to_index": j,
                "distance": None if b[0] < -60 else round(line_km([a, b]), 3),
                "time": None if b[0] < -60 else round(60 * line_km([a, b])),
            }
            for j, b in enumerate(ends)
        ]
        for i, a in enumerate(starts)
    ]
    return said({"sources_to_targets": cells, "sources": [], "targets": [], "units": question["units"], "algorithm": "costmatrix"})


@contextmanager
def outside_server() -> Iterator[OutsideServer]:
    """Serve on a free port until the block ends."""
    outside = OutsideServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            outside.requests.append((parts.path, query))
            reply = outside.reply(parts.path, query)
            time.sleep(reply.wait_seconds)
            try:
                if reply.drips_headers:
                    for name, value in reply.headers.items():
                        for byte in f"HTTP/1.1 200 OK\r\n{name}: {value}\r\n".encode():
                            self.wfile.write(bytes([byte]))
                            time.sleep(reply.drip_seconds)
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                for byte in [reply.body] if not reply.drip_seconds else [reply.body[i : i + 1] for i in range(len(reply.body))]:
                    self.wfile.write(byte)
                    time.sleep(reply.drip_seconds)
            except OSError:
                self.close_connection = True  # the client had enough

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    outside.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield outside
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

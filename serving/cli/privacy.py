"""Check what leaves the house: ``doorcast privacy audit FILE…``."""

from pathlib import Path
from typing import Annotated

import typer

from data.domain.errors import InvalidFact
from maps.audit import Finding, Point, audit, coordinates, declared_door
from maps.geometry import door_cell
from maps.grades import Grade
from maps.view import DoorView
from serving.cli.one_forecast import found_id
from serving.settings import Settings

__all__ = ["app"]

app = typer.Typer(help="Check what pages and files tell about a door.", no_args_is_help=True)

MOST_SHOWN = 20
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)
"""What a file of another shape raises. `InvalidFact` is a `ValueError` too and passes as it is."""


@app.command("audit")
def audit_files(
    files: Annotated[list[Path], typer.Argument(help="Pages, maps, SVG, GeoJSON or calendar files.", show_default=False)],
    shipment: Annotated[
        str | None, typer.Option(help="Id or tracking number of the shipment: its true door and facilities are read from the store.")
    ] = None,
    door: Annotated[str | None, typer.Option(help="The true door as LAT,LON, where there is no store.")] = None,
    grade: Annotated[Grade, typer.Option(help="What a file may tell that does not say it itself: area or neighbourhood.")] = Grade.AREA,
) -> None:
    """Decode every coordinate of files and fail where one lies closer to the door than its grade allows.

    Without a shipment or a door, the area that the file names is taken for the door's: wherever in it the door lies, nothing but the area's centre
    and the carrier's facilities may lie inside.
    """
    home, facilities = known(shipment, door)
    found = 0
    for file in files:
        document = text_of(file)
        try:
            area = area_of(document, file, home, grade)
            findings = audit(document, area, facilities=facilities, home=home)
            tell(file, document, area, findings)
        except InvalidFact:
            raise
        except UNREADABLE as error:
            raise InvalidFact(
                f"{file} cannot be read through ({error!r}); it was cut or changed after it was written, do not send it."
            ) from error
        found += len(findings)
    if found:
        raise InvalidFact(f"{found} coordinates lie closer to a door than their grade allows; do not send these files.")


def known(shipment: str | None, door: str | None) -> tuple[Point | None, list[Point] | None]:
    """Give the true door and the facilities, as far as they are named."""
    if door is not None:
        try:
            lat, lon = (float(part) for part in door.split(","))
        except ValueError as error:
            raise InvalidFact(f"--door {door!r} is no LAT,LON; write it like 40.6782,-73.9442.") from error
        if not (abs(lat) <= 90 and abs(lon) <= 180):
            raise InvalidFact(f"--door {door!r} lies on no globe; latitudes end at 90, longitudes at 180 degrees.")
        return (lat, lon), None
    if shipment is None:
        return None, None
    from data.storage.store import open_store

    with open_store(Settings().store_url) as store:
        goal = store.shipments.get(found_id(store, shipment)).destination
        places = [facility.place for facility in store.shipments.facilities().values()]
    if goal.lat is None or goal.lon is None:
        raise InvalidFact(f"the destination of {shipment!r} has no coordinates; nothing can lie too close to it.")
    return (goal.lat, goal.lon), [(place.lat, place.lon) for place in places if place.lat is not None and place.lon is not None]


def text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidFact(f"{file} cannot be read ({error.strerror}); name a file that exists.") from error
    except UnicodeDecodeError as error:
        raise InvalidFact(
            f"{file} holds no text (a picture of pixels holds no coordinates to read); name pages, SVG, JSON or ICS."
        ) from error


def area_of(document: str, file: Path, home: Point | None, grade: Grade) -> DoorView:
    """Give the area that a file names; else that of the true door by its grade."""
    named = declared_door(document)
    if named is not None:
        if home is not None and named not in {door_cell(*home, one) for one in Grade}:
            raise InvalidFact(
                f"{file} names the area around {named.lat:g}, {named.lon:g}, which is not the one of this door; audit it with its own shipment."
            )
        return named
    if home is None:
        raise InvalidFact(f"{file} names no door; say whose it is by --shipment or --door.")
    return door_cell(*home, grade)


def tell(file: Path, document: str, area: DoorView, findings: list[Finding]) -> None:
    count = len(coordinates(document))
    typer.echo(f"{file}: {count} coordinates, {len(findings)} too close (area of {area.radius_km:g} km around {area.lat:g}, {area.lon:g})")
    for one in findings[:MOST_SHOWN]:
        lat, lon = one.seen.point
        typer.echo(f"  {lat:.4f}, {lon:.4f} in {one.seen.where}: {one.distance_km:.2f} km, at least {one.least_km:g} are allowed")

"""Hold the few words that only the outputs beside the page say: picture, calendar entry, link preview and embedded frame."""

from maps.language import message

__all__ = [
    "ALL_DETAILS",
    "BACK",
    "CALENDAR_NAME",
    "KEY_DOOR",
    "KEY_FORECAST",
    "KEY_HAPPENED",
    "MAP_SOURCE",
    "MAP_TITLE",
    "MAP_TITLE_TO",
    "NOTHING_YET",
    "NOTHING_YET_NEXT",
    "NOTHING_YET_TITLE",
    "PARCEL",
    "PARCEL_FROM",
    "SEEN_AT",
    "WRONG_LINK",
    "WRONG_LINK_NEXT",
]

PARCEL = message("Parcel: {answer}")
PARCEL_FROM = message("Parcel from {merchant}: {answer}")
CALENDAR_NAME = message("Parcels")
SEEN_AT = message("As of {at}.")

MAP_TITLE = message("Map of the journey.")
MAP_TITLE_TO = message("Map of the journey to {place}.")
MAP_SOURCE = message("Map: Natural Earth.")

KEY_HAPPENED = message("travelled")
KEY_FORECAST = message("forecast")
KEY_DOOR = message("area of the door")

NOTHING_YET_TITLE = message("There is nothing to put into a calendar yet")
NOTHING_YET = message("An entry needs a forecast, and this parcel has none now.")
NOTHING_YET_NEXT = message("The arrival time follows with the next scan; ask for the entry again then.")

WRONG_LINK = message("This link does not open a journey")
WRONG_LINK_NEXT = message("It is older than its shipment allows, or it was cut short. The shop can send a new one.")

BACK = message("Back to the journey")
ALL_DETAILS = message("All details and the map")

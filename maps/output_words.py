"""Hold the few words that only the outputs beside the page say: picture, calendar entry, link preview and embedded frame."""

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

PARCEL = "Parcel"
PARCEL_FROM = "Parcel from {merchant}"
CALENDAR_NAME = "Parcels"
SEEN_AT = "As of {at}."

MAP_TITLE = "Map of the journey."
MAP_TITLE_TO = "Map of the journey to {destination}."
MAP_SOURCE = "Map: Natural Earth"

KEY_HAPPENED = "travelled"
KEY_FORECAST = "forecast"
KEY_DOOR = "area of the door"

NOTHING_YET_TITLE = "There is nothing to put into a calendar yet"
NOTHING_YET = "An entry needs a forecast, and this parcel has none now."
NOTHING_YET_NEXT = "The arrival time follows with the next scan; ask for the entry again then."

WRONG_LINK = "This link does not open a journey"
WRONG_LINK_NEXT = "It is older than its shipment allows, or it was cut short. The shop can send a new one."

BACK = "Back to the journey"
ALL_DETAILS = "All details and the map"

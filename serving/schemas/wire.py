"""Fix the strict base types of the wire: every text, number, id and instant that enters or leaves is one of these.

FastAPI's own types let NaN, lone surrogates, year-0001 offsets and bare numbers as dates through, and each of them became a 500 (tried
2026-11). The JSON schema of each type says exactly what its check does, so that generated clients and fuzzers agree with the server.
"""

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, TypeAdapter, ValidationError, WithJsonSchema
from typing_extensions import TypeAliasType

from data.domain.places import FacilityKind
from data.domain.scans import ZoneBasis, check_instant
from data.domain.statuses import Status

__all__ = [
    "Answer",
    "Attributes",
    "Body",
    "CalendarDate",
    "Country",
    "FiniteFloat",
    "Id",
    "Instant",
    "Lat",
    "Lon",
    "PathId",
    "SafeStr",
    "ShortStr",
    "StatusName",
    "Timezone",
    "YesNo",
    "ZoneBasisName",
    "between",
    "safe_text",
    "whole",
]


class Body(BaseModel):
    """Root of everything that enters: no unknown fields, no silent conversion."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Answer(BaseModel):
    """Root of everything that leaves; finite by construction."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, json_schema_serialization_defaults_required=True)


# ---- text -------------------------------------------------------------------------------------------------------------------------

NO_CONTROLS = r"^[^\x00-\x1f\x7f-\x9f]+$"
NO_CONTROLS_NO_SLASH = r"^[^\x00-\x1f\x7f-\x9f/]+$"
ID_PATTERN = r"^[^\x00-\x20\x7f-\x9f/.][^\x00-\x1f\x7f-\x9f/]*$"


def safe_text(value: str) -> str:
    """Give the text in NFC; raises `ValueError` for surrogates. The length is checked before, as it was sent."""
    if any("\ud800" <= c <= "\udfff" for c in value):
        raise ValueError("text must hold no lone surrogates")
    return unicodedata.normalize("NFC", value)


def text_type(pattern: str, longest: int) -> Any:
    return Annotated[str, Field(min_length=1, max_length=longest, pattern=pattern), AfterValidator(safe_text)]


SafeStr = Annotated[str, Field(min_length=1, max_length=500, pattern=NO_CONTROLS), AfterValidator(safe_text)]
"""Text from outside: 1 to 500 characters without control characters and lone surrogates, kept in NFC."""
ShortStr = Annotated[str, Field(min_length=1, max_length=100, pattern=NO_CONTROLS), AfterValidator(safe_text)]
"""`SafeStr` of at most 100 characters: names of carriers, services, cities."""
Id = Annotated[str, Field(min_length=1, max_length=128, pattern=ID_PATTERN), AfterValidator(safe_text)]
"""Id that somebody gives: 1 to 128 characters, no slash, not beginning with a dot or a space (it becomes part of an address)."""
PathId = Annotated[str, Field(min_length=1, max_length=500, pattern=NO_CONTROLS_NO_SLASH), AfterValidator(safe_text)]
"""Id in an address: wider than `Id`, because imported facts may have other ids."""
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2.")]


def known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("is not an IANA time zone, such as America/New_York")
    return name


Timezone = TypeAliasType(
    "Timezone",
    Annotated[
        str,
        AfterValidator(known_zone),
        WithJsonSchema({"type": "string", "enum": sorted(available_timezones()), "description": "IANA time zone."}),
    ],
)
"""Name of an IANA time zone."""


# ---- numbers ----------------------------------------------------------------------------------------------------------------------


def between(low: float, high: float) -> Any:
    """Give the type of a finite number within bounds, both included."""
    return Annotated[float, Field(ge=low, le=high, allow_inf_nan=False)]


FiniteFloat = Annotated[float, Field(ge=-1e300, le=1e300, allow_inf_nan=False)]
"""Number that is not NaN and not infinite."""
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, description="WGS84 degrees north.")]
Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, description="WGS84 degrees east.")]
YesNo = StrictBool


def whole_number(value: object) -> object:
    """Take plain digits only: pydantic would also read 1_0, +1 and 1.0."""
    if isinstance(value, str) and not re.fullmatch(r"[0-9]{1,9}", value):
        raise ValueError("must be a whole number in plain digits")
    return int(value) if isinstance(value, str) else value


def whole(low: int, high: int) -> Any:
    """Give the type of a whole number in a query, within bounds, both included."""
    return Annotated[
        int, Field(ge=low, le=high), BeforeValidator(whole_number, json_schema_input_type=Annotated[int, Field(ge=low, le=high)])
    ]


# ---- words ------------------------------------------------------------------------------------------------------------------------
# Strict bodies take enum members only; a word on the wire is a string, so these three are read by value.
StatusName = Annotated[Status, Field(strict=False)]
ZoneBasisName = Annotated[ZoneBasis, Field(strict=False)]
FacilityKindName = Annotated[FacilityKind, Field(strict=False)]

# ---- instants ---------------------------------------------------------------------------------------------------------------------

YEAR = r"(?:199[0-9]|20[0-9]{2})"
LEAP_YEAR = r"(?:199[26]|20(?:[02468][048]|[13579][26]))"
DAY = (
    rf"(?:{YEAR}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    rf"|{LEAP_YEAR}-02-29)"
)
INSTANT_PATTERN = rf"^{DAY}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{{1,9}})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$"
COMPILED_INSTANT = re.compile(INSTANT_PATTERN, re.ASCII)


def read_instant(value: object) -> object:
    """Read an RFC 3339 instant with an explicit offset into UTC; digits after the microsecond are dropped."""
    if isinstance(value, datetime):
        return check_instant("instant", value).astimezone(UTC)
    if not isinstance(value, str) or not COMPILED_INSTANT.fullmatch(value):
        raise ValueError(
            "must be an instant in 1990..2100 with an explicit offset, such as 2026-06-01T12:00:00Z or 2026-06-01T08:00:00-04:00"
        )
    return check_instant("instant", datetime.fromisoformat(value).astimezone(UTC))


Instant = Annotated[
    datetime,
    BeforeValidator(read_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": INSTANT_PATTERN}, mode="validation"),
]
"""Instant: a string with an explicit offset outside, an aware datetime in UTC inside."""

DATE_PATTERN = rf"^{DAY}$"
COMPILED_DATE = re.compile(DATE_PATTERN, re.ASCII)


def read_date(value: object) -> object:
    """Read a calendar date; a bare number or an instant is none."""
    if type(value) is date:
        return value
    if not isinstance(value, str) or not COMPILED_DATE.fullmatch(value):
        raise ValueError("must be a calendar date in 1990..2099, such as 2026-06-01")
    return date.fromisoformat(value)


CalendarDate = Annotated[
    date, BeforeValidator(read_date), WithJsonSchema({"type": "string", "format": "date", "pattern": DATE_PATTERN}, mode="validation")
]
"""Date on the destination's calendar, without a zone of its own."""

# ---- declared attributes ----------------------------------------------------------------------------------------------------------

ATTRIBUTE_NAME = r"^[a-z][a-z0-9_]{0,59}$"
MOST_ATTRIBUTES = 64


WORD, NUMBER = TypeAdapter(SafeStr), TypeAdapter(FiniteFloat)


def named_attributes(values: object) -> object:
    """Check declared attributes; each is named in the message when it is wrong."""
    if not isinstance(values, dict):
        raise ValueError("must be an object of names and values")  # noqa: TRY004 - pydantic turns ValueError into a problem of this part
    if len(values) > MOST_ATTRIBUTES:
        raise ValueError(f"holds {len(values)} attributes; at most {MOST_ATTRIBUTES} can be declared")
    return {attribute_name(name): attribute_value(name, value) for name, value in values.items()}


def attribute_name(name: object) -> str:
    if not isinstance(name, str) or not re.fullmatch(ATTRIBUTE_NAME, name, re.ASCII):
        raise ValueError(f"attribute {str(name)[:60]!r} must be named in lower-case letters, digits and underscores")
    return name


def attribute_value(name: str, value: object) -> float | str | None:
    if value is None:
        return None
    kind: TypeAdapter[Any] = WORD if isinstance(value, str) else NUMBER
    try:
        checked: float | str = kind.validate_python(value, strict=True)
    except ValidationError as error:
        raise ValueError(
            f"attribute {name!r}: {error.errors()[0]['msg']}; it must be a finite number, a text of 1 to 500 or null"
        ) from error
    return checked


Attributes = Annotated[
    dict[str, Any],
    BeforeValidator(named_attributes),
    WithJsonSchema(
        {
            "type": "object",
            "maxProperties": MOST_ATTRIBUTES,
            "propertyNames": {"pattern": ATTRIBUTE_NAME},
            "additionalProperties": {
                "anyOf": [
                    {"type": "number", "minimum": -1e300, "maximum": 1e300},
                    {"type": "string", "minLength": 1, "maxLength": 500, "pattern": NO_CONTROLS},
                    {"type": "null"},
                ]
            },
            "description": "Columns of your own, numbers or words, without the prefix attr_.",
        }
    ),
]
"""Declared columns of the user's own: name to number or word."""

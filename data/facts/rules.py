"""Name the rules that a row of facts can break, and say in each case what to do."""

__all__ = ["RULES"]

RULES: dict[str, str] = {
    "shape": "the row has more or fewer fields than the header; quote fields that hold commas or line breaks",
    "quoting": "the quotes of the row do not match; double the quotes inside a quoted field",
    "encoding": "the row is not UTF-8 text; save the file as UTF-8",
    "required": "the value is missing; fill it in",
    "instant": "not a time with offset; write it like 2026-06-01T12:00:00+02:00",
    "instant_range": "the time must lie in the years 1990 to 2099; check the year",
    "number": "not a finite number; write digits with a point and leave the field empty when unknown",
    "whole": "not a whole number; write digits only",
    "flag": "not a flag; write true or false",
    "range": "the number lies outside the range of its column; check unit and sign",
    "choice": "not one of the words of its column; `doorcast data columns` lists them",
    "characters": "holds control characters; remove them",
    "length": "longer than 10,000 characters; shorten it",
    "pair": "latitude and longitude come together; give both or neither",
    "nowhere": "(0, 0) lies in the Gulf of Guinea; leave both fields empty when the place is unknown",
    "timezone": "not an IANA time zone; write it like Europe/Berlin",
    "country": "not an ISO 3166-1 code; write two capital letters like DE",
    "order_of_times": "ends before it begins, or was known before it was made; check both times",
    "correction": "a scan that voids names no other scan, or a scan corrects itself; name the scan that was wrong",
    "duplicate": "the id came before in this file, with other content; the first row stands",
    "reference": "names a row that is neither in the folder nor in the store, or was refused itself; add that first",
}
"""Every rule by its word: what is wrong and the next step."""

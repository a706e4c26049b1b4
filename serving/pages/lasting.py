"""Say how long something lasts or is to be waited for."""

from babel.units import format_unit

from maps.language import Language

__all__ = ["lasting"]


def lasting(seconds: float, /, language: Language) -> str:
    """Give a duration in words, rounded up: in whole minutes, from two hours in hours, from two days in days."""
    minutes = int(-(-seconds // 60))
    number, unit = (minutes, "minute") if minutes < 120 else (-(-minutes // 60), "hour")
    if unit == "hour" and number >= 48:
        number, unit = -(-minutes // (24 * 60)), "day"
    return format_unit(number, f"duration-{unit}", "long", locale=language.locale)

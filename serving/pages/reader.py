"""Say in which language a request wants its page, and hand that language on in addresses."""

from fastapi import Request

from maps.brand import NO_BRAND, Brand
from maps.choose_language import choose_language, spoken
from maps.language import Language

__all__ = ["asked_on", "in_language", "reader_language", "speaking"]


def reader_language(request: Request, brand: Brand = NO_BRAND) -> Language:
    """Give the language asked for in the address, else the shop's, else the browser's, else English."""
    return choose_language(asked=request.query_params.get("lang"), configured=brand.language, header=request.headers.get("accept-language"))


def in_language(address: str, language: Language) -> str:
    """Give an address of ours (without a query of its own) that asks for a language."""
    return f"{address}?lang={language.code}"


def asked_on(request: Request, address: str) -> str:
    """Give an address that asks for the language which this request asks for in its own; as it is where it asks for none of ours.

    Only a choice is carried on: what follows from the shop or the browser is found anew, and the next page may be another shop's.
    """
    asked = spoken(request.query_params.get("lang"))
    return in_language(address, asked) if asked else address


def speaking(language: Language, brand: Brand = NO_BRAND) -> dict[str, object]:
    """Give what a template needs to speak a language and to wear a brand."""
    return {"language": language, "say": language.say, "bold": language.bold, "brand": brand}

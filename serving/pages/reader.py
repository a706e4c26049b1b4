"""Say in which language a request wants its page."""

from fastapi import Request

from maps.brand import NO_BRAND, Brand
from maps.choose_language import choose_language
from maps.language import Language

__all__ = ["reader_language", "speaking"]


def reader_language(request: Request, brand: Brand = NO_BRAND) -> Language:
    """Give the language asked for in the address, else the shop's, else the browser's, else English."""
    return choose_language(asked=request.query_params.get("lang"), configured=brand.language, header=request.headers.get("accept-language"))


def speaking(language: Language) -> dict[str, object]:
    """Give what a template needs to speak a language."""
    return {"language": language, "say": language.say, "bold": language.bold}

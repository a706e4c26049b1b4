"""Make the Jinja environment of the pages: everything is escaped, and an unknown name is an error, not an empty word."""

from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from maps.brand import NO_BRAND
from maps.language import ENGLISH, LANGUAGES, language_of
from maps.palette import css
from maps.safe_text import script_json

__all__ = ["STATIC_FOLDER", "TEMPLATES_FOLDER", "environment", "static_text"]

TEMPLATES_FOLDER = Path(__file__).with_name("templates")
STATIC_FOLDER = Path(__file__).with_name("static")


@cache
def environment(folders: tuple[Path, ...] = ()) -> Environment:
    """Give the environment that looks into ``folders`` in their order, then into the templates of this room; one for each choice."""
    loader = ChoiceLoader([FileSystemLoader(folder) for folder in (*folders, TEMPLATES_FOLDER)])
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["script_json"] = script_json
    made.globals["palette_css"] = css()
    # What a page without a choice of language and brand speaks and looks like; a page's own context goes before it.
    made.globals |= {"language": ENGLISH, "say": ENGLISH.say, "bold": ENGLISH.bold, "brand": NO_BRAND}
    made.globals["languages"] = tuple(language_of(code) for code in LANGUAGES)
    return made


@cache
def static_text(name: str) -> str:
    """Read one of our own assets, for pages that carry everything inside."""
    return (STATIC_FOLDER / name).read_text(encoding="utf-8")

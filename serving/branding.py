"""Read the operator's file of brands once, at the start; every mistake in it is named before a customer sees a page."""

import base64
import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import ValidationError

from data.domain.errors import InvalidFact
from maps.brand import NO_BRAND, Brand, Support
from serving.schemas.brands import BrandIn, BrandsIn

__all__ = ["LARGEST_LOGO_BYTES", "Brands", "Logo", "read_brands"]

LARGEST_LOGO_BYTES = 30_000
"""A logo is part of the first view, which must stay under 100 KB."""

SIGNATURES: tuple[tuple[bytes, int, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"WEBP", 8, "image/webp"),
)
"""First bytes of the kinds of picture that are taken, and where they stand. SVG is not: it can hold scripts and addresses."""


@dataclass(frozen=True, slots=True)
class Logo:
    """Hold a picture as it is sent, and the mark of its content, which is its name outside."""

    media_type: str
    content: bytes
    mark: str

    @property
    def address(self) -> str:
        """Give where our server answers with it."""
        return f"/brand/{self.mark}"

    @property
    def inside(self) -> str:
        """Give it as an address that holds the picture itself, for pages that carry everything inside."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.content).decode()}"


@dataclass(frozen=True, slots=True)
class Brands:
    """Hold the brand of each merchant and the default; ``logos`` by their mark."""

    default: Brand = NO_BRAND
    shops: Mapping[str, Brand] = field(default_factory=dict)
    logos: Mapping[str, Logo] = field(default_factory=dict)

    def of(self, merchant: str | None) -> Brand:
        """Give the brand of a merchant, or the default."""
        return self.shops.get(merchant or "", self.default)

    def carried(self, merchant: str | None) -> Brand:
        """Give the brand of a merchant with its logo inside, for a file that works from disk."""
        brand = self.of(merchant)
        logo = self.logos.get((brand.logo or "").removeprefix("/brand/"))
        return replace(brand, logo=logo.inside if logo else None)


def read_brands(file: Path | None) -> Brands:
    """Read a TOML or JSON file; no brands without one. Raises `InvalidFact` naming file, place and rule."""
    if file is None:
        return Brands()
    try:
        text = file.read_text(encoding="utf-8")
        content = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise InvalidFact(f"{file} cannot be read ({error.strerror}); DOORCAST_BRANDS_FILE names a TOML or JSON file.") from error
    except (ValueError, RecursionError) as error:  # broken TOML, JSON or UTF-8
        raise InvalidFact(f"{file} is not TOML or JSON in UTF-8: {error}; see serving/pages/README.md for an example.") from error
    try:
        read = BrandsIn.model_validate(content)
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ".".join(str(step) for step in wrong["loc"]) or "the file"
        raise InvalidFact(f"{file}, {where}: {wrong['msg'].removeprefix('Value error, ')}; see serving/pages/README.md.") from error
    logos: dict[str, Logo] = {}
    return Brands(brand_of(read.default, file, logos), {name: brand_of(shop, file, logos) for name, shop in read.shops.items()}, logos)


def brand_of(read: BrandIn, file: Path, logos: dict[str, Logo]) -> Brand:
    logo = read_logo(file.parent / read.logo) if read.logo else None
    if logo:
        logos[logo.mark] = logo
    return Brand(
        name=read.name,
        logo=logo.address if logo else None,
        accent_light=read.accent_light,
        accent_dark=read.accent_dark,
        language=read.language,
        support=Support(read.support.link, read.support.email, read.support.phone),
        greetings={str(code): text for code, text in read.greeting.items()},
        footers={str(code): text for code, text in read.footer.items()},
        pickup_days=read.pickup_days,
        hold_days=read.hold_days,
    )


def read_logo(file: Path) -> Logo:
    """Read a logo; its kind is told by its first bytes, not by its name."""
    try:
        size = file.stat().st_size
        if size > LARGEST_LOGO_BYTES:
            raise InvalidFact(f"logo {file} has {size} bytes; at most {LARGEST_LOGO_BYTES} are taken, make it smaller.")
        content = file.read_bytes()
    except OSError as error:
        raise InvalidFact(f"logo {file} cannot be read ({error.strerror}); a logo is a file beside the brands file.") from error
    kind = next((kind for start, at, kind in SIGNATURES if content[at : at + len(start)] == start), None)
    if kind is None:
        raise InvalidFact(f"logo {file} is no PNG, JPEG or WebP picture; SVG is not taken, because it can hold scripts.")
    return Logo(kind, content, hashlib.sha256(content).hexdigest()[:16])

"""Describe the operator's file of brands: how each shop shows itself on its customers' pages."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from maps.brand_colours import faults_of, nearest_readable

__all__ = ["BrandIn", "BrandsIn", "SupportIn"]

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True)]
Days = Annotated[int, Field(ge=1, le=90)]
LanguageCode = Literal["en", "es", "de", "fr", "pt", "ar"]


class Strict(BaseModel):
    """Refuse what is not known: a misspelt name would otherwise be lost without a word."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SupportIn(Strict):
    """Hold where customers ask for help."""

    link: (
        Annotated[str, StringConstraints(pattern=r"^https://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]+)?(/[^\s\"'<>\\]*)?$", max_length=500)] | None
    ) = None
    email: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$", max_length=200)] | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 ()/-]{2,30}$")] | None = None


class BrandIn(Strict):
    """Hold one shop. Colours that could not be read are refused with the nearest that can."""

    name: Name | None = None
    logo: Annotated[str, StringConstraints(pattern=r"^[^\\]+\.(png|jpg|jpeg|webp)$", max_length=300)] | None = None
    accent_light: Colour | None = None
    accent_dark: Colour | None = None
    language: LanguageCode | None = None
    pickup_days: Days | None = None
    hold_days: Days | None = None
    support: SupportIn = SupportIn()
    greeting: dict[LanguageCode, Text] = {}
    footer: dict[LanguageCode, Text] = {}

    @model_validator(mode="after")
    def readable(self) -> Self:
        """Check the contrast of both accents (WCAG 2.2)."""
        for name, colour, dark in (("accent_light", self.accent_light, False), ("accent_dark", self.accent_dark, True)):
            faults = faults_of(colour, dark=dark) if colour else ()
            if faults:
                nearest = nearest_readable(colour or "", dark=dark)
                advice = f"; the nearest that can be read is {nearest}" if nearest else ""
                raise ValueError(f"{name} {colour} has too little contrast: {', '.join(faults)}{advice}")
        return self


class BrandsIn(Strict):
    """Hold the whole file: what every shop gets (``default``) and the shops by the merchant of their orders."""

    default: BrandIn = BrandIn()
    shops: dict[Annotated[str, StringConstraints(min_length=1, max_length=200)], BrandIn] = {}

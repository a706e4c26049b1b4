"""Hold how a shop shows itself on its customers' pages: name, logo, colours, ways to ask for help, and its own texts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from maps.brand_colours import accent_css

__all__ = ["NO_BRAND", "Brand", "Support"]


@dataclass(frozen=True, slots=True)
class Support:
    """Hold where customers ask for help: an https address, a mail address, a telephone number; each may be missing."""

    link: str | None = None
    email: str | None = None
    phone: str | None = None

    @property
    def best(self) -> str | None:
        """Give the address that a help button leads to: the page, else a mail, else a call."""
        if self.link:
            return self.link
        if self.email:
            return f"mailto:{self.email}"
        return self.call

    @property
    def call(self) -> str | None:
        """Give the telephone number as an address."""
        return f"tel:{''.join(part for part in self.phone if part in '+0123456789')}" if self.phone else None


@dataclass(frozen=True, slots=True)
class Brand:
    """Hold one shop's brand; everything in it comes from the operator's own configuration.

    ``logo`` is an address of ours or a ``data:`` address. ``accent_light`` and ``accent_dark`` are ``#rrggbb``, checked by
    `maps.brand_colours.faults_of`. ``greetings`` and ``footers`` hold the shop's own texts by language code. ``pickup_days`` and
    ``hold_days`` say how many days the shop's carriers keep a parcel; ``None`` where nobody said.
    """

    name: str | None = None
    logo: str | None = None
    accent_light: str | None = None
    accent_dark: str | None = None
    language: str | None = None
    support: Support = field(default_factory=Support)
    greetings: Mapping[str, str] = field(default_factory=dict)
    footers: Mapping[str, str] = field(default_factory=dict)
    pickup_days: int | None = None
    hold_days: int | None = None

    @property
    def css(self) -> str:
        """Give the shop's colours as CSS; empty where it has none."""
        return accent_css(self.accent_light, self.accent_dark)

    @property
    def links(self) -> frozenset[str]:
        """Give the addresses of other hosts that a page of this shop may link to (never load from)."""
        return frozenset({self.support.link}) if self.support.link else frozenset()


NO_BRAND = Brand()

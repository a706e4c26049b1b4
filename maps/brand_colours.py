"""Judge and derive a shop's own colours, so that text stays readable whatever a brand book says."""

import colorsys

from maps.palette import DARK, LIGHT, contrast

__all__ = ["LEAST_CONTRAST", "accent_css", "faults_of", "nearest_readable"]

LEAST_CONTRAST = 4.5
"""Contrast of text (WCAG 2.2, 1.4.3)."""
LEAST_LINE_CONTRAST = 3.0
"""Contrast of lines and shapes (WCAG 2.2, 1.4.11)."""

WASH = 0.12
"""Share of the accent in the tint behind text of its colour."""

STEPS = 100


def mixed(colour: str, ground: str, share: float) -> str:
    """Give ``share`` of a colour over a ground, as ``#rrggbb``."""
    parts = [(int(colour[at : at + 2], 16), int(ground[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(share * over + (1 - share) * under):02x}" for over, under in parts)


def on(colour: str) -> str:
    """Give the text colour on a filled accent: the lighter or the darker ink, whichever is read better."""
    return max(("#ffffff", DARK["on-accent"]), key=lambda ink: contrast(ink, colour))


def faults_of(colour: str, *, dark: bool) -> tuple[str, ...]:
    """Say where an accent (``#rrggbb``) could not be read or seen; nothing where it is fine."""
    ground = DARK if dark else LIGHT
    wash = mixed(colour, ground["card"], WASH)
    needed = [
        ("text on cards", contrast(colour, ground["card"]), LEAST_CONTRAST),
        ("text on the page", contrast(colour, ground["paper"]), LEAST_CONTRAST),
        ("text on its own tint", contrast(colour, wash), LEAST_CONTRAST),
        ("ink on its tint", contrast(ground["ink"], wash), LEAST_CONTRAST),
        ("text on filled buttons", contrast(on(colour), colour), LEAST_CONTRAST),
        ("lines on land", contrast(colour, ground["land"]), LEAST_LINE_CONTRAST),
        ("lines on water", contrast(colour, ground["sea"]), LEAST_LINE_CONTRAST),
    ]
    return tuple(f"{where} {found:.2f}:1 (at least {least}:1)" for where, found, least in needed if found < least)


def nearest_readable(colour: str, *, dark: bool) -> str | None:
    """Give the same hue, lighter or darker by as little as makes it readable; ``None`` where no step does."""
    hue, light, saturation = colorsys.rgb_to_hls(*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))
    for step in range(1, STEPS + 1):
        for sign in (1, -1):
            moved = light + sign * step / STEPS
            if 0 <= moved <= 1:
                tried = "#" + "".join(f"{round(255 * part):02x}" for part in colorsys.hls_to_rgb(hue, moved, saturation))
                if not faults_of(tried, dark=dark):
                    return tried
    return None


def accent_css(light: str | None, dark: str | None) -> str:
    """Give the custom properties that follow from a shop's accents, to stand after `maps.palette.css`; empty without accents."""

    def block(colour: str, card: str) -> str:
        return f":root{{--accent:{colour};--accent-wash:{mixed(colour, card, WASH)};--on-accent:{on(colour)};}}"

    said = block(light, LIGHT["card"]) if light else ""
    if light or dark:
        # A light accent must not shine through in the dark, where nobody has judged it: the palette's own stands in.
        shown = dark or DARK["accent"]
        said += f"@media screen and (prefers-color-scheme:dark){{{block(shown, DARK['card'])}}}"
    return said

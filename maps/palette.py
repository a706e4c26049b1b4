"""Fix the colours of page, map, picture and operations view in one place, for light and for dark.

Text colours reach a contrast of 4.5:1 on ``paper`` and ``card``, lines of the map 3:1 on ``land`` (WCAG 2.2, 1.4.3 and 1.4.11);
``tests/maps/test_palette.py`` computes it. Meaning never rests on colour alone: forecast is also dashed, stops also differ in shape.
"""

__all__ = ["DARK", "LIGHT", "contrast", "css"]

LIGHT: dict[str, str] = {
    "paper": "#f5f3ee",
    "card": "#ffffff",
    "ink": "#17212b",
    "soft": "#56616d",
    "line": "#dedad0",
    "accent": "#0b6270",
    "accent-wash": "#e2f0f0",
    "on-accent": "#ffffff",
    "forecast": "#b04a00",
    "good": "#1b6b41",
    "good-wash": "#e4f2e8",
    "warn": "#8a4b00",
    "warn-wash": "#fbeed9",
    "bad": "#a8261c",
    "bad-wash": "#fbe6e3",
    "sea": "#d5e3e8",
    "land": "#f3efe6",
    "border": "#c5bfb1",
    "state": "#d9d3c5",
    "town": "#625c50",
}

DARK: dict[str, str] = {
    "paper": "#10161b",
    "card": "#19222a",
    "ink": "#eaf0f4",
    "soft": "#a5b2bd",
    "line": "#2c3842",
    "accent": "#63cbd8",
    "accent-wash": "#163a41",
    "on-accent": "#06232a",
    "forecast": "#ffab61",
    "good": "#76d39c",
    "good-wash": "#163526",
    "warn": "#f4bd6a",
    "warn-wash": "#3a2b12",
    "bad": "#ff9c90",
    "bad-wash": "#43201c",
    "sea": "#0d1a22",
    "land": "#222d35",
    "border": "#48565f",
    "state": "#34424b",
    "town": "#98a5ae",
}


def css() -> str:
    """Give the palette as CSS custom properties, dark by the reader's preference and always light on paper."""

    def block(colours: dict[str, str]) -> str:
        return "".join(f"--{name}:{value};" for name, value in colours.items())

    return f":root{{color-scheme:light dark;{block(LIGHT)}}}@media screen and (prefers-color-scheme:dark){{:root{{{block(DARK)}}}}}"


def luminance(colour: str) -> float:
    """Give the relative luminance of ``#rrggbb`` (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Give the contrast of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)

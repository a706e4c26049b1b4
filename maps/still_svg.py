"""Make matplotlib's SVG light, described and the same each time: no doctype, no dates, no comments, no address to follow."""

import re
import xml.etree.ElementTree as ET

__all__ = ["harmless_svg"]

SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"

LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")


def harmless_svg(written: bytes, *, title: str, description: str, language: str = "en") -> bytes:
    """Give the SVG with ``title`` and ``description`` in front (cleaned text, escaped here; ``language`` is the code of theirs).

    matplotlib writes each text beside its shapes as a comment and names a document type on another host; both are left out, and ids that
    it draws at random are numbered. What stays is shapes that refer only to each other: no style sheet, no script, no text but the description.
    """
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    root = ET.fromstring(written)  # noqa: S314 - written by matplotlib a moment ago; the parser leaves comments and doctype out
    for metadata in root.findall(f"{{{SVG}}}metadata"):
        root.remove(metadata)
    for defined in root.findall(f"{{{SVG}}}defs"):
        for sheet in defined.findall(f"{{{SVG}}}style"):
            defined.remove(sheet)
    number_ids(root)
    # The style sheet says this alone; as attributes it stands under any policy, and so do the shapes' own styles.
    root.attrib.update({"stroke-linejoin": "round", "stroke-linecap": "butt"})
    for side in ("width", "height"):
        root.set(side, root.get(side, "").removesuffix("pt"))  # a point of the picture is a pixel of the page, as in the PNG
    for element in root.iter():
        element.text = element.tail = None
        for name, value in (part.split(":", 1) for part in element.attrib.pop("style", "").split(";") if ":" in part):
            element.set(name.strip(), value.strip())
        if path := element.get("d"):
            element.set("d", " ".join(LONG_NUMBER.sub(lambda found: f"{float(found.group()):.1f}".removesuffix(".0"), path).split()))
    root.set("role", "img")
    root.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    root.set("aria-labelledby", "title description")
    for name, text in (("desc", description), ("title", title)):
        element = root.makeelement(f"{{{SVG}}}{name}", {"id": "description" if name == "desc" else name})
        element.text = text
        root.insert(0, element)
    body: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body


def number_ids(root: ET.Element) -> None:
    """Replace every id by its number; references to it follow (``#id`` in links, ``url(#id)`` in clips)."""
    names = {name: f"s{number}" for number, element in enumerate(root.iter()) if (name := element.get("id"))}
    for element in root.iter():
        for attribute, value in list(element.attrib.items()):
            if attribute == "id":
                element.set(attribute, names[value])
            elif value.startswith("#"):
                element.set(attribute, "#" + names.get(value[1:], ""))
            elif "url(#" in value:
                element.set(attribute, re.sub(r"url\(#([^)]*)\)", lambda found: f"url(#{names.get(found.group(1), '')})", value))

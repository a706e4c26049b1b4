"""Write letters: plain text and HTML of the same words, nothing that a mail program would load from elsewhere."""

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache

from jinja2 import Environment

from data.domain.errors import InvalidFact
from data.storage.contacts import Contact
from maps.brand import NO_BRAND, Brand
from maps.brand_colours import on
from maps.choose_language import choose_language
from maps.palette import LIGHT
from maps.safe_text import clean
from maps.templating import environment
from serving.pages.find_words import wording
from serving.pages.lasting import lasting
from serving.pages.rendering import TEMPLATES_FOLDER

__all__ = ["opening_letter"]

POLICY = SMTP.clone(raise_on_defect=False, max_line_length=998, cte_type="7bit")
"""Refuses line breaks in headers (`ValueError`), so no text can add one; links stay on one line."""


@cache
def letters_environment() -> Environment:
    return environment((TEMPLATES_FOLDER,))


def opening_letter(contact: Contact, *, order_id: str, url: str, minutes: int, brand: Brand = NO_BRAND) -> EmailMessage:
    """Write the letter with the link that opens a journey once, in the contact's language, else the brand's, else English.

    It names the order and nothing else of it: a mailbox may be read by others. Raises `InvalidFact` for an address that is none.
    """
    language = choose_language(asked=contact.language, configured=brand.language, header=None)
    words = wording(language)
    why = words("letter_why", order=language.foreign(clean(order_id, longest=80) or "?"))
    once = words("letter_once", duration=lasting(60 * minutes, language))
    letter = EmailMessage(policy=POLICY)
    try:
        letter["To"] = Address(addr_spec=contact.email)
    except (ValueError, IndexError, MessageError) as error:
        raise InvalidFact("the address on file is no e-mail address; set it anew (PUT /v1/orders/{id}/contact).") from error
    letter["Subject"] = words("letter_subject")
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    letter.set_content("\n\n".join((why, words("letter_what"), url, once, words("letter_not_you"))))
    accent = brand.accent_light or LIGHT["accent"]
    html = (
        letters_environment()
        .get_template("letter.html.jinja")
        .render(language=language, words=words, colour=LIGHT, accent=accent, on_accent=on(accent), why=why, once=once, url=url)
    )
    letter.add_alternative(html, subtype="html")
    letter["Content-Language"] = language.code  # of the whole; set earlier it would move into the first part (RFC 3282)
    return letter

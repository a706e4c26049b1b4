"""Hold every word of the look-up pages and of their letter, one sentence a message, and say them in the reader's language."""

# ruff: noqa: RUF001 - the apostrophe of print is what a page should show
from collections.abc import Callable
from functools import partial
from types import MappingProxyType

from maps.language import ENGLISH, Language, message

__all__ = ["FIND_WORDS", "say", "wording"]

FIND_WORDS = MappingProxyType(
    {
        "find_title": message("Find your parcel"),
        "find_intro": message("Enter the number from the shop’s confirmation, and the postal code or the e-mail address of the order."),
        "number_label": message("Tracking number or order number"),
        "number_hint": message("As it stands in the shop’s message; capitals and spaces do not matter."),
        "fact_label": message("Postal code or e-mail address"),
        "fact_hint": message("The postal code that it is sent to, or the address that you gave when you ordered."),
        "open_button": message("Show the journey"),
        "mail_button": message("Mail me the link"),
        "what_opens": message("The page that opens here leaves out your order and stays open for {duration}."),
        "what_is_mailed": message(
            "The mailed link opens everything. It goes to the address that the shop has on file, never to one typed here."
        ),
        "no_mail": message("Links cannot be mailed from here. The link in the shop’s own message shows everything."),
        "no_cookies": message("No cookies. What you type here is not stored."),
        "refused": message("No journey opens with these two together. Check both; after its arrival a parcel can be found for {duration}."),
        "incomplete": message("Please fill in both fields: a number of at most 100 characters, and a postal code or an e-mail address."),
        "stale": message("This form was open for too long or came from another page. Please send it again."),
        "limited": message(
            "There were too many tries for this number or from your network. Please try again in {duration}; the shop’s own link works all the time."
        ),
        "sent_title": message("Look into your mailbox"),
        "sent_text": message(
            "If these two belong together and the shop has an e-mail address on file, a link is on its way there. It works once, for {duration}."
        ),
        "sent_late": message(
            "Nothing there after five minutes? Look into the spam folder, check what you typed, or ask the shop for its link."
        ),
        "again": message("Look for another parcel"),
        "open_title": message("Open the journey"),
        "open_text": message("Your link is here. It works once, so the journey opens when you press the button and not before."),
        "open_link_button": message("Open the journey"),
        "used_title": message("This link has done its work"),
        "used_text": message("A mailed link works once and for {duration}. It is easy to get a new one."),
        "again_link": message("Get a new link"),
        "letter_subject": message("The link to your parcel"),
        "letter_why": message("Somebody, most likely you, asked for the journey of your order {order}."),
        "letter_what": message("Open it here:"),
        "letter_once": message("The link works once, for {duration}."),
        "letter_not_you": message("It was not you? Then do nothing: nobody but you got this link, and nothing has changed."),
        "letter_button": message("Open the journey"),
    }
)
"""Messages by name."""


def say(name: str, /, *, language: Language = ENGLISH, **values: object) -> str:
    """Give a message in a language with its placeholders filled; raises `KeyError` for a name or placeholder that is missing.

    Values are put in as they are, once: braces in them mean nothing.
    """
    return language.say(FIND_WORDS[name], **values)


def wording(language: Language) -> Callable[..., str]:
    """Give `say` in one language, as the templates call it."""
    return partial(say, language=language)

"""Hold every word of the look-up pages and of their letter: plain English, with named placeholders, one sentence a message."""

# ruff: noqa: RUF001 - the apostrophe of print is what a page should show
from types import MappingProxyType

__all__ = ["FIND_WORDS", "say"]

FIND_WORDS = MappingProxyType(
    {
        "find_title": "Find your parcel",
        "find_intro": "Enter the number from the shop’s confirmation, and the postal code or the e-mail address of the order.",
        "number_label": "Tracking number or order number",
        "number_hint": "As it stands in the shop’s message; capitals and spaces do not matter.",
        "fact_label": "Postal code or e-mail address",
        "fact_hint": "The postal code that it is sent to, or the address that you gave when you ordered.",
        "open_button": "Show the journey",
        "mail_button": "Mail me the link",
        "what_opens": "The page that opens here leaves out your order and stays open for {duration}.",
        "what_is_mailed": "The mailed link opens everything. It goes to the address that the shop has on file, never to one typed here.",
        "no_mail": "Links cannot be mailed from here. The link in the shop’s own message shows everything.",
        "no_cookies": "No cookies. What you type here is not stored.",
        "refused": "No journey opens with these two together. Check both; parcels that arrived more than {days} days ago are not found any more.",
        "incomplete": "Please fill in both fields: a number of at most 100 characters, and a postal code or an e-mail address.",
        "stale": "This form was open for too long or came from another page. Please send it again.",
        "limited": "There were too many tries for this number or from your network. Please try again in {duration}; the shop’s own link works all the time.",
        "sent_title": "Look into your mailbox",
        "sent_text": "If these two belong together and the shop has an e-mail address on file, a link is on its way there. It works once, for {minutes} minutes.",
        "sent_late": "Nothing there after five minutes? Look into the spam folder, check what you typed, or ask the shop for its link.",
        "again": "Look for another parcel",
        "open_title": "Open the journey",
        "open_text": "Your link is here. It works once, so the journey opens when you press the button and not before.",
        "open_link_button": "Open the journey",
        "used_title": "This link has done its work",
        "used_text": "A mailed link works once and for {minutes} minutes. It is easy to get a new one.",
        "again_link": "Get a new link",
        "minutes_one": "one minute",
        "minutes_many": "{count} minutes",
        "hours_one": "one hour",
        "hours_many": "{count} hours",
        "letter_subject": "The link to your parcel",
        "letter_why": "Somebody, most likely you, asked for the journey of your order {order}.",
        "letter_what": "Open it here:",
        "letter_url": "{url}",
        "letter_once": "The link works once, for {minutes} minutes.",
        "letter_not_you": "It was not you? Then do nothing: nobody but you got this link, and nothing has changed.",
        "letter_button": "Open the journey",
    }
)
"""Messages by name."""


def say(name: str, **values: object) -> str:
    """Give a message with its placeholders filled; raises `KeyError` for a name or placeholder that is missing.

    Values are put in as they are, once: braces in them mean nothing.
    """
    return FIND_WORDS[name].format_map(values)

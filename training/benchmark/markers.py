"""Put the bench's section between two comments of a README, and leave the rest of it alone."""

from data.domain.errors import InvalidFact

__all__ = ["BEGIN", "END", "put_between"]

BEGIN, END = "<!-- bench-forecast: begin -->", "<!-- bench-forecast: end -->"
"""Everything between these two comments is written anew by the bench."""


def put_between(text: str, section: str) -> str:
    """Replace what stands between the two markers; raises `InvalidFact` where they are not there once each, in order."""
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise InvalidFact(
            f"the README needs the lines {BEGIN} and {END}, once each and in this order; put them where the bench is to stand."
        )
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{section.strip()}\n{END}{rest.partition(END)[2]}"

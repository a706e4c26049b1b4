"""Show a problem to a person as a page; machines keep their problem document."""

from fastapi import Request, Response

from maps.language import message
from serving.pages.reader import reader_language, speaking
from serving.pages.rendering import render
from serving.schemas.problems import ProblemDocument

__all__ = ["error_page"]

PAGES = ("/track", "/ops")

CUSTOMER: dict[int, tuple[str, str]] = {
    429: (message("Too many requests"), message("Wait a minute, then open the page again.")),
    503: (message("The page cannot be shown now"), message("Nothing is lost. Open it again in a minute.")),
}
"""Title and advice for customers by status: they can do nothing with the words for programs."""

OTHERS = message("Something went wrong"), message("Open the link from the shop's message once more.")


def error_page(request: Request, problem: ProblemDocument) -> Response | None:
    """Give a page for a browser that asked for one of our pages, else ``None``."""
    path = request.url.path
    if not path.startswith(PAGES) or "text/html" not in request.headers.get("accept", ""):
        return None
    if not path.startswith("/track"):
        return render(request, "trouble.html.jinja", {"problem": problem}, status=problem.status)
    brand = request.app.state.wiring.brands.default
    language = reader_language(request, brand)
    if problem.status == 404:
        return render(request, "unknown.html.jinja", speaking(language, brand), status=problem.status)
    title, advice = CUSTOMER.get(problem.status, OTHERS)
    said = {"title": language.say(title), "detail": language.say(advice), "reference": problem.reference}
    return render(request, "trouble.html.jinja", {**speaking(language, brand), "problem": said}, status=problem.status)

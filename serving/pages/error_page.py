"""Show a problem to a person as a page; machines keep their problem document."""

from fastapi import Request, Response

from serving.pages.rendering import render
from serving.schemas.problems import ProblemDocument

__all__ = ["error_page"]

PAGES = ("/track", "/ops")


def error_page(request: Request, problem: ProblemDocument) -> Response | None:
    """Give a page for a browser that asked for one of our pages, else ``None``."""
    path = request.url.path
    if not path.startswith(PAGES) or "text/html" not in request.headers.get("accept", ""):
        return None
    if path.startswith("/track"):
        template = "unknown.html.jinja" if problem.status == 404 else "trouble.html.jinja"
        return render(request, template, {"problem": problem}, status=problem.status)
    return render(request, "trouble.html.jinja", {"problem": problem}, status=problem.status)

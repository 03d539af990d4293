"""Pages of a simulated portal: links, people to choose from, and the way back to who asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, redirect
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

_FRAME: Final = Markup(
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>{title}</title><style>body{{font:1.1rem/1.6 system-ui;max-width:36rem;margin:3rem auto;padding:0 1rem}}"
    "a,button{{display:block;font:inherit;text-align:left;padding:.6rem 1rem;margin:.4rem 0;border:1px solid #2a5bd7;"
    "border-radius:.5rem;background:none;color:#2a5bd7;text-decoration:none;width:100%;box-sizing:border-box}}</style>"
    "<main><h1>{title}</h1>{body}</main></html>"
)
_BUTTON: Final = Markup('<form method="post" action="{}"><button>{} <small>{}</small></button></form>')


def page(title: str, parts: Iterable[Any], status: int = 200) -> Response:
    """Return a page with a heading and these parts below it."""
    body = Markup("").join(escape(part) for part in parts)
    return Response(_FRAME.format(title=title, body=body), status, mimetype="text/html")


def link(address: str, text: str) -> Markup:
    """Return a link that looks like a tile."""
    return Markup('<a href="{}">{}</a>').format(address, text)


def button(address: str, text: str, small: str = "") -> Markup:
    """Return a form of one button, with something said in small letters."""
    return _BUTTON.format(address, text, small)


def own_path(wished: str, otherwise: str) -> str:
    """Return the path that a browser wants to go on to, if it is one of ours."""
    return wished if wished.startswith("/") and not wished.startswith("//") else otherwise


def sent_back(redirect_uri: str, parameters: Mapping[str, str | None]) -> ResponseReturnValue:
    """Send the browser back to who asked, without the parameters that are None."""
    told = {name: value for name, value in parameters.items() if value is not None}
    return redirect(f"{redirect_uri}?{urlencode(told)}", 302)

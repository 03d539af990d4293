"""Draws a guide's Markdown: what only this gateway knows is put in, and gets a button that copies it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from providers.kit.guide import fill_in, placeholders

_FILLED = "filled"


def draw(text: str, values: Mapping[str, str]) -> Markup:
    """Return HTML. Values are put in after the Markdown was read: they are text, whatever characters they hold."""
    markdown = _markdown()
    tokens = markdown.parse(text)
    for token in tokens:
        for each in (token, *(token.children or ())):
            if each.children is None and "{{" in each.content:
                each.meta = {_FILLED: bool(placeholders(each.content))}
                each.content = fill_in(each.content, values)
    return Markup(markdown.renderer.render(tokens, markdown.options, {}))  # noqa: S704 - the renderer escapes


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.renderer.rules["code_inline"] = _inline  # type: ignore[attr-defined]
    markdown.renderer.rules["fence"] = _block  # type: ignore[attr-defined]
    return markdown


def _inline(tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    token = tokens[index]
    if not token.meta.get(_FILLED):
        return Markup("<code>{}</code>").format(token.content)
    return Markup('<span class="value"><code>{}</code>{}</span>').format(token.content, _button())


def _block(tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    token = tokens[index]
    return Markup('<div class="value block"><pre tabindex="0"><code>{}</code></pre>{}</div>').format(
        token.content.rstrip("\n"), _button() if token.meta.get(_FILLED) else ""
    )


def _button() -> Markup:
    """A script shows it: without one it could do nothing."""
    return Markup('<button type="button" class="copy" hidden>{}</button>').format(escape("Copy"))

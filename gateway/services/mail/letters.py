"""Writes letters from templates: ours, or the operator's files of the same name in the folder they named."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, select_autoescape

from gateway.services.mail.post import Letter
from providers.contract import Misconfigured

_OURS: Final = Path(__file__).parent / "templates"
_SUBJECT: Final = "Subject: "


class Letters:
    """Thread-safe. `folder` may be missing; a file that is changed there counts from the next letter on."""

    def __init__(self, folder: Path, product: str, public_url: str) -> None:
        self._always = {"product": product, "public_url": public_url}
        # Only the .html files are HTML: in the text of a mail an apostrophe is an apostrophe.
        self._templates = Environment(
            loader=FileSystemLoader([folder, _OURS]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=select_autoescape(["html"], default=False),
        )

    def write(self, name: str, to: str, values: Mapping[str, str]) -> Letter:
        """Return the letter of this name.

        Raises:
            Misconfigured: ``mail.template_invalid``: an operator's file has a fault, or names what there is not.
        """
        try:
            text, html = (self._render(f"{name}.{kind}", values) for kind in ("txt", "html"))
        except TemplateError as fault:
            detail = f"{name}: {type(fault).__name__}"
            raise Misconfigured("mail.template_invalid", f"The mail template {name} has a fault.", detail) from fault
        subject, _, body = text.partition("\n")
        return Letter(to, " ".join(subject.removeprefix(_SUBJECT).split()), body.lstrip("\n"), html)

    def _render(self, file: str, values: Mapping[str, str]) -> str:
        return self._templates.get_template(file).render(**self._always, **values)

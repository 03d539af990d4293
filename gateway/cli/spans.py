"""Lengths of time as commands take them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import click

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Span(click.ParamType[timedelta]):
    """A length of time such as 14d, 12h or 2w."""

    name = "SPAN"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Read it, or fail with a sentence."""
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"(\d{1,4})([mhdw])", value.strip())
        if found is None:
            self.fail("write a number and m, h, d or w, for example 14d", param, ctx)
        return timedelta(**{_UNITS[found[2]]: int(found[1])})

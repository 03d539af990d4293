"""Settings of a room, declared once: the declaration validates input, draws forms, seals secrets and writes docs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, cast
from urllib.parse import urlsplit

from providers.contract.failures import Misconfigured

Kind = Literal["text", "url", "list", "yes_no", "number", "choice"]
_REQUIRED = dataclasses.MISSING


@dataclasses.dataclass(frozen=True, slots=True)
class Declared:
    """One setting as its room declared it. `help` is one plain sentence for the person who fills it in."""

    name: str
    label: str
    help: str
    kind: Kind
    secret: bool
    required: bool
    default: Any
    choices: tuple[str, ...] = ()
    example: str = ""


def setting(
    label: str,
    *,
    help: str,  # the word the form uses
    kind: Kind = "text",
    secret: bool = False,
    default: Any = _REQUIRED,
    choices: tuple[str, ...] = (),
    example: str = "",
) -> Any:
    """Declare one field of a room's frozen settings dataclass. Without `default` it must be filled in."""
    metadata = {
        "label": label, "help": help, "kind": kind, "secret": secret, "choices": choices, "example": example
    }  # fmt: skip
    if default is _REQUIRED:
        return dataclasses.field(metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def declared(settings: type[Any]) -> tuple[Declared, ...]:
    """Return the declarations of a settings dataclass, in order."""
    return tuple(
        Declared(
            name=field.name,
            label=field.metadata["label"],
            help=field.metadata["help"],
            kind=field.metadata["kind"],
            secret=field.metadata["secret"],
            required=field.default is _REQUIRED,
            default=None if field.default is _REQUIRED else field.default,
            choices=field.metadata["choices"],
            example=field.metadata["example"],
        )
        for field in dataclasses.fields(settings)
    )


T = TypeVar("T")


def read_settings(settings: type[T], values: Mapping[str, Any]) -> T:
    """Make the settings from text (a form, the command line) or stored values; name every fault at once.

    Raises:
        Misconfigured: code ``settings.invalid``; the sentence lists each wrong, missing and unknown setting.
    """
    fields = {field.name: field for field in declared(settings)}
    faults = [f"unknown setting {name!r}" for name in values if name not in fields]
    ready: dict[str, Any] = {}
    for name, field in fields.items():
        given = values.get(name)
        if given is None or given == "":
            if field.required:
                faults.append(f"{name} ({field.label}) is missing: {field.help}")
            continue
        try:
            ready[name] = _read_one(field, given)
        except ValueError as fault:
            faults.append(f"{name} ({field.label}) {fault}")
    if faults:
        raise Misconfigured("settings.invalid", "; ".join(faults))
    return cast(T, settings(**ready))


def _read_one(field: Declared, given: Any) -> Any:
    readers = {"list": _read_list, "yes_no": _read_yes_no, "number": _read_number, "url": _read_url}
    if field.kind == "choice":
        return _read_choice(given, field.choices)
    return readers.get(field.kind, _read_text)(given)


def _read_text(given: Any) -> str:
    if not isinstance(given, str):
        raise ValueError("must be text")
    return given.strip()


def _read_list(given: Any) -> tuple[str, ...]:
    parts = given.replace("\n", ",").split(",") if isinstance(given, str) else given
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise ValueError("must be a list separated by commas")
    return tuple(part.strip() for part in parts if part.strip())


def _read_yes_no(given: Any) -> bool:
    if isinstance(given, bool):
        return given
    known = {
        "yes": True,
        "true": True,
        "on": True,
        "1": True,
        "no": False,
        "false": False,
        "off": False,
        "0": False,
    }
    if str(given).strip().lower() not in known:
        raise ValueError("must be yes or no")
    return known[str(given).strip().lower()]


def _read_number(given: Any) -> int:
    try:
        return int(given)
    except (TypeError, ValueError):
        raise ValueError("must be a whole number") from None


def _read_url(given: Any) -> str:
    text = _read_text(given)
    parts = urlsplit(text)
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username or parts.fragment:
        raise ValueError("must be a full web address, for example https://school.example/path")
    return text


def _read_choice(given: Any, choices: tuple[str, ...]) -> str:
    text = _read_text(given)
    if text not in choices:
        raise ValueError(f"must be one of {', '.join(choices)}")
    return text

"""Settings of a room, declared once: the declaration validates input, draws forms, seals secrets and writes docs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from providers.contract.failures import Misconfigured

Kind = Literal["text", "url", "path", "list", "yes_no", "number", "choice"]
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
    minimum: int | None = None
    maximum: int | None = None


def setting(  # noqa: PLR0913 - one keyword for each thing a form can show
    label: str,
    *,
    help: str,  # the word the form uses
    kind: Kind = "text",
    secret: bool = False,
    default: Any = _REQUIRED,
    choices: tuple[str, ...] = (),
    example: str = "",
    minimum: int | None = None,
    maximum: int | None = None,
) -> Any:
    """Declare one field of a room's frozen settings dataclass. Without `default` it must be filled in.

    `choices` limit a choice or each part of a list; `minimum` and `maximum` limit a number.
    """
    metadata = {
        "label": label,
        "help": help,
        "kind": kind,
        "secret": secret,
        "choices": choices,
        "example": example,
        "minimum": minimum,
        "maximum": maximum,
    }
    if default is _REQUIRED:
        return dataclasses.field(metadata=metadata, repr=not secret)
    return dataclasses.field(default=default, metadata=metadata, repr=not secret)


def declared(settings: type[Any]) -> tuple[Declared, ...]:
    """Return the declarations of a settings dataclass, in order."""
    return tuple(
        Declared(
            name=field.name,
            required=field.default is _REQUIRED,
            default=None if field.default is _REQUIRED else field.default,
            **field.metadata,
        )
        for field in dataclasses.fields(settings)
    )


T = TypeVar("T")


def setting_faults(settings: type[Any], values: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with each value by its setting's name, as the end of a sentence that begins with it."""
    return _read_all(settings, values)[1]


def read_settings(settings: type[T], values: Mapping[str, Any]) -> T:
    """Make the settings from text (a form, the command line) or stored values; name every fault at once.

    Raises:
        Misconfigured: code ``settings.invalid``; the sentence lists each wrong, missing and unknown setting.
    """
    ready, faults = _read_all(settings, values)
    if faults:
        labels = {field.name: f"{field.name} ({field.label})" for field in declared(settings)}
        said = [f"{labels[name]} {fault}" if name in labels else f"{fault} {name!r}" for name, fault in faults.items()]
        raise Misconfigured("settings.invalid", "; ".join(said))
    return settings(**ready)


def _read_all(settings: type[Any], values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    fields = {field.name: field for field in declared(settings)}
    faults = {name: "unknown setting" for name in values if name not in fields}
    ready: dict[str, Any] = {}
    for name, field in fields.items():
        given = values.get(name)
        if given is None or given == "":
            if field.required:
                faults[name] = f"is missing: {field.help}"
            continue
        try:
            ready[name] = _read_one(field, given)
        except ValueError as fault:
            faults[name] = str(fault)
    return ready, faults


def _read_one(field: Declared, given: Any) -> Any:
    return _READERS[field.kind](field, given)


def _read_text(_field: Declared, given: Any) -> str:
    if not isinstance(given, str):
        raise ValueError("must be text")
    return given.strip()


def _read_list(field: Declared, given: Any) -> tuple[str, ...]:
    parts = given.replace("\n", ",").split(",") if isinstance(given, str) else given
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise ValueError("must be a list separated by commas")
    read = tuple(part.strip() for part in parts if part.strip())
    if field.choices and not set(read) <= set(field.choices):
        raise ValueError(f"may only name {', '.join(field.choices)}")
    return read


_YES_NO = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "off": False, "0": False}


def _read_yes_no(_field: Declared, given: Any) -> bool:
    if str(given).strip().lower() not in _YES_NO:
        raise ValueError("must be yes or no")
    return _YES_NO[str(given).strip().lower()]


def _read_number(field: Declared, given: Any) -> int:
    try:
        number = int(str(given).strip())
    except ValueError:
        raise ValueError("must be a whole number") from None
    if field.minimum is not None and number < field.minimum:
        raise ValueError(f"must be at least {field.minimum}")
    if field.maximum is not None and number > field.maximum:
        raise ValueError(f"must be at most {field.maximum}")
    return number


_NO_ADDRESS = "must be a full web address, for example https://school.example/path"


def _read_url(field: Declared, given: Any) -> str:
    text = _read_text(field, given)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError(_NO_ADDRESS) from None
    if parts.scheme not in {"https", "http"} or not parts.hostname or port == 0 or parts.username or parts.fragment:
        raise ValueError(_NO_ADDRESS)
    if any(character.isspace() for character in text):
        raise ValueError("must not hold spaces")
    return text


def _read_choice(field: Declared, given: Any) -> str:
    text = _read_text(field, given)
    if text not in field.choices:
        raise ValueError(f"must be one of {', '.join(field.choices)}")
    return text


def _read_path(field: Declared, given: Any) -> str:
    text = _read_text(field, given)
    if "\0" in text:
        raise ValueError("must be a path")
    return str(Path(text).absolute())  # the gateway's programs run in other folders than the one who fills this in


_READERS: dict[Kind, Callable[[Declared, Any], Any]] = {
    "text": _read_text,
    "url": _read_url,
    "path": _read_path,
    "list": _read_list,
    "yes_no": _read_yes_no,
    "number": _read_number,
    "choice": _read_choice,
}

"""Takes the records out of an answer, or says what kind of failure it is, whatever its status claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from providers.contract import BadData, Failure, Refused, Reply, Unavailable

_BOM: Final = b"\xef\xbb\xbf"
_LISTS = msgspec.json.Decoder(list[msgspec.Raw])
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
# Lists beside the records: notes of 1.1 providers, in answers that succeed, too.
_NOT_RECORDS: Final = ("imsx_", "statusinfo", "error", "warning")
_UNAUTHORIZED: Final = {"unauthorisedrequest", "unauthorizedrequest", "unauthorized", "unauthorised"}
_FORBIDDEN: Final = {"forbidden"}
_BUSY: Final = {"server_busy", "serverbusy"}


def read_records(reply: Reply, names: Iterable[str]) -> list[msgspec.Raw]:
    """Return the records of a successful answer, each still as its JSON text.

    By the book they stand under one of `names`; a bare list, and a list under any other name that is alone there, are
    taken too. No list at all is never "no records".

    Raises:
        BadData: ``oneroster.not_json``, ``oneroster.envelope_missing``, ``oneroster.error_answer``.
        Refused, Unavailable: an error that came with status 200.
    """
    text = reply.body.strip().removeprefix(_BOM).removesuffix(_BOM).strip()
    try:
        return _LISTS.decode(text) if text.startswith(b"[") else _unwrap(_OBJECT.decode(text), names)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as fault:
        raise _not_json(reply, text) from fault


def error_answer(reply: Reply, asked: str) -> BadData:
    """Return the failure for a status that is none of the usual ones."""
    detail = f"{asked}: status {reply.status}"
    return BadData("oneroster.error_answer", "The provider answered with an error instead of records.", detail)


def _unwrap(answer: Mapping[str, msgspec.Raw], names: Iterable[str]) -> list[msgspec.Raw]:
    for name in names:
        if name in answer:
            return _LISTS.decode(answer[name]) if bytes(answer[name]).strip() != b"null" else []
    if failure := _told_failure(answer):
        raise failure
    lists = [name for name, value in answer.items() if bytes(value).startswith(b"[") and not _is_note(name)]
    if len(lists) == 1:
        return _LISTS.decode(answer[lists[0]])
    raise BadData("oneroster.envelope_missing", "The answer holds no list of records.", ", ".join(sorted(answer)[:5]))


def _is_note(name: str) -> bool:
    return name.lower().startswith(_NOT_RECORDS)


def _not_json(reply: Reply, text: bytes) -> BadData:
    kind = "a web page" if text[:1] == b"<" else "something that is not whole JSON"
    return BadData("oneroster.not_json", f"The provider answered with {kind}.", f"status {reply.status}")


def _told_failure(answer: Mapping[str, msgspec.Raw]) -> Failure | None:
    """Return the failure that an answer's body tells, in any of the forms that providers use."""
    if not any(map(_is_note, answer)):
        return None
    text = msgspec.json.decode(msgspec.json.encode(answer))
    words = {word.lower().replace(" ", "") for word in _words(text)}
    if words & _UNAUTHORIZED:
        return Refused("rest.unauthorized", "The provider refuses these credentials.", "error in the body")
    if words & _FORBIDDEN:
        return Refused("rest.forbidden", "The provider does not give these records to us.", "error in the body")
    if words & _BUSY:
        return Unavailable("rest.busy", "The provider has too much to do.", "error in the body")
    return BadData("oneroster.error_answer", "The provider answered with an error instead of records.", "in the body")


def _words(value: Any, depth: int = 0) -> Iterable[str]:
    """Yield every text in an error body: the code may stand anywhere in it."""
    if isinstance(value, str):
        yield value
    elif depth < 6 and isinstance(value, Mapping):
        for each in value.values():
            yield from _words(each, depth + 1)
    elif depth < 6 and isinstance(value, list):
        for each in value:
            yield from _words(each, depth + 1)

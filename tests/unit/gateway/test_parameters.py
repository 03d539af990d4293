"""A query and a form are read as Python reads them, of each name the first value."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import Request
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder

from gateway.web.parameters import form_of, query_of

_PIECES = st.sampled_from(["a", "b", "=", "&", "+", "%", "%2", "%41", "%C3%A9", "%FF", "%00", ";", "é", " "])


def _expected(sent: str) -> dict[str, str]:
    return dict(reversed(parse_qsl(sent, keep_blank_values=True)))


@given(st.lists(_PIECES, max_size=12).map("".join))
@example("a=1&a=2&b")
def test_a_form_says_what_pythons_own_reader_finds(sent: str) -> None:
    body = sent.encode("latin-1")
    builder = EnvironBuilder(method="POST", data=body, content_type="application/x-www-form-urlencoded")
    assert form_of(Request(builder.get_environ())) == _expected(sent)


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_a_query_says_what_pythons_own_reader_finds(sent: str) -> None:
    environ = EnvironBuilder().get_environ() | {"QUERY_STRING": sent}
    assert query_of(Request(environ)) == _expected(sent)

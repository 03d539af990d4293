"""The filter language: as a parser, and as SQL against a plain evaluator over what the API itself answers."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.services.oneroster.filters import DEEPEST, LONGEST, MOST_COMPARISONS, read_filter
from gateway.store.oneroster.terms import PREDICATES, Comparison, Junction, Term
from providers.contract import BadData
from tests.support.providing import ODD, Providing, said

FIELDS = st.sampled_from(["status", "course.sourcedId", "metadata.x-y", "givenName"])
VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
COMPARISONS: st.SearchStrategy[Term] = st.builds(Comparison, FIELDS, st.sampled_from(PREDICATES), VALUES)


def _joined(terms: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    parts = st.lists(terms, min_size=2, max_size=3).map(tuple)
    return st.builds(Junction, st.booleans(), parts)


TERMS = st.recursive(COMPARISONS, _joined, max_leaves=8)


def write(term: Term, spaces: str = "") -> str:
    """Write a term as a client would: AND without parentheses inside OR, all else within them."""
    if isinstance(term, Comparison):
        quoted = term.value.replace("'", "''")
        return f"{term.field}{spaces}{term.predicate}{spaces}'{quoted}'"
    parts = []
    for each in term.terms:
        is_bare = isinstance(each, Comparison) or (each.is_and and not term.is_and)
        parts.append(write(each, spaces) if is_bare else f"({write(each, spaces)})")
    return (" AND " if term.is_and else " or ").join(parts)


@given(TERMS, st.sampled_from(["", " "]))
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_back(term: Term, spaces: str) -> None:
    assert read_filter(write(term, spaces)) == term


@given(st.text(max_size=30) | st.text("()' =~<>!aANDOR", max_size=30))
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_filter_or_says_why_not(text: str) -> None:
    try:
        term = read_filter(text)
    except BadData:
        return
    assert read_filter(write(term)) == term


def test_and_binds_tighter_and_values_may_stand_unquoted() -> None:
    one, two, three = (Comparison(name, "=", "1") for name in "abc")
    assert read_filter("a=1 OR b=1 AND c=1") == Junction(False, (one, Junction(True, (two, three))))
    assert read_filter("(a='1' or b='1') and c='1'") == Junction(True, (Junction(False, (one, two)), three))
    assert read_filter("a>=-1.5") == Comparison("a", ">=", "-1.5")
    assert read_filter("familyName='O''Brien'") == Comparison("familyName", "=", "O'Brien")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "a",
            "a=",
            "='x'",
            "a='x",
            "a='x' b='y'",
            "a='x' AND",
            "(a='x'",
            "a='x')",
            "a=='x'",
            "AND='x'",
            "a LIKE 'x'",
        ),
        *(
            "'a'='x'",
            "a='x';",
            "a='\0'",
            "a='" + "x" * LONGEST + "'",
            "(" * (DEEPEST + 1) + "a='x'" + ")" * (DEEPEST + 1),
        ),
        " OR ".join(["a=1"] * (MOST_COMPARISONS + 1)),
    ],
)
def test_faults_and_what_is_too_large_are_refused(text: str) -> None:
    with pytest.raises(BadData, match="can't be read"):
        read_filter(text)


def _member(name: str) -> Callable[[Any], Any]:
    return lambda each: each.get(name)


# What the evaluator knows of each collection: a field -> its values in an object; several for those that hold many.
_ONE: dict[str, dict[str, Callable[[Any], Any]]] = {
    "users": {
        **{name: _member(name) for name in ("givenName", "familyName", "email", "status")},
        "enabledUser": lambda each: each["enabledUser"],
        "dateLastModified": lambda each: each["dateLastModified"],
        "primaryOrg.sourcedId": lambda each: each.get("primaryOrg", {}).get("sourcedId"),
    },
    "academicSessions": {
        **{name: _member(name) for name in ("title", "type", "startDate", "endDate")},
        "parent": lambda each: each.get("parent", {}).get("sourcedId"),
    },
    "classes": {"title": lambda each: each["title"], "course.sourcedId": lambda each: each["course"]["sourcedId"]},
}
_MANY: dict[str, dict[str, Callable[[Any], list[str]]]] = {
    "users": {
        "role": lambda each: [role["role"] for role in each["roles"]],
        "roles.org.sourcedId": lambda each: [role["org"]["sourcedId"] for role in each["roles"]],
    },
    "academicSessions": {},
    "classes": {"terms.sourcedId": lambda each: [term["sourcedId"] for term in each["terms"]]},
}
_LISTS = {"users": ["grades"], "academicSessions": [], "classes": ["grades", "periods"]}
_COMPARE = {"=": operator.eq, ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


def holds(collection: str, term: Term, each: dict[str, Any]) -> bool:
    """Evaluate a filter on an object as the documentation says it."""
    if isinstance(term, Junction):
        return (all if term.is_and else any)(holds(collection, part, each) for part in term.terms)
    if term.predicate == "!=":
        return not holds(collection, term._replace(predicate="="), each)
    if term.field in _LISTS[collection]:
        has = each.get(term.field, [])
        return term.value in has if term.predicate == "~" else {*has} == {*term.value.split(",")} - {""}
    if term.field in _MANY[collection]:
        values = _MANY[collection][term.field](each)
    else:
        values = [_ONE[collection][term.field](each)]
    return any(value is not None and _compared(term, value) for value in values)


def _compared(term: Comparison, value: str) -> bool:
    return term.value in value if term.predicate == "~" else bool(_COMPARE[term.predicate](value, term.value))


@pytest.mark.parametrize("collection", sorted(_ONE))
def test_sql_and_a_plain_evaluator_agree(world: Providing, collection: str) -> None:  # P13, P15
    everything = world.items(f"/{collection}")
    values: dict[str, list[str]] = {}
    for each in everything:
        for field, read in _ONE[collection].items():
            values.setdefault(field, []).append(read(each) or "zzz")
        for field, read_many in _MANY[collection].items():
            values.setdefault(field, []).extend(read_many(each))
        for field in _LISTS[collection]:
            values.setdefault(field, ["09,10"]).extend([*each.get(field, []), ",".join(each.get(field, []))])
    dates = {"startDate", "endDate", "dateLastModified"}

    def of(field: str) -> st.SearchStrategy[Term]:
        known = st.sampled_from(sorted({*values[field]}))
        cut = known if field in dates else known | known.map(lambda value: value[1:4])
        signs = ["=", "!=", "~"] if field in _LISTS[collection] else list(PREDICATES)
        return st.builds(Comparison, st.just(field), st.sampled_from(signs), cut)

    @given(st.recursive(st.one_of(*map(of, sorted(values))), _joined, max_leaves=4))
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def agree(term: Term) -> None:
        expected = [each["sourcedId"] for each in everything if holds(collection, term, each)]
        assert world.ids(f"/{collection}", filter=write(term)) == expected

    agree()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (
            f"filter=familyName%3D%27{'O%27%27Brien%20%26%20S%C3%B6hne%20%2B%2050%25%20(a/b)%20%C3%BCn%C3%AFcode%20%E6%9D%8E'}%27",
            1,
        ),
        ("filter=familyName~'%25'", 1),  # no wildcard
        ("filter=familyName~'_'", 0),
        ("filter=familyName~'%2B'", 1),
        ("filter=familyName='okafor'", 1),  # byte for byte
        ("filter=familyName~'kafor'", 2),
        ("filter=enabledUser='false'", 1),
        ("filter=enabledUser=false", 1),
        ("filter=email='odd@north.example' AND role='teacher'", 1),
        ("filter=metadata.x='1'", 0),
        ("filter=grades~'09'", 2),
        ("filter=grades='09,10'", 1),
        ("filter=dateLastModified>'2020-01-01T00:00:00+00:00'+AND+identifier='M-1'", 1),
    ],
)
def test_signs_in_values(world: Providing, query: str, found: int) -> None:  # P13, P15, H1
    answer = world.get(f"/users?{query}&limit=500", token=None)
    assert (answer.status_code, len(answer.get_json()["users"])) == (200, found), answer.text


def test_the_odd_name_comes_back_whole(world: Providing) -> None:  # P24
    (odd,) = world.items("/users", filter=write(Comparison("familyName", "=", ODD)))
    assert odd["familyName"] == ODD


@pytest.mark.parametrize(
    "filter",
    ["nosuch='x'", "user.name='x'", "a=", "status='active' AND 1=1--", "dateLastModified>'yesterday'", "grades>'09'"],
)
def test_unknown_fields_and_faults_are_refused(world: Providing, filter: str) -> None:  # P16, H1
    refused = world.get("/users", filter=filter)
    assert said(refused) == (400, "invalid_filter_field")


def test_the_unknown_field_is_named_and_no_match_is_an_empty_page(world: Providing) -> None:  # P16
    assert "'nosuch'" in world.get("/orgs", filter="nosuch='x'").get_json()["imsx_description"]
    answer = world.get("/users", filter="status='norecords'")
    assert (answer.status_code, answer.get_json(), answer.headers["X-Total-Count"]) == (200, {"users": []}, "0")

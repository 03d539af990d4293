"""The Gradebook service case by case (G01-G14 of the conformance list) and attacked (H7-H9, J1)."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from gateway.services.gradebook.operations import BASE, CORE, DELETE, GRADEBOOK, POST, PUT, READ
from gateway.store.tables import scores
from tests.support.booking import Book
from tests.support.oneroster_schema import IS_VALID, references
from tests.support.providing import ALL, GATE, Providing, said

_NUMBER = itertools.count()


@pytest.fixture
def book(world: Providing) -> Book:
    """An application with a gradebook of its own."""
    id = f"book-{next(_NUMBER)}"
    world.application(id)
    return Book(world, id)


def test_what_is_put_is_there(book: Book) -> None:  # G01
    assert book.item("quiz/1").status_code == 201
    assert book.result("r 1", "quiz/1").status_code == 201
    assert (book.ids("/lineItems"), book.ids(f"/classes/{book.klass}/lineItems")) == (["quiz/1"], ["quiz/1"])
    assert book.one("/lineItems/quiz%2F1")["title"] == "Quiz"
    assert book.one("/results/r%201")["score"] == 8
    assert book.ids(f"/classes/{book.klass}/results") == ["r 1"]


def test_what_is_put_again_is_replaced_and_not_merged(book: Book) -> None:  # G02
    book.item(description="Long", learningObjectiveSet=[{"source": "case", "learningObjectiveIds": ["a"]}])
    assert book.item(title="Test").status_code == 200
    assert not {"description", "learningObjectiveSet"} & {*book.one("/lineItems/quiz")}
    book.result(comment="Well done", late="true")
    before = book.one("/results/r")
    assert (before["late"], book.result(score=9).status_code) == ("true", 200)
    assert not {"comment", "late"} & {*book.one("/results/r")}


def test_an_id_stands_once(book: Book) -> None:  # G03
    assert said(book.item(sourcedId="test")) == (422, "invaliddata")
    assert book.item(sourcedId="quiz").status_code == 201


@pytest.mark.parametrize(
    "changes",
    [
        {"class": None},
        {"class": {"sourcedId": "none"}},
        {"category": {"sourcedId": "none"}},
        {"scoreScale": {"sourcedId": "none"}},
        {"school": {"sourcedId": "none"}},
        {"gradingPeriod": {"sourcedId": "none"}},
        {"academicSession": {"sourcedId": "none"}},
        {"title": None},
        {"status": "tobedeleted"},
        {"metadata": {"a": "b" * 9000}},
        {"learningObjectiveSet": [{"source": "case"}]},
        {"assignDate": "soon"},
    ],
)
def test_a_line_item_with_a_hole_is_refused(book: Book, changes: dict[str, Any]) -> None:  # G04
    assert said(book.item(**changes)) == (422, "invaliddata")
    assert book.ids("/lineItems") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"student": None},
        {"student": {"sourcedId": "none"}},
        {"lineItem": None},
        {"class": {"sourcedId": "none"}},
        {"scoreScale": {"sourcedId": "none"}},
        {"late": "perhaps"},
        {"late": 1},
    ],
)
def test_a_result_with_a_hole_is_refused(book: Book, changes: dict[str, Any]) -> None:  # G04
    book.item()
    assert said(book.result(**changes)) == (422, "invaliddata")
    assert book.ids("/results") == []


def test_little_is_enough_and_is_completed(book: Book) -> None:  # G05
    book.item(title="A title " * 60, assignDate="2026-09-01", dueDate="2026-09-09T12:00:00+02:00")
    book.result(scoreDate="2025-12-02T10:00:00Z", comment="")
    item, result = book.one("/lineItems/quiz"), book.one("/results/r")
    assert (IS_VALID["lineItem"](item), IS_VALID["result"](result)) == (True, True)
    assert (item["school"]["sourcedId"], item["category"]["sourcedId"]) == (book.school, "general")
    assert (item["assignDate"], item["dueDate"]) == ("2026-09-01T00:00:00.000000Z", "2026-09-09T10:00:00.000000Z")
    assert (result["scoreDate"], result["scoreStatus"], "comment" in result) == ("2025-12-02", "fully graded", False)


def test_points_above_the_maximum_stay(book: Book) -> None:  # G06, H8
    book.item()
    book.result(score=12.5)
    assert book.one("/results/r")["score"] == 12.5


@pytest.mark.parametrize("status", ["exempt", "fully graded", "not submitted", "partially graded", "submitted"])
def test_each_state_of_a_score_comes_back(book: Book, status: str) -> None:  # G07
    book.item()
    assert book.result(scoreStatus=status).status_code == 201
    assert (book.one("/results/r")["scoreStatus"], book.one("/results/r")["score"]) == (status, 8)


def test_what_is_deleted_is_gone(book: Book) -> None:  # G08
    book.item()
    book.result()
    for path in ("/results/r", "/lineItems/quiz"):
        assert [book.call("DELETE", path).status_code for _ in range(2)] == [204, 404]
        assert said(book.call("GET", path)) == (404, "unknownobject")
    assert book.ids("/results") == book.ids(f"/classes/{book.klass}/lineItems") == []
    assert book.item().status_code == 201
    assert (book.ids("/lineItems"), book.result().status_code) == (["quiz"], 201)


def test_a_deleted_line_item_takes_its_results_along_and_sends_none(book: Book) -> None:  # G08
    book.item()
    book.result()
    book.call("DELETE", "/lineItems/quiz")
    assert said(book.call("GET", "/results/r")) == (404, "unknownobject")
    assert said(book.result()) == (403, "forbidden")
    with book.world.gate.store.statements() as connection:
        mine = scores.c.application_id == book.application
        assert connection.execute(scores.select().where(mine)).mappings().one()["state"] == "withdrawn"


def test_what_is_named_is_not_deleted(book: Book) -> None:  # G08
    book.call("PUT", "/categories/c", {"category": {"title": "Homework", "weight": 0.5}})
    scale: dict[str, Any] = {"title": "A-F", "type": "letter", "class": {"sourcedId": book.klass}}
    scale |= {"scoreScaleValue": [{"itemValueLHS": "A", "itemValueRHS": "90"}]}
    assert book.call("PUT", "/scoreScales/s", {"scoreScale": scale}).status_code == 201
    book.item(category={"sourcedId": "c"})
    book.result(scoreScale={"sourcedId": "s"}, textScore="A")
    for path in ("/categories/c", "/scoreScales/s"):
        assert said(book.call("DELETE", path)) == (422, "deletefailure")
        assert book.one(path)["title"]
    book.call("DELETE", "/lineItems/quiz")
    for path in ("/categories/c", "/scoreScales/s"):
        assert [book.call("DELETE", path).status_code for _ in range(2)] == [204, 404]


def test_lists_are_posted_whole_and_tell_the_ids(book: Book) -> None:  # G09
    told = [{"sourcedId": f"mine-{number}", "title": f"Quiz {number}"} for number in range(3)]
    answer = book.call("POST", f"/classes/{book.klass}/lineItems", {"lineItems": told})
    pairs = {each["suppliedSourcedId"]: each["allocatedSourcedId"] for each in answer.get_json()["sourcedIdPairs"]}
    assert (answer.status_code, {*pairs}) == (201, {"mine-0", "mine-1", "mine-2"})
    titles = {id: book.one(f"/lineItems/{id}")["title"] for id in book.ids("/lineItems")}
    assert titles == {pairs[f"mine-{number}"]: f"Quiz {number}" for number in range(3)}
    results = [{"student": {"sourcedId": book.student(number)}, "score": number} for number in range(2)]
    assert book.call("POST", f"/lineItems/{pairs['mine-0']}/results", {"results": results}).status_code == 201
    assert sorted(book.one(f"/results/{id}")["score"] for id in book.ids("/results")) == [0, 1]


def test_lists_are_posted_to_a_school_and_a_session(book: Book) -> None:  # G09
    term = book.world.id_of("t1", "academicSessions")
    items = [{"title": "Quiz", "class": {"sourcedId": book.klass}}]
    answer = book.call("POST", f"/schools/{book.school}/lineItems", {"lineItems": items})
    ((id,),) = [[each["allocatedSourcedId"]] for each in answer.get_json()["sourcedIdPairs"]]
    result = {"lineItem": {"sourcedId": id}, "student": {"sourcedId": book.student()}, "score": 1}
    path = f"/classes/{book.klass}/academicSessions/{{}}/results"
    assert book.call("POST", path.format(term), {"results": [result]}).status_code == 201
    assert said(book.call("POST", path.format("none"), {"results": [result]})) == (404, "unknownobject")
    other = book.world.id_of("s1", "orgs")
    assert said(book.call("POST", f"/schools/{other}/lineItems", {"lineItems": items})) == (422, "invaliddata")


def test_of_a_list_with_one_fault_nothing_is_made(book: Book) -> None:  # G09
    path, good = f"/classes/{book.klass}/lineItems", {"title": "Quiz"}
    for wrong in ({}, {"title": "Quiz", "class": {"sourcedId": book.world.id_of("s1-c0", "classes")}}, 5):
        assert said(book.call("POST", path, {"lineItems": [good, wrong]})) == (422, "invaliddata")
    assert said(book.call("POST", path, {"lineItems": []})) == (422, "invaliddata")
    assert book.ids("/lineItems") == []


def test_each_operation_wants_its_scope(book: Book) -> None:  # G10, P02, P03
    for wanted in (CORE, READ, PUT, POST, DELETE):
        other = Book(book.world, book.application, wanted)
        for operation in GRADEBOOK.operations:
            answer = other.call(operation.verb, operation.path.format(**dict.fromkeys(_IDS, "x")), {})
            assert (answer.status_code == 403) is (wanted not in operation.scopes), (operation, wanted)
    book.token = "old"
    for operation in GRADEBOOK.operations:
        assert said(book.call(operation.verb, operation.path, {})) == (401, "unauthorisedrequest")


_IDS = (
    *("sourcedId", "classSourcedId", "lineItemSourcedId", "studentSourcedId", "schoolSourcedId"),
    "academicSessionSourcedId",
)


def test_a_class_has_categories_and_line_items(book: Book) -> None:  # G11, P04, P22
    book.call("PUT", "/categories/c", {"category": {"title": "Homework", "weight": 25}})
    book.call("PUT", "/categories/unused", {"category": {"title": "Unused"}})
    term = {"sourcedId": book.world.id_of("t1", "academicSessions")}
    book.item(category={"sourcedId": "c"}, gradingPeriod=term, academicSession=term, resultValueMin=0)
    assert book.ids(f"/classes/{book.klass}/categories") == ["c"]
    assert book.ids(f"/classes/{book.klass}/lineItems") == ["quiz"]
    assert IS_VALID["category"](book.one("/categories/c"))
    item = book.one("/lineItems/quiz")
    assert (IS_VALID["lineItem"](item), item["gradingPeriod"]["sourcedId"]) == (True, term["sourcedId"])
    other = Book(book.world, book.application, f"{book.scope} {ALL}")
    for href in references(item):
        assert href.startswith(GATE)
        assert other.one(href)["sourcedId"] == href.rpartition("/")[2]


def test_results_are_found_from_each_side(book: Book) -> None:  # G12
    for item in ("one", "two"):
        book.item(item)
        for number in range(2):
            book.result(f"{item}-{number}", item, student={"sourcedId": book.student(number)})
    inside = f"/classes/{book.klass}"
    assert book.ids(f"{inside}/lineItems/one/results") == ["one-0", "one-1"]
    assert book.ids(f"{inside}/students/{book.student()}/results") == ["one-0", "two-0"]
    assert book.ids("/results?filter=lineItem.sourcedId='two' AND score>=8&sort=score&limit=1") == ["two-0"]
    assert book.ids("/results?filter=metadata.lms.state='waiting'&offset=3") == ["two-1"]
    other = book.world.id_of("s1-c0", "classes")
    for path in (f"/classes/{other}/lineItems/one/results", f"/classes/{other}/students/{book.student()}/results"):
        assert said(book.call("GET", path)) == (404, "unknownobject")
    answer = book.call("GET", "/results?limit=3&fields=sourcedId")
    assert (answer.headers["X-Total-Count"], 'rel="next"' in answer.headers["Link"]) == ("4", True)


@pytest.mark.parametrize("score", [8, 0, 7.123456789012345, 1e-9, 66.66666666666667])
def test_a_number_comes_back_as_it_was(book: Book, score: float) -> None:  # G13
    book.item(resultValueMax=33.3)
    book.result(score=score)
    assert (repr(book.one("/results/r")["score"]), book.one("/lineItems/quiz")["resultValueMax"]) == (repr(score), 33.3)
    assert book.ids(f"/results?filter=score={score}") == ["r"]


@pytest.mark.parametrize("body", [5, [], {}, None, {"category": 5}, {"category": {"title": 5}}, {"category": []}])
def test_what_is_no_object_is_refused(book: Book, body: Any) -> None:  # G14
    assert said(book.call("PUT", "/categories/c", body)) == (422, "invaliddata")
    assert said(book.call("POST", f"/classes/{book.klass}/lineItems", body)) == (422, "invaliddata")


def test_a_call_with_its_key_gets_the_same_answer(book: Book) -> None:  # H9
    path, body = f"/classes/{book.klass}/lineItems", {"lineItems": [{"title": "Quiz"}]}
    answers = [book.call("POST", path, body, Idempotency_Key="k") for _ in range(2)]
    assert answers[0].get_json() == answers[1].get_json()
    assert len(book.ids("/lineItems")) == 1
    other = book.call("POST", path, {"lineItems": [{"title": "Test"}]}, Idempotency_Key="k")
    assert said(other) == (422, "invaliddata")
    puts = [book.call("PUT", "/categories/c", {"category": {"title": "C"}}, Idempotency_Key="p") for _ in range(2)]
    assert [each.status_code for each in puts] == [201, 201]


def test_text_alone_is_kept_for_no_lms_takes_it(book: Book) -> None:
    book.item()
    book.result(score=None, textScore="B+")
    assert book.one("/results/r")["metadata"] == {"lms.state": "kept", "lms.reason": "grades.text_only"}
    assert book.ids("/results?filter=metadata.lms.state='kept'") == []


def test_metadata_is_the_applications_own_beside_ours(book: Book) -> None:
    book.item(metadata={"colour": "blue", "lms.column": "mine"})
    assert book.one("/lineItems/quiz")["metadata"] == {"colour": "blue", "lms.column": "not made yet"}
    book.result(metadata={"attempt": 3, "lms.state": "sent"})
    assert book.one("/results/r")["metadata"] == {"attempt": 3, "lms.state": "waiting", "lms.attempts": 0}
    seen = book.one("/results/r")
    assert book.call("PUT", "/results/r", {"result": seen}).status_code == 200
    assert book.one("/results/r") == seen


def test_each_application_has_its_own(book: Book) -> None:  # H7
    other = Book(book.world, "app")
    book.item()
    book.result()
    for path in ("/lineItems/quiz", "/results/r", "/categories/general"):
        assert said(other.call("GET", path)) == (404, "unknownobject")
        assert said(other.call("DELETE", path)) == (404, "unknownobject")
    assert said(other.result()) == (403, "forbidden")
    assert said(other.call("POST", "/lineItems/quiz/results", {"results": [{}]})) == (404, "unknownobject")
    assert not {"quiz"} & {*other.ids("/lineItems")}


def test_another_district_is_out_of_reach(book: Book) -> None:  # H7, J1
    world, id = book.world, f"south-{book.application}"
    world.application(id, all_tenants=False, tenants=frozenset({world.south.org.tenant_id}))
    south = Book(world, id)
    assert said(south.item()) == (422, "invaliddata")
    ids = {"classSourcedId": book.klass, "schoolSourcedId": book.school, "studentSourcedId": book.student()}
    ids |= {"academicSessionSourcedId": world.id_of("t1", "academicSessions")}
    ids |= {"lineItemSourcedId": "quiz", "sourcedId": "quiz"}
    book.item()
    for operation in GRADEBOOK.operations:
        if "{" in operation.path and operation.verb != "PUT":
            answer = south.call(operation.verb, operation.path.format(**ids), {operation.envelope: [{}]})
            assert said(answer) == (404, "unknownobject"), operation
        elif operation.verb == "GET":
            assert south.ids(operation.path) == []


@pytest.mark.parametrize("name", GRADEBOOK.names)
def test_discovery_lists_what_there_is(world: Providing, name: str) -> None:  # P21
    told = world.client.get(f"{BASE}/discovery/{name}").get_json()
    listed = {(path, verb.upper()) for path, verbs in told["paths"].items() for verb in verbs}
    assert listed == {(each.path, each.verb) for each in GRADEBOOK.operations}
    flow = told["components"]["securitySchemes"]["OAuth2CC"]["flows"]["clientCredentials"]
    assert ({*flow["scopes"]}, told["servers"]) == ({CORE, READ, PUT, POST, DELETE}, [{"url": f"{GATE}{BASE}"}])
    assert said(world.client.get(f"{BASE}/discovery/other.json")) == (404, "unknownobject")


def test_other_verbs_are_refused(book: Book) -> None:  # P19
    answer = book.call("POST", "/results/r", {})
    assert (said(answer), answer.headers["Allow"]) == ((405, None), "DELETE, GET, HEAD, PUT")
    assert said(book.call("PUT", "/results", {})) == (405, None)
    assert said(book.call("GET", "/assessmentResults")) == (404, "unknownobject")

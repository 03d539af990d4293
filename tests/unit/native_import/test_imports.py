"""A list goes from upload to accounts, and nothing in it is written twice, by halves, or for others to see (E8–E10)."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.services.native_import import imports, writing
from gateway.services.native_import.writing import Writing
from gateway.store.classrooms.imports import PLANNED
from gateway.store.tables import accounts, enrollments, roster_changes, student_import_rows, student_imports, users
from tests.support.classrooms import Rooms
from tests.support.natives import PASSWORD, words

HEAD = "Given name,Family name,Username,Grade,Student number,Password,Class\n"
LIST = (HEAD + f"Ana,Lopez,ana,5,0012,,\nBo,Berg,bo,,,{PASSWORD},\nCy,,cy,,,,\n").encode()
WITH_CLASS = LIST.replace(b"0012,,", b"0012,,Maths 5a")


def people(rooms: Rooms) -> dict[str, str]:
    """Return each student's name by username."""
    return {row["username"]: row["name"] for row in rooms.natives.world.rows(users) if row["username"] != "ann"}


def test_good_rows_are_written_in_one_go_and_the_same_file_again_changes_nothing(anywhere: Rooms) -> None:  # E9
    rooms = anywhere
    class_id = rooms.make_class()
    address = rooms.upload(WITH_CLASS)
    assert rooms.counts(address) == {"new": 2, "refused": 1}
    rooms.write(address)
    assert people(rooms) == {"ana": "Ana Lopez", "bo": "Bo Berg"}
    assert rooms.students(class_id) == ["Ana Lopez"]
    before = [rooms.natives.world.rows(table) for table in (users, accounts, enrollments, roster_changes)]
    again = rooms.upload(WITH_CLASS)
    assert rooms.counts(again) == {"same": 2, "refused": 1}
    assert "There is nothing to add or change." in words(rooms.get(again))
    rooms.write(again)
    assert [rooms.natives.world.rows(table) for table in (users, accounts, enrollments, roster_changes)] == before


def test_what_was_written_has_the_marks_that_a_later_roster_is_matched_by(rooms: Rooms) -> None:
    rooms.write(rooms.upload(LIST))
    (ana,) = [row for row in rooms.natives.world.rows(users) if row["username"] == "ana"]
    assert (ana["identifier"], ana["grades"], ana["given_name"], ana["family_name"]) == ("0012", ["05"], "Ana", "Lopez")
    told = {(row["kind"], row["action"]) for row in rooms.natives.world.rows(roster_changes)}
    assert ("users", "added") in told  # and with them their roles


def test_students_sign_in_with_the_password_of_the_file_or_the_one_that_was_made(rooms: Rooms) -> None:
    address = rooms.upload(LIST)
    rooms.write(address)
    (made,) = rooms.slips(address)
    assert made[0] == "ana"
    assert rooms.natives.sign_in("ana", made[1])[1].status_code == 303
    assert rooms.natives.sign_in("bo", PASSWORD)[1].status_code == 303


def test_made_passwords_are_handed_out_once(rooms: Rooms) -> None:  # E10
    address = rooms.upload(f"{HEAD}Ana,Lopez,ana,,,,\n".encode())
    rooms.write(address)
    assert "You can see them once" in words(rooms.get(address))
    assert len(rooms.slips(address)) == 1
    assert "shown once before" in words(rooms.post(f"{address}/passwords"))
    assert "Whoever lost theirs" in words(rooms.get(address))
    assert [row["sealed_password"] for row in rooms.natives.world.rows(student_import_rows)] == [None]


def test_no_password_stands_in_the_database_as_it_is(rooms: Rooms) -> None:  # E10
    rooms.write(rooms.upload(LIST))
    tables = (student_imports, student_import_rows, accounts)
    assert PASSWORD not in str([rooms.natives.world.rows(table) for table in tables])


def test_a_change_is_shown_before_it_is_written_and_the_password_stays(rooms: Rooms) -> None:
    rooms.write(rooms.upload(LIST))
    changed = f"{HEAD}Anna,Lopez,ana,6,12,another password,\n".encode()
    address = rooms.upload(changed)
    assert "Given name: Ana Anna" in words(rooms.get(address))
    before = [row["password_hash"] for row in rooms.natives.world.rows(accounts)]
    rooms.write(address)
    (ana,) = [row for row in rooms.natives.world.rows(users) if row["username"] == "ana"]
    assert (ana["name"], ana["grades"], ana["identifier"]) == ("Anna Lopez", ["06"], "0012")
    assert [row["password_hash"] for row in rooms.natives.world.rows(accounts)] == before


def doubts(rooms: Rooms, decision: str) -> dict[str, str]:
    """Upload a second Ana with another username, decide, write; return who is there."""
    rooms.write(rooms.upload(f"{HEAD}Ana,Lopez,ana,,,,\n".encode()))
    address = rooms.upload(f"{HEAD}Ana,Lopez,ana.l,,,,\n".encode())
    assert "There is a student with this name" in words(rooms.get(address))
    rooms.post(f"{address}/decide", **{"row-2": decision})
    rooms.write(address)
    return people(rooms)


@pytest.mark.parametrize(
    ("decision", "there"),
    [
        ("", {"ana": "Ana Lopez"}),
        ("same", {"ana.l": "Ana Lopez"}),
        ("other", {"ana": "Ana Lopez", "ana.l": "Ana Lopez"}),
    ],
)
def test_a_person_decides_about_rows_in_doubt(rooms: Rooms, decision: str, there: dict[str, str]) -> None:
    assert doubts(rooms, decision) == there


def test_who_was_said_to_be_the_same_signs_in_with_the_new_username(rooms: Rooms) -> None:
    assert set(doubts(rooms, "same")) == {"ana.l"}
    assert {row["username_key"] for row in rooms.natives.world.rows(accounts)} == {"ann", "ana.l"}


def test_nothing_is_written_when_the_person_says_so(rooms: Rooms) -> None:
    address = rooms.upload(LIST)
    rooms.post(f"{address}/throw-away")
    rooms.write(address)
    assert people(rooms) == {}
    assert "Nothing was changed" in words(rooms.get(address))


def test_the_rows_that_were_left_out_come_as_a_file_that_is_safe_and_comes_in_again(rooms: Rooms) -> None:  # E8
    address = rooms.upload(f"{HEAD}=1+1,,evil,,,,\n".encode())
    answer = rooms.get(f"{address}/left-out")
    assert answer.mimetype == "text/csv"
    assert "'=1+1" in answer.text
    mended = answer.text.replace("'=1+1,,", "'=1+1,Smith,")
    rooms.write(rooms.upload(mended.encode()))
    assert people(rooms) == {"evil": "=1+1 Smith"}


def test_unknown_columns_are_chosen_by_hand(rooms: Rooms) -> None:
    address = rooms.upload(b"A,B,C\nAna,Lopez,ana\n")
    assert rooms.get(address).headers["Location"] == f"{address}/columns"
    assert "A (Ana)" in words(rooms.get(f"{address}/columns"))
    fault = rooms.post(f"{address}/columns", givenName="0", familyName="0", username="2")
    assert "chosen twice" in words(fault)
    assert "Family name" in words(rooms.post(f"{address}/columns", givenName="0"))
    rooms.post(f"{address}/columns", givenName="0", familyName="1", username="2")
    assert rooms.counts(address) == {"new": 1}


def test_passwords_are_hidden_where_columns_are_chosen(rooms: Rooms) -> None:  # E10
    address = rooms.upload(f"A,B,C,Password\nAna,Lopez,ana,{PASSWORD}\n".encode())
    page = rooms.get(f"{address}/columns").text
    assert PASSWORD not in page
    assert "•••" in page


def test_the_text_is_read_anew_in_another_encoding(rooms: Rooms) -> None:  # E6
    address = rooms.upload("Imię,Nazwisko,Login\nŁukasz,Żak,lz\n".encode("cp1250"))
    rooms.post(f"{address}/columns", do="encoding", encoding="cp1250")
    assert "Łukasz" in words(rooms.get(f"{address}/columns"))
    rooms.post(f"{address}/columns", encoding="cp1250", givenName="0", familyName="1", username="2")
    assert "Łukasz Żak" in words(rooms.get(address))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\n,,\n"])
def test_a_file_that_is_no_list_is_refused_on_the_page(rooms: Rooms, data: bytes) -> None:
    from io import BytesIO

    answer = rooms.post("/students/import", file=(BytesIO(data), "x.csv"))
    assert (answer.status_code, "notice bad" in answer.text) == (400, True)
    assert "choose a file" in words(rooms.post("/students/import"))


def test_headings_without_students_are_said(rooms: Rooms) -> None:
    assert "no students below them" in words(rooms.get(rooms.upload(HEAD.encode())))


def test_a_list_is_its_uploaders_alone(rooms: Rooms) -> None:
    address = rooms.upload(LIST)
    rooms.natives.add("cyd")
    browser = rooms.natives.signed_in("cyd")
    paths = ("", "/columns", "/rows/new", "/left-out")
    posts = ("/columns", "/decide", "/write", "/throw-away", "/passwords")
    statuses = {rooms.get(f"{address}{path}", browser).status_code for path in paths}
    assert statuses | {rooms.post(f"{address}{path}", browser).status_code for path in posts} == {404}


def test_a_long_list_is_looked_at_by_a_worker_while_the_page_waits(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "AT_ONCE_BYTES", 10)
    address = rooms.upload(LIST)
    page = rooms.get(address)
    assert "Looking at your list" in words(page)
    assert page.headers["Refresh"] == "2"
    rooms.work()
    assert "This is what will happen" in words(rooms.get(address))
    rooms.post(f"{address}/write")
    assert "0 of 2 passwords" in words(rooms.get(address))


def test_who_was_added_meanwhile_makes_the_person_look_again(rooms: Rooms) -> None:
    address = rooms.upload(LIST)
    rooms.natives.add("ana", "student")
    rooms.write(address)
    assert "The school has changed since you looked" in words(rooms.get(address))
    assert set(people(rooms)) == {"ana"}


def test_a_username_that_is_taken_while_it_is_written_takes_everything_back(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = rooms.upload(LIST)
    hash_all = Writing._hash

    def and_then_taken(self: Writing, *given: Any) -> bool:
        made = hash_all(self, *given)
        rooms.natives.add("bo", "student")
        return made

    monkeypatch.setattr(Writing, "_hash", and_then_taken)
    rooms.write(address)
    assert set(people(rooms)) == {"bo"}
    assert "The school has changed since you looked" in words(rooms.get(address))


def test_a_worker_that_ends_half_way_goes_on_where_it_was(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_HASHES_AT_ONCE", 1)
    address = rooms.upload(LIST)
    rooms.post(f"{address}/write")
    one = rooms.parts.imports.find(rooms.visitor(), address.rpartition("/")[2])
    assert not rooms.parts.writing._hash(one, lambda: True)
    made = {row["row"]: row["password_hash"] for row in rooms.natives.world.rows(student_import_rows)}
    rooms.work()
    assert set(people(rooms)) == {"ana", "bo"}
    kept = {row["row"]: row["password_hash"] for row in rooms.natives.world.rows(student_import_rows)}
    assert kept[2] == made[2] is not None


def test_a_school_that_is_integrated_meanwhile_gets_nobody_from_a_list(rooms: Rooms) -> None:
    address = rooms.upload(LIST)
    rooms.post(f"{address}/write")
    rooms.natives.world.join(org_id=rooms.school.sourced_id)
    rooms.work()
    assert people(rooms) == {}
    assert "is connected through" in words(rooms.get(address))


def test_all_rows_of_a_kind_are_shown_page_by_page(rooms: Rooms) -> None:
    body = "".join(f"S{at},Berg{at},s{at},,,,\n" for at in range(120))
    address = rooms.upload((HEAD + body).encode())
    assert "All 120" in words(rooms.get(address))
    first = words(rooms.get(f"{address}/rows/new"))
    assert "Row 101" in first
    assert "Row 102" not in first
    assert "Row 121" in words(rooms.get(f"{address}/rows/new?after=101"))


def test_lists_are_forgotten_after_a_day(rooms: Rooms) -> None:
    from gateway.store.housekeeping import forget_old

    rooms.upload(LIST)
    clock = rooms.natives.world.clock
    clock.move(seconds=86_401)
    forget_old(rooms.store, now=clock(), trace_days=30)
    assert rooms.natives.world.rows(student_imports) == rooms.natives.world.rows(student_import_rows) == []


def test_the_template_is_handed_out(rooms: Rooms) -> None:
    assert rooms.get("/students/import/template").headers["Content-Disposition"].endswith("students-template.csv")


def test_a_teachers_list_fills_only_their_own_classes(rooms: Rooms) -> None:  # E5
    rooms.natives.add("cyd")
    rooms.make_class("Art", "cyd")
    address = rooms.upload(f"{HEAD}Ana,Lopez,ana,,,,Art\n".encode())
    assert "You have no class with this name" in words(rooms.get(address))
    rooms.natives.add("head", "siteAdministrator")
    rooms.browser = rooms.natives.signed_in("head")
    assert "joins Art" in words(rooms.get(rooms.upload(f"{HEAD}Ana,Lopez,ana,,,,Art\n".encode())))
    assert PLANNED == "planned"

"""A whole class types its code in the same second."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from gateway.store.tables import accounts, enrollments, roles
from tests.support.classrooms import classrooms


def test_thirty_students_who_join_at_once_are_thirty_accounts(database_url: str) -> None:
    with classrooms(database_url) as rooms:
        class_id = rooms.make_class()
        code = rooms.make_code(class_id)
        browsers = [rooms.natives.browser() for _ in range(30)]
        with ThreadPoolExecutor(30) as threads:
            joined = [
                threads.submit(rooms.join, code, browser, username=f"student{at}", givenName=f"Student{at}")
                for at, browser in enumerate(browsers)
            ]
            assert [each.result().status_code for each in joined] == [303] * 30
        assert len(rooms.students(class_id)) == 30
        assert [rooms.natives.world.count(table) for table in (accounts, roles, enrollments)] == [31, 31, 31]


def test_of_two_who_choose_one_username_at_once_one_has_it(database_url: str) -> None:
    with classrooms(database_url) as rooms:
        class_id = rooms.make_class()
        code = rooms.make_code(class_id)
        with ThreadPoolExecutor(4) as threads:
            joined = [threads.submit(rooms.join, code, rooms.natives.browser()) for _ in range(4)]
            assert sorted(each.result().status_code for each in joined) == [303, 400, 400, 400]
        assert rooms.students(class_id) == ["Bo Berg"]

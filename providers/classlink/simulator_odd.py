"""People and classes of a simulated tenant that readers stumble over."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any, Final

from providers.classlink.simulator_tenant import Tenant
from providers.kit.simulator.roster_data import Record, ref


def add_oddities(tenant: Tenant, names: frozenset[str]) -> None:
    """Add whoever and whatever is named."""
    for name in sorted(names):
        _ODD[name](tenant)


def _person(tenant: Tenant, source_id: str, role: str = "student", **more: Any) -> Record:
    """Add a person who is in the first class, and return their record."""
    roster = tenant.server.roster
    like = next(each for each in roster["users"] if each["roles"][0]["role"] in {role, "teacher"})
    made = copy.deepcopy(like) | {"sourcedId": source_id, "username": f"odd-{len(roster['users'])}", **more}
    made["familyName"] = f"Odd {len(roster['users'])}"
    made["roles"] = [{**made["roles"][0], "role": role}]
    roster["users"].append(made)
    room = roster["classes"][0]
    enrollment = {
        **copy.deepcopy(roster["enrollments"][0]),
        "sourcedId": f"e/{source_id}|1",
        "user": ref("user", source_id),
        "class": ref("class", room["sourcedId"]),
        "school": room["school"],
        "role": role if role == "student" else "teacher",
    }
    roster["enrollments"].append(enrollment)
    return made


def _class(tenant: Tenant, source_id: str, **more: Any) -> None:
    made = copy.deepcopy(tenant.server.roster["classes"][0])
    tenant.server.roster["classes"].append(made | {"sourcedId": source_id, **more})


def _pipe_and_slash(tenant: Tenant) -> None:
    _person(tenant, f"{tenant.id}|7/15 53")


def _case_variants(tenant: Tenant) -> None:
    _person(tenant, "Ab-1")
    _person(tenant, "aB-1")


def _leading_zeros(tenant: Tenant) -> None:
    _person(tenant, "00098765")
    _person(tenant, "98765")


def _id_like_a_user_id(tenant: Tenant) -> None:
    """Let one person's SourcedId be another's UserId; that one's own SourcedId is blank in LaunchPad."""
    victim = _person(tenant, "without-id")
    tenant.extra["without-id"] = {"SourcedId": ""}
    _person(tenant, str(tenant.user_id(victim)))


def _to_be_deleted(tenant: Tenant) -> None:
    _person(tenant, "left-in-june", status="tobedeleted")
    tenant.server.roster["enrollments"][-1]["status"] = "tobedeleted"


def _homeroom(tenant: Tenant) -> None:
    _class(tenant, "k-homeroom", title="Homeroom 5 (Homeroom 5)", classType="homeroom")


def _duplicate_titles(tenant: Tenant) -> None:
    _class(tenant, "k-sci-1", title="Sci5 (Sci5)", classCode="", location="Room 12")
    _class(tenant, "k-sci-2", title="Sci5 (Sci5)", classCode="", location="Room 14")


def _teacher_and_parent(tenant: Tenant) -> None:
    person = _person(tenant, "t-and-p", "teacher")
    person["roles"].append({**person["roles"][0], "role": "parent", "roleType": "secondary"})


def _custom_role(tenant: Tenant) -> None:
    _person(tenant, "counselor-1", "teacher")
    tenant.extra["counselor-1"] = {"Role": "Counselor", "Role_Level": 7}


_ODD: Final[Mapping[str, Callable[[Tenant], None]]] = {
    "pipe_and_slash": _pipe_and_slash,
    "case_variants": _case_variants,
    "leading_zeros": _leading_zeros,
    "id_like_a_user_id": _id_like_a_user_id,
    "to_be_deleted": _to_be_deleted,
    "homeroom": _homeroom,
    "duplicate_titles": _duplicate_titles,
    "teacher_and_parent": _teacher_and_parent,
    "custom_role": _custom_role,
}

"""What a page costs: a next page counts nothing and steps over nothing, a large one is never whole in memory."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from gateway.services.oneroster import counts, roster
from gateway.services.oneroster.counts import KEPT_SECONDS, LARGE, Counts
from gateway.store.oneroster.pages import Place, Selection, Sight, rows_at
from tests.support.providing import Providing
from tests.unit.oneroster.test_provider import links


def test_a_next_page_goes_on_where_the_last_one_ended(world: Providing, monkeypatch: pytest.MonkeyPatch) -> None:
    first = world.get("/users", limit="10", sort="familyName")
    whole = world.items("/users", sort="familyName")
    starts: list[Any] = []

    def noted(*asked: Any) -> Any:
        starts.append(asked[-2])
        return rows_at(*asked)

    monkeypatch.setattr(roster, "rows_at", noted)
    monkeypatch.setattr(counts, "count", None)
    second = world.get(links(first)["next"])
    assert second.get_json()["users"] == whole[10:20]
    assert starts == [Place(whole[9]["sourcedId"], whole[9]["familyName"])]


def test_a_place_of_another_page_is_none(world: Providing) -> None:
    moved = links(world.get("/users", limit="10"))["next"].replace("offset=10", "offset=5")
    assert world.get(moved).get_json()["users"] == world.items("/users")[5:15]


def test_a_large_page_leaves_in_small_pieces(world: Providing, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = world.get("/users").get_json()["users"][:25]
    monkeypatch.setattr(roster, "AT_ONCE", 10)
    token = world.token()
    answer = world.client.get(
        "/ims/oneroster/rostering/v1p2/users?limit=10000",
        headers={"Authorization": f"Bearer {token}"},
        buffered=False,
    )
    pieces = [piece if isinstance(piece, bytes) else piece.encode() for piece in answer.response]
    users = msgspec.json.decode(b"".join(pieces))["users"]
    assert users[:25] == whole
    assert max(piece.count(b'"enabledUser"') for piece in pieces) == 10
    assert len(users) == int(answer.headers["X-Total-Count"])


def test_only_a_large_count_is_remembered_and_not_for_long(world: Providing, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers, clock = iter([LARGE, LARGE + 1, 5, 6]), [0.0]
    monkeypatch.setattr(counts, "count", lambda *_: next(numbers))
    counting, sight, all_users = Counts(lambda: clock[0]), Sight(None, "app"), Selection("users")
    with world.gate.store.statements() as connection:
        assert [counting.of(connection, sight, all_users) for _ in range(2)] == [LARGE, LARGE]
        clock[0] = KEPT_SECONDS
        assert counting.of(connection, sight, all_users) == LARGE + 1
        assert [counting.of(connection, sight, Selection("orgs")) for _ in range(2)] == [5, 6]

"""What every room must have, whatever its provider can do."""

from __future__ import annotations

import re

import providers
from gateway.lti.catalogue import REASONS
from providers.contract import Provider, declared
from providers.kit.guide import PLACEHOLDERS, fill_in
from providers.kit.room_check import check_room
from providers.kit.room_files import read_guide, read_icon, room_folder


def test_nothing_is_missing(plate: Provider) -> None:
    assert check_room(plate.key) == []


def test_key_is_the_folder_and_fits_an_address(plate: Provider) -> None:
    assert room_folder(plate.key).name == plate.key
    assert re.fullmatch(r"[a-z][a-z0-9_]*", plate.key)


def test_settings_are_frozen_and_say_what_they_are(plate: Provider) -> None:
    assert plate.settings.__dataclass_params__.frozen
    assert all(field.label and field.help for field in declared(plate.settings))


def test_guide_fills_in_without_a_hole(plate: Provider) -> None:
    filled = fill_in(read_guide(plate.key), dict.fromkeys(PLACEHOLDERS, "VALUE"))
    assert "{{" not in filled
    assert "VALUE" in filled


def test_icon_is_small_enough_to_inline(plate: Provider) -> None:
    assert len(read_icon(plate.key).encode()) <= 8 * 1024


def test_advice_is_for_codes_that_exist(plate: Provider) -> None:
    accounts = {"account.user_suspended", "account.tenant_suspended", "account.licence_ended"}
    assert set(plate.advice) <= set(REASONS) | accounts


def test_advice_is_whole_sentences(plate: Provider) -> None:
    assert all(text.endswith(".") and text[0].isupper() for text in plate.advice.values())


def test_no_simulator_is_among_the_rooms() -> None:
    assert not [key for key in providers.rooms() if "simul" in key]

"""Mails leave by a worker through a real server; what fails is tried again or told, and never says who it was for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.outbound.mail import FolderPost, NoPost, SmtpPost
from gateway.services.mail.letters import Letters
from gateway.services.mail.post import Letter
from gateway.store.tables import jobs
from keys.sealing import Sealer
from providers.contract import Failure, Misconfigured, Unavailable
from tests.support.key_stores import Clock
from tests.support.mailbox import Mailbox
from tests.support.natives import NativeWorld

_LETTER = Letter("ann@elm.example", "Hello – Ann", "It’s you\n", "<p>It’s you</p>")


def test_a_letter_arrives_whole(box: Mailbox) -> None:
    SmtpPost(box.url, "Reader <no@reader.example>", Clock()).send(_LETTER)
    mail = box.mails[0]
    assert (mail["From"], mail["Subject"]) == ("Reader <no@reader.example>", "Hello – Ann")
    assert box.text().strip() == "It’s you"
    assert box.html().strip() == "<p>It’s you</p>"


@pytest.mark.parametrize(
    ("url", "refuses", "family"),
    [
        ("smtp://127.0.0.1:1", "", Unavailable),
        ("smtps://127.0.0.1:1", "", Unavailable),
        ("", "451 busy", Unavailable),
        ("", "554 ann@elm.example is unknown", Misconfigured),
        ("with a password", "", Unavailable),
    ],
)
def test_a_server_that_does_not_take_it_is_tried_again(
    box: Mailbox, url: str, refuses: str, family: type[Failure]
) -> None:
    box.refuses = refuses
    if url == "with a password":  # and no TLS: it is not sent over an open line
        url = box.url.replace("smtp://", "smtp://user:secret@")
    with pytest.raises(family, match=r"mail\.") as failed:
        SmtpPost(url or box.url, "no@reader.example", Clock()).send(_LETTER)
    assert "elm" not in failed.value.detail
    assert box.mails == []


def test_a_mail_that_waits_is_sent_later(posted: NativeWorld, box: Mailbox) -> None:
    box.refuses = "451 busy"
    posted.order()
    posted.work()
    assert posted.world.rows(jobs)[0]["fault"] == "mail.unavailable"
    box.refuses = ""
    posted.world.clock.move(seconds=60)
    posted.work()
    assert len(box.mails) == 1
    assert posted.world.count(jobs) == 0


def test_what_waits_says_neither_code_nor_address(posted: NativeWorld) -> None:  # E4
    made = posted.order()
    row = repr(posted.world.rows(jobs))
    assert made.code is not None
    assert made.code not in row
    assert "elm.example" not in row


def test_without_the_secret_that_sealed_it_a_mail_is_given_up(posted: NativeWorld) -> None:
    posted.order()
    object.__setattr__(posted.native, "sealer", Sealer([b"another secret of thirty-two bytes"]))
    posted.work()
    assert posted.world.rows(jobs)[0]["fault"] == "mail.sealed"


def test_a_developer_finds_mails_in_a_folder(tmp_path: Path) -> None:
    FolderPost(tmp_path / "mail", "no@reader.example", Clock()).send(_LETTER)
    [file] = (tmp_path / "mail").iterdir()
    assert b"To: ann@elm.example" in file.read_bytes()


def test_without_a_server_production_says_so() -> None:
    with pytest.raises(Misconfigured, match=r"mail\.not_set_up"):
        NoPost().send(_LETTER)


def test_an_operators_own_text_is_used_in_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "verify_email.txt").write_text("Subject: Ours,\t{{ name }}\n\nHi {{ name }}")
    values = {"name": "Ann <b>", "username": "ann", "link": "https://gate.example/letter/x"}
    letter = Letters(tmp_path, "Reader", "https://gate.example").write("verify_email", "a@b.example", values)
    assert (letter.subject, letter.text) == ("Ours, Ann <b>", "Hi Ann <b>")
    assert "Hello Ann &lt;b&gt;," in letter.html


def test_a_text_with_a_fault_names_its_file_and_no_person(tmp_path: Path) -> None:
    (tmp_path / "verify_email.txt").write_text("{{ nothing }}")
    with pytest.raises(Misconfigured, match=r"mail\.template_invalid") as failed:
        Letters(tmp_path, "Reader", "").write("verify_email", "a@b.example", {"name": "Ann"})
    assert "verify_email" in failed.value.sentence
    assert "Ann" not in f"{failed.value.sentence} {failed.value.detail}"


@pytest.mark.parametrize("name", ["access_code", "colleague", "verify_email", "reset_password", "reset_elsewhere"])
def test_every_letter_says_the_same_in_text_and_html(tmp_path: Path, name: str) -> None:
    values = {
        each: f"the-{each}"
        for each in ("code", "org", "seats", "until", "inviter", "link", "name", "username", "instead")
    }
    letter = Letters(tmp_path, "Reader", "https://gate.example").write(name, "a@b.example", values)
    assert letter.subject
    assert "\n" not in letter.subject
    for each in values.values():
        assert (each in letter.text) == (each in letter.html), each


def test_a_message_id_names_no_host_of_ours_and_the_date_is_the_clocks(box: Mailbox) -> None:
    clock = Clock()
    clock.move(seconds=timedelta(days=1).total_seconds())
    SmtpPost(box.url, "no@reader.example", clock).send(_LETTER)
    assert box.mails[0]["Message-ID"].endswith("@schoolgate>")
    assert box.mails[0]["Date"].datetime == clock()

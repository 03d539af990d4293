"""Writes the pages that only repeat what the code says: `make format` renews them, a test holds them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import partial
from textwrap import fill

import click

from gateway import create_app
from gateway.lti.catalogue import REASONS
from gateway.settings import Settings, environment_name, load_settings
from gateway.wiring import open_gate
from providers.kit.oneroster.csv.faults import SENTENCES
from tests.architecture import written_lms
from tests.architecture.codes import raised
from tests.architecture.source import ROOT

_EVERYWHERE = ("--help", "-h, --help", "--json")
_NOTE = "<!-- Written by `make format` from the code; a test holds them together. -->"

ADDRESSES = {
    "/healthz": "The process answers.",
    "/readyz": "Launches can be served: the database answers and has this version's tables. Otherwise 503.",
    "/metrics": "Counters in Prometheus' text format; see [operations](operations.md#watching-it).",
    "/.well-known/jwks.json": "Our public keys, for LMSs and for applications.",
    "/.well-known/openid-configuration": "What an application's OpenID Connect client reads first.",
    "/ims/oneroster/csv/v1p2/oneroster.zip": "A roster as OneRoster CSV 1.2.1; [how](oneroster.md#as-csv).",
    "/ims/oneroster/gradebook/v1p2/<path:path>": "OneRoster 1.2 Gradebook; scores go to LMSs; [grades](grades.md).",
    "/ims/oneroster/gradebook/v1p2/discovery/<document>": "What the Gradebook service has, without a token.",
    "/ims/oneroster/resources/v1p2/<path:path>": "OneRoster 1.2 Resources: empty lists; [how](oneroster.md).",
    "/ims/oneroster/resources/v1p2/discovery/<document>": "What the Resources service has, without a token.",
    "/ims/oneroster/v1p1/<path:path>": "OneRoster 1.1, to read, for older clients; [how](oneroster.md#older-clients).",
    "/ims/oneroster/v1p1/discovery/<document>": "Nothing: 1.1 has no such documents.",
    "/ims/oneroster/rostering/v1p2/<path:path>": "OneRoster 1.2 Rostering, to read; [how](oneroster.md).",
    "/ims/oneroster/rostering/v1p2/discovery/<document>": "What the Rostering service has, without a token.",
    "/lti/login": "An LMS begins a launch (OpenID Connect third-party-initiated login).",
    "/lti/login/<uuid:registration_id>": "The same, for an LMS that does not send its client id.",
    "/lti/launch": "An LMS posts the launch itself.",
    "/lti/notices/<uuid:registration_id>": "An LMS tells what happened while nobody clicked, such as a copied course.",
    "/lti/register": "Says that this address is incomplete.",
    "/lti/register/<token>": "An LMS opens it to register us (LTI Dynamic Registration 1.0); works once.",
    "/lti/config/<handle>.json": "The tool as a JSON document, for an LMS that reads one.",
    "/connect/<token>": "An invite link: becomes a cookie, and leads to the wizard.",
    "/connect": "The wizard: choose the system.",
    "/connect/with/<provider>": "The wizard: that system's steps, and the fields to fill in.",
    "/connect/waiting": "The wizard: waiting for the test launch.",
    "/connect/status": "What the wizard's script asks.",
    "/connect/look": "The wizard: look again at a system with rosters.",
    "/connect/again": "The wizard: start over, as long as nobody has come in.",
    "/connect/icons/<provider>.svg": "A system's picture.",
    "/console": "The operator's [console](operations.md#the-console): what waits for approval.",
    "/console/sign-in/<token>": "A one-time link of an operator's: its button opens the console.",
    "/console/sign-out": "The console: end the session.",
    "/console/signed-out": "The console: after that.",
    "/console/approvals/<waiting_id>": "The console: approve or refuse.",
    "/console/connections": "The console: integrations with their state.",
    "/console/invites": "The console: invite links, and a form for another.",
    "/console/invites/<invite_id>/revoke": "The console: make an invite link worthless.",
    "/console/launches": "The console: the newest launches, found by reference.",
    "/console/launches/<reference>": "The console: one launch's trace.",
    "/": "Leads to the sign-in.",
    "/sign-in": "Sign-in with username and password, at schools without an integration; [accounts](accounts.md).",
    "/sign-out": "Ends that session.",
    "/home": "Whoever is signed in with a native account: their classes.",
    "/classes": "Staff: their classes; [classes and students](classes.md).",
    "/classes/new": "Make a class.",
    "/classes/<class_id>": "A class: its code, its students, who waits.",
    "/classes/<class_id>/edit": "Rename a class; its teachers.",
    "/classes/<class_id>/archive": "Archive a class, or bring it back.",
    "/classes/<class_id>/teachers": "Add a teacher to a class, or take one out.",
    "/classes/<class_id>/students": "Search students and put them into a class.",
    "/classes/<class_id>/leave": "Take a student out of a class.",
    "/classes/<class_id>/code": "The class code: show, make, close.",
    "/classes/<class_id>/code/sheet": "The class code as a sheet with a QR code.",
    "/classes/<class_id>/waiting": "Who waits to be let in.",
    "/code": "Students: type a class code.",
    "/code/new": "Students: make an account and join.",
    "/code/known": "Students: sign in and join.",
    "/code/join": "Students who are signed in: join.",
    "/code/done/<class_id>": "Students: it worked, or a teacher is asked.",
    "/students": "Staff: a school's students.",
    "/students/new": "Add a student by hand.",
    "/students/import": "Upload a list of students.",
    "/students/import/template": "The template of such a list.",
    "/students/import/<import_id>": "A list: what will happen, how far it is, what happened.",
    "/students/import/<import_id>/columns": "A list: which column is what.",
    "/students/import/<import_id>/rows/<action>": "A list: all rows of one kind.",
    "/students/import/<import_id>/decide": "A list: decide about rows in doubt.",
    "/students/import/<import_id>/write": "A list: take the good rows.",
    "/students/import/<import_id>/throw-away": "A list: take nothing.",
    "/students/import/<import_id>/left-out": "A list: the rows that were left out, as a file.",
    "/students/import/<import_id>/passwords": "A list: the passwords that were made, once.",
    "/open/<application_id>": "Takes whoever is signed in into an application.",
    "/join": "Staff: an access code becomes an account, or is added to one; [accounts](accounts.md).",
    "/join/new": "Staff: the form of the new account.",
    "/join/redeem": "Staff: adds what a code brings to the account that is signed in.",
    "/join/lost": "Who bought something gets a new access code by mail.",
    "/colleagues": "Staff: invite a colleague.",
    "/account": "One's own account: data, password, devices.",
    "/account/name": "Changes the name.",
    "/account/email": "Mails a link to another address, which confirms it.",
    "/account/password": "Changes the password.",
    "/account/sessions/<session_id>/end": "Signs one device out.",
    "/account/sign-out-everywhere": "Signs all devices out, and the applications.",
    "/account/close": "Closes the account.",
    "/passwords/<user_id>": "Staff: a new password for a student of theirs, shown once.",
    "/forgot": "Asks for a new password by mail.",
    "/letter": "What a mail's link is for: confirms an address, or takes a new password.",
    "/letter/<token>": "A mail's link: becomes a cookie, and leads there.",
    "/lti/launch/storage": "Our own page brings what the LMS stored for it; see [cookieless](cookieless.md).",
    "/api/v1/orders": "Keep and list orders; [the API](api.md).",
    "/api/v1/orders/<order_id>": "One order with its codes' states.",
    "/api/v1/orders/<order_id>/resend": "Mail the buyer another access code.",
    "/api/v1/orders/<order_id>/reissue": "Make an order's access codes worthless, and a new one.",
    "/api/v1/orders/<order_id>/revoke": "End an order.",
    "/api/v1/applications": "Register and list applications; [the API](api.md).",
    "/api/v1/applications/<client_id>": "One application, and changes to it.",
    "/api/v1/applications/<client_id>/secret": "A new secret for it, the old one counting for a while.",
    "/api/v1/events": "What changed in the roster, in order; [how](events.md).",
    "/api/v1/invites": "Make and list invite links; [the API](api.md).",
    "/api/v1/invites/<invite_id>": "One invite link.",
    "/api/v1/invites/<invite_id>/revoke": "Make an invite link worthless.",
    "/api/v1/deep-linking/<launch_ref>": "An application answers a deep linking request with content items.",
    "/lti/deep-linking/<ticket>": "The page that posts the signed answer to the LMS; works once.",
    "/oauth2/authorize": "An application asks who is there (authorization code with PKCE).",
    "/oauth2/token": "An application exchanges the code for tokens.",
    "/oauth2/userinfo": "What the ID token says about the person, for a bearer token.",
    "/oauth2/revoke": "Takes a token back (RFC 7009).",
    "/oauth2/logout": "A browser signs out (RP-initiated logout): ends the session that the ID token names.",
    "/oauth2/introspect": "Says whether a token of this client counts (RFC 7662).",
    "/sso/<uuid:name>/start": "A sign-in begins, at an integration or a client; [sign-ins](sign-ins.md).",
    "/sso/<uuid:registration_id>/callback": "A portal sends its people here: the redirect address of that client.",
    "/static/<path:filename>": "Style sheets and pictures of our pages.",
}


def _example() -> str:
    parts = ["# Every setting with its default. Name this file in SCHOOLGATE_CONFIG; each setting can also be the"]
    parts.append("# environment variable above it, or a file named in that variable with _FILE behind its name.")
    for switch in fields(Settings):
        help_, default = switch.metadata["help"], switch.metadata["default"]
        about = fill(f"{help_}.", 110, initial_indent="# ", subsequent_indent="# ")
        value = f'{switch.name} = "{default}"' if default is not None else f'# {switch.name} = ""'
        parts.append(f"\n# {environment_name(switch.name)}\n{about}\n{value}")
    return "\n".join(parts) + "\n"


def _reference() -> Iterator[str]:
    yield from ("# Reference", "", _NOTE, "", "## Settings", "")
    yield "Each also as a file: `NAME_FILE` names it. `SCHOOLGATE_CONFIG` names a TOML file with the same settings"
    yield "([an example](../config/schoolgate.example.toml)); the environment goes first."
    yield from ("", "| variable | default | what it is |", "|---|---|---|")
    for switch in fields(Settings):
        default = f"`{switch.metadata['default']}`" if switch.metadata["default"] else ""
        yield f"| `{environment_name(switch.name)}` | {default} | {switch.metadata['help']} |"
    yield from ("", "## Addresses", "", "| address | methods | what it is |", "|---|---|---|")
    for rule, methods in sorted(addresses().items()):
        yield f"| `{rule}` | {', '.join(methods)} | {ADDRESSES.get(rule, '')} |"
    yield from (
        "",
        "## Commands",
        "",
        "Each says the same with `--help`; those with a result print it as one JSON document with `--json`.",
    )
    for command, context in commands():
        yield from _command(command, context)
    yield ""


def addresses() -> dict[str, list[str]]:
    """Return the addresses that the gateway answers, with their methods."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings({"SCHOOLGATE_VAR": folder, "SCHOOLGATE_DATABASE_URL": f"sqlite:///{folder}/empty.db"})
        gate = open_gate(settings)
        try:
            rules = list(create_app(gate).url_map.iter_rules())
        finally:
            gate.close()
    found: dict[str, set[str]] = {}
    for rule in rules:
        found.setdefault(rule.rule, set()).update((rule.methods or set()) - {"HEAD", "OPTIONS"})
    return {rule: sorted(methods) for rule, methods in found.items()}


def commands() -> Iterator[tuple[click.Command, click.Context]]:
    """Yield every command that does something, with the context that names it in full."""
    from gateway.cli import schoolgate

    yield from _leaves(schoolgate, click.Context(schoolgate, info_name="schoolgate"))


def _leaves(command: click.Command, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    if not isinstance(command, click.Group):
        yield command, context
        return
    for name in sorted(command.commands):
        each = command.commands[name]
        yield from _leaves(each, click.Context(each, info_name=name, parent=context))


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    usage = " ".join(piece for piece in command.collect_usage_pieces(context) if piece != "[OPTIONS]")
    yield from ("", f"### `{context.command_path}{f' {usage}' if usage else ''}`", "", command.help or "")
    records = (each.get_help_record(context) for each in command.get_params(context))
    told = [record for record in records if record and record[0].startswith("-") and record[0] not in _EVERYWHERE]
    if told:
        yield ""
    yield from (f"- `{option}`: {about}" if about else f"- `{option}`" for option, about in told)


def _troubleshooting() -> Iterator[str]:
    yield from ("# Troubleshooting", "", _NOTE, "")
    yield "A page that refuses a launch shows one sentence and a reference. `schoolgate launches show REFERENCE`"
    yield "prints the launch's trace: each check, its outcome, the section of the specification, and what to change"
    yield "in that LMS. The codes below are the ones you meet there, in logs and in answers."
    yield from ("", "## Launches", "")
    for code, reason in REASONS.items():
        yield from (f"### `{code}`", "", f"*{reason.family.family}, {reason.check}, {reason.spec}*", "")
        yield from (f"- The person reads: {reason.person}", f"- What to do: {reason.administrator}", "")
    yield from ("## Everything else", "", "`…` stands for what varies.", "")
    yield from ("| code | family | sentence |", "|---|---|---|")
    for each in raised():
        yield f"| `{each.code}` | {each.family} | {each.sentence.strip() or '(names each fault)'} |"
    yield ""


# The groups of codes, in the catalogue's order: the first code of each.
_CSV_GROUPS = {
    "csv.name_unknown": "The package",
    "csv.utf16": "A file",
    "csv.line_too_long": "A row",
    "csv.required": "A cell",
    "csv.id_twice": "Records among each other",
}


def _oneroster_csv_codes() -> Iterator[str]:
    yield from ("# Faults in OneRoster CSV", "", _NOTE, "")
    yield "What a report says of a package, by code. [Send rosters as files](oneroster-csv.md) tells which of them cost"
    yield "a row and which are taken with a warning. Codes that begin with `zip.` are those of"
    yield "[troubleshooting](troubleshooting.md)."
    for code, sentence in SENTENCES.items():
        if code in _CSV_GROUPS:
            yield from ("", f"## {_CSV_GROUPS[code]}", "", "| code | what it means |", "|---|---|")
        yield f"| `{code}` | {sentence} |"
    yield ""


# Each written page, relative to the repository.
PAGES: dict[str, Callable[[], str]] = {
    "config/schoolgate.example.toml": _example,
    "docs/oneroster-csv-codes.md": lambda: "\n".join(_oneroster_csv_codes()),
    "docs/reference.md": lambda: "\n".join(_reference()),
    "docs/troubleshooting.md": lambda: "\n".join(_troubleshooting()),
    "docs/lms/README.md": written_lms.index,
    **{f"docs/lms/{room.key}.md": partial(written_lms.page, room) for room in written_lms.rooms_with_pages()},
}


if __name__ == "__main__":
    for page, write in PAGES.items():
        (ROOT / page).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / page).write_text(write())

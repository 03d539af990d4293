"""The `schoolgate` command: thin calls to the same services that the web pages use."""

from __future__ import annotations

import sys

import click

from gateway.cli.approvals import approvals
from gateway.cli.apps import apps
from gateway.cli.check_roster import check_roster
from gateway.cli.classes import classes
from gateway.cli.database import db
from gateway.cli.demo import demo
from gateway.cli.demo_data import demo_data
from gateway.cli.deployments import deployments
from gateway.cli.export import export
from gateway.cli.grades import grades
from gateway.cli.integrations import integrations
from gateway.cli.invites import invites
from gateway.cli.keys import keys
from gateway.cli.launches import launches
from gateway.cli.links import links
from gateway.cli.matches import matches
from gateway.cli.notices import notices
from gateway.cli.operators import operators
from gateway.cli.orders import orders
from gateway.cli.orgs import orgs
from gateway.cli.pairs import pair, pairs, unpair
from gateway.cli.privacy import privacy
from gateway.cli.providers import providers
from gateway.cli.serve import serve
from gateway.cli.sessions import sessions
from gateway.cli.syncs import syncs
from gateway.cli.users import users
from gateway.cli.webhooks import webhooks
from gateway.cli.worker import jobs, worker
from gateway.settings import SettingsInvalid
from keys.secret import SecretMissing, SecretUnusable
from providers.contract import Failure


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="schoolgate")
def schoolgate() -> None:
    """The open gateway between schools and a learning product."""


COMMANDS = (
    serve,
    worker,
    demo,
    demo_data,
    check_roster,
    db,
    orgs,
    orders,
    integrations,
    invites,
    approvals,
    deployments,
    apps,
    webhooks,
    operators,
    keys,
    launches,
    syncs,
    matches,
    links,
    privacy,
    sessions,
    users,
    classes,
    notices,
    export,
    grades,
    jobs,
    providers,
)
for command in (pair, unpair, pairs):
    integrations.add_command(command)
for command in COMMANDS:
    schoolgate.add_command(command)


def main() -> None:
    """Run the command; expected failures become one clear sentence and exit code 1."""
    try:
        schoolgate()
    except Failure as failure:
        _fail([failure.sentence])
    except SettingsInvalid as invalid:
        _fail(invalid.faults)
    except (SecretMissing, SecretUnusable) as fault:
        _fail([f"SCHOOLGATE_SECRET_KEY: {fault}."])


def _fail(sentences: list[str]) -> None:
    for sentence in sentences:
        click.echo(f"Error: {sentence}", err=True)
    sys.exit(1)

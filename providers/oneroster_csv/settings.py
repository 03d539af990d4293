"""What an administrator fills in for OneRoster CSV: where the package lies and how strictly it is read."""

from __future__ import annotations

from dataclasses import dataclass

from providers.contract import setting


@dataclass(frozen=True, slots=True)
class OneRosterCsvSettings:
    """One package, in a folder or a zip, replaced from time to time by a newer one."""

    path: str = setting(
        "Folder or zip",
        help="Where the package lies on this machine: a folder with the CSV files, or a zip of them.",
        kind="path",
        example="/srv/rosters/northfield.zip",
    )
    mode: str = setting(
        "How to read",
        help="liberal takes what can be understood and warns; strict wants every rule of the specification kept.",
        kind="choice",
        choices=("liberal", "strict"),
        default="liberal",
    )
    on_bad_rows: str = setting(
        "Bad rows",
        help="skip leaves bad rows out and counts them; refuse takes nothing of a package that has one.",
        kind="choice",
        choices=("skip", "refuse"),
        default="skip",
    )
    without_manifest: str = setting(
        "Without a manifest",
        help="What the files hold if no manifest.csv says it: bulk is all there is, delta is changes only.",
        kind="choice",
        choices=("bulk", "delta"),
        default="bulk",
    )
    max_megabytes: int = setting(
        "Largest package",
        help="How many megabytes the files of a zip may have together when unpacked.",
        kind="number",
        default=4096,
        minimum=1,
        maximum=1_000_000,
    )

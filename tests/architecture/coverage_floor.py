"""How much of the code the tests must reach: `make check` runs this after them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# Where a mistake lets a stranger in, every branch; elsewhere nearly all.
EVERY_BRANCH = ("keys/*", "gateway/lti/*", "providers/contract/*")
FLOOR = 95


def _coverage(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "coverage", *arguments], check=False).returncode


def forget_unwritten(folder: Path) -> list[Path]:
    """Remove the empty files of processes that were killed before they wrote down what they had run; return which."""
    gone = [path for path in folder.glob(".coverage.*") if not path.stat().st_size]
    for path in gone:
        path.unlink()
    return gone


def main() -> int:
    """Combine what all processes of the run noted, then hold both floors; return the worst exit code."""
    # pytest-cov has combined its own; servers that tests started left theirs beside it, killed ones perhaps a torn one.
    forget_unwritten(Path())
    _coverage("combine", "--quiet", "--append")
    guarded = ",".join(EVERY_BRANCH)
    whole = _coverage("report", "--skip-covered", "--show-missing", f"--include={guarded}", "--fail-under=100")
    rest = _coverage("report", "--skip-covered", "--show-missing", f"--omit={guarded}", f"--fail-under={FLOOR}")
    return max(whole, rest)


if __name__ == "__main__":
    sys.exit(main())

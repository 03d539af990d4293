#!/bin/sh
# Writes runtime.lock and dev.lock: one universal lock for Python 3.11 and newer, each file with its hash.
# Usage: requirements/lock.sh PYTHON [--upgrade]. Called by `make lock`.
set -eu
python=$1
shift
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
"$python" -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --disable-pip-version-check -q uv

compile() {
    "$scratch/venv/bin/uv" pip compile pyproject.toml --quiet --universal --python-version 3.11 \
        --generate-hashes --no-header --no-emit-index-url "$@"
}
compile --group build --output-file requirements/runtime.lock "$@"
compile --group build --group dev --output-file requirements/dev.lock "$@"

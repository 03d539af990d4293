# Every way to run, test and check Schoolgate. `make` alone lists them.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

# Set PYTHON=… to choose an interpreter; otherwise the first of these that is 3.11 or newer.
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
# Two workers by default: servers and databases of the tests are shared, so more cores gain little. WORKERS=0 for one process.
WORKERS ?= 2
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

# A stamp says "this lock file is installed", so that a second run starts at once.
RUNTIME := $(VENV)/.runtime-installed
DEV := $(VENV)/.dev-installed
PACKAGE := $(VENV)/.package-installed

.PHONY: help demo test check bench bench-sync bench-api lock format clean

help: ## list these commands
	@echo 'Schoolgate: make COMMAND'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile

demo: $(RUNTIME) $(PACKAGE) ## a school, a gateway and an application on this machine (PORT=… for the start page)
	@$(BIN)/schoolgate demo $(if $(PORT),--port $(PORT))

test: $(DEV) $(PACKAGE) ## all tests, on SQLite and on a real PostgreSQL (ARGS=… goes to pytest: --durations=10 names the slowest)
	@$(PYTEST) $(ARGS)

check: $(DEV) $(PACKAGE) ## what a change must pass: format, lint, types, imports, tests, coverage, docs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@rm -f .coverage .coverage.*
	@$(PYTEST) --cov --cov-report= --durations=12 --durations-min=4 $(ARGS)
	@$(BIN)/python -m tests.architecture.coverage_floor

bench: $(DEV) $(PACKAGE) ## what a launch costs, beside a minimal tool on the same machine
	@$(BIN)/python -m tests.bench $(ARGS)

bench-sync: $(DEV) $(PACKAGE) ## what a district's roster sync costs, beside floors measured in the same run
	@$(BIN)/python -m tests.bench.sync $(ARGS)

bench-api: $(DEV) $(PACKAGE) ## what an application's reading costs on PostgreSQL: singles, pages, districts, tokens
	@$(BIN)/python -m tests.bench.api $(ARGS)

lock: ## write requirements/*.lock anew from pyproject.toml (UPGRADE=1 takes newer versions)
	@sh requirements/lock.sh $(PYTHON) $(if $(UPGRADE),--upgrade)

format: $(DEV) $(PACKAGE) ## lay out the code, and write anew the pages that repeat what the code says
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/python -m tests.architecture.written

clean: ## remove what these commands made, the environment too; var/ with its data and secret key stays
	@rm -rf $(VENV) .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis htmlcov
	@rm -rf test-results dist
	@find gateway providers keys tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo 'Schoolgate needs Python 3.11 or newer with its venv module; none was found (PYTHON=… names one).' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

# Wheels only, each checked against its hash: nothing is compiled and no package's own code runs while it is installed.
# The lock names everything, so pip resolves nothing: a newer release of a package that is asked for with an extra would stop it.
$(RUNTIME): requirements/runtime.lock | $(BIN)/python
	@echo 'installing what Schoolgate runs on (once)'
	@$(PIP) install --no-deps --only-binary :all: --require-hashes -r $<
	@touch $@

$(DEV): requirements/dev.lock | $(BIN)/python
	@echo 'installing what the tests need (once)'
	@$(PIP) install --no-deps --only-binary :all: --require-hashes -r $<
	@touch $@ $(RUNTIME)

# Order-only: whichever of the two locks was asked for has been installed by now, and both bring the build backend.
$(PACKAGE): pyproject.toml | $(BIN)/python
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# The two commands of the README: `make demo` and `make test`. Everything lives in .venv; nothing else is touched, but
# for the rivals' environments that `make bench` keeps in the user's cache.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
DEMO := runs/demo
SECONDS_OF_TRAINING ?= 45
ONLY ?=
ROUNDS ?= 5

.DEFAULT_GOAL := help
.PHONY: help demo bench test check lint types docs format lock clean

help: ## show this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

# A stamp is newer than what it was made from, or its recipe runs again; so a second call needs no network.
.venv/stamp-base: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "scribal needs Python 3.11 or newer. Received: $$($(PYTHON) --version 2>&1). Call: make PYTHON=/path/to/python3.11"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "scribal needs Python's venv module. Received: a Python without it. Install it with: apt-get install python3-venv"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing scribal into .venv (about 1 GB on disk, once) ..."
	@$(PIP) install --quiet --require-hashes -r requirements.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@# As pip does for what it copies: commands start in half the time.
	@$(BIN)/python -m compileall -q src
	@touch $@

.venv/stamp-dev: requirements-dev.lock .venv/stamp-base
	@echo "Installing the tools for development into .venv ..."
	@$(PIP) install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

demo: .venv/stamp-base ## train LeNet on MNIST for about a minute and write a report
	@$(BIN)/scribal train lenet --out $(DEMO) --force --within $(SECONDS_OF_TRAINING)

bench: .venv/stamp-base ## measure against other frameworks; ONLY="lenet training" ROUNDS=3 measures a part
	@$(BIN)/python -m bench run --only "$(ONLY)" --rounds $(ROUNDS)
	@$(BIN)/python -m bench render

test: .venv/stamp-dev ## run every test
	@$(BIN)/python -m pytest -n 2 --dist worksteal --ignore tests/examples
	@# Old programs set things for all of Keras: they have processes of their own.
	@$(BIN)/python -m pytest -n 2 --dist worksteal tests/examples

check: lint types test ## everything that CI runs

lint: .venv/stamp-dev ## ruff: rules and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: .venv/stamp-dev ## mypy, strict
	@$(BIN)/mypy

docs: .venv/stamp-dev ## build the documentation into site/; every warning is an error
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet
	@echo "The documentation is in site/; open site/index.html in a browser."

format: .venv/stamp-dev ## let ruff format and mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: .venv/stamp-dev ## resolve the two lock files anew from pyproject.toml
	@$(BIN)/python tools/lock.py

clean: ## remove .venv and caches, keep runs
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
